"""Money: whole cents, exact reading, no mixing of currencies."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.money import LARGEST_MINOR, CurrencyMismatch, Money, UnreadableAmount


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("25", 2500),
        ("$25", 2500),
        (" 25.50 ", 2550),
        ("25,50", 2550),
        ("$ 7.5", 750),
        ("25 usd", 2500),
        ("0.01", 1),
        ("5000$", 500_000),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, minor):
    assert Money.parse(typed) == Money(minor)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "nan", "inf", "-5", "1e3", "1.234", "1,000.50", "٢٥", "2..5", "9" * 20, "💵"],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(UnreadableAmount):
        Money.parse(typed)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    try:
        amount = Money.parse(text)
    except UnreadableAmount:
        return

    assert amount.minor >= 0


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR))
def test_decimal_and_back_is_the_same_sum(minor):
    assert Money.of(Money(minor).decimal) == Money(minor)


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        (Decimal("7.585"), 759),
        ("12.40", 1240),
        (3, 300),
        (Decimal("3.079e-5"), 0),
        ("-1.005", -101),
    ],
)
def test_a_providers_number_is_rounded_once_half_up(amount, minor):
    assert Money.of(amount, "usd") == Money(minor, "USD")


@pytest.mark.parametrize("amount", ["", "x", Decimal("NaN"), Decimal("Infinity"), "1e40"])
def test_a_providers_number_that_is_none_is_refused(amount):
    with pytest.raises(UnreadableAmount):
        Money.of(amount)


@pytest.mark.parametrize("minor", [1.0, "1", True, LARGEST_MINOR + 1])
def test_only_whole_minor_units_make_money(minor):
    with pytest.raises(UnreadableAmount):
        Money(minor)


def test_sums_of_different_currencies_do_not_meet():
    with pytest.raises(CurrencyMismatch):
        Money(1) + Money(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        Money(1) - Money(1, "EUR")


def test_money_adds_subtracts_and_shows_itself():
    assert Money(250) + Money(5) - Money(300) == Money(-45)
    assert -Money(5) == Money(-5)
    assert (str(Money(123_456)), str(Money(-45)), str(Money(5))) == ("$1,234.56", "-$0.45", "$0.05")
    assert Money(1)
    assert not Money(0)


def test_a_percentage_is_rounded_half_up():
    assert Money(1_250).percent(Decimal("8.2")) == Money(103)
    assert Money(1_250).percent(Decimal("8.04")) == Money(101)
