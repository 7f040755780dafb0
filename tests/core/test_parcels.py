"""Weights and sizes as people type them."""

from decimal import Decimal

import pytest
from hypothesis import example, given, strategies as st

from core.errors import Refusal
from core.parcels import (
    Parcel,
    TooHeavy,
    TooLarge,
    UnreadableSizes,
    UnreadableWeight,
    read_sizes,
    read_weight,
)


@pytest.mark.parametrize(
    ("typed", "ounces"),
    [
        ("2", "32"),
        (" 2 lb ", "32"),
        ("2lbs.", "32"),
        ("2 LB", "32"),
        ("5#", "80"),
        (".5", "8"),
        ("0,5", "8"),
        ("2lb 3oz", "35"),
        ("2 lb, 3.5 oz", "35.5"),
        ("2 pounds and 3 ounces", "35"),
        ("35oz", "35"),
        ("0.01 oz", "0.1"),
        ("8.11 oz", "8.2"),
        ("1,5 kg", "53"),
        ("1.5kg", "53"),
        ("1 kg 500 g", "53"),
        ("500 g", "17.7"),
        ("0,500 кг", "17.7"),
        ("1 libra y 2 onzas", "18"),
        ("453.59237 g", "16"),
        ("150", "2400"),
        ("68.03885 kg", "2400"),
    ],
)
def test_a_weight_is_read_in_ounces_and_never_less_than_typed(typed, ounces):
    assert read_weight(typed) == Decimal(ounces)


@pytest.mark.parametrize(
    "typed",
    [
        "", "heavy", "NaN", "inf", "-inf", "-2", "0", "0 lb", "0.0000001", "1e2", "1e9", "2 2",
        "3oz 2lb", "2 lb 3", "2 lb 3 lb", "1 lb 5 g", "lb", "2 stone", "1,500 g", "1,500", "2..5",
        "2-3 lb", "½", "2²", "٢", "2 lb\x00", "$gt 1", "9" * 10_000, "1000000000", "x 2",
    ],
)  # fmt: skip
def test_a_weight_that_needs_a_guess_is_refused(typed):
    with pytest.raises(UnreadableWeight) as refused:
        read_weight(typed)

    assert refused.value.facts == {"typed": typed[:40]}


@pytest.mark.parametrize("typed", ["150.01", "151 lb", "2400.1oz", "70 kg", "9999999"])
def test_a_weight_over_150_pounds_is_refused_as_too_heavy(typed):
    with pytest.raises(TooHeavy) as refused:
        read_weight(typed)

    assert refused.value.facts == {"limit_lb": 150}


@pytest.mark.parametrize(
    ("typed", "inches"),
    [
        ("10x8x4", "10 8 4"),
        ("10 8 4 in", "10 8 4"),
        ("4x10x8", "4 10 8"),
        ("10\u00d78\u00d74", "10 8 4"),
        ("10*8*4", "10 8 4"),
        ("10 X 8 X 4", "10 8 4"),
        ("10\u04458\u04454", "10 8 4"),
        ('10" x 8" x 4"', "10 8 4"),
        ("10'' 8'' 4''", "10 8 4"),
        ("10in x 8in x 4in", "10 8 4"),
        ("10 by 8 by 4 inches", "10 8 4"),
        ("10, 8, 4", "10 8 4"),
        ("10,8,4", "10 8 4"),
        ("10,5 x 8 x 4", "10.5 8 4"),
        ("25x20x10 cm", "9.8 7.9 3.9"),
        ("25.4x20.32x10.16\u0441\u043c", "10 8 4"),
        ("254mm x 8in x 4in", "10 8 4"),
        ("10 x 8 x 0.001", "10 8 0.1"),
        ("10 x 8 x 0.25", "10 8 0.3"),
        ("108x108x108", "108 108 108"),
        ("274.32x1x1 cm", "108 0.4 0.4"),
    ],
)
def test_sizes_are_read_in_inches_in_the_order_given(typed, inches):
    assert read_sizes(typed) == tuple(map(Decimal, inches.split()))


@pytest.mark.parametrize(
    "typed",
    [
        "", "big", "10x8", "10", "1084", "10x8x4x2", "0x8x4", "10x-8x4", "NaN x 8 x 4",
        "inf inf inf", "1e2x8x4", "10x8x4 lb", "10in x 8cm x 4", "10 1/2 x 8 x 4", "a x b x c",
        "10x8x4 🎉", "9" * 10_000, "10x8x1000000000",
    ],
)  # fmt: skip
def test_sizes_that_need_a_guess_are_refused(typed):
    with pytest.raises(UnreadableSizes) as refused:
        read_sizes(typed)

    assert refused.value.facts == {"typed": typed[:40]}


@pytest.mark.parametrize("typed", ["109x8x4", "10x8x108.1", "275x10x10 cm", "9999999 1 1"])
def test_a_side_over_108_inches_is_refused_as_too_large(typed):
    with pytest.raises(TooLarge) as refused:
        read_sizes(typed)

    assert refused.value.facts == {"limit_in": 108}


def test_girth_goes_around_the_two_shorter_sides():
    parcel = Parcel(Decimal(4), Decimal(20), Decimal(6), Decimal(40))

    assert parcel.longest_in == 20
    assert parcel.length_plus_girth_in == 20 + 2 * (4 + 6)
    assert parcel.weight_lb == Decimal("2.5")


TYPED = st.text(max_size=90) | st.text('0123456789.,x\u00d7* "lbozkgcmin-', max_size=30)


@given(TYPED)
@example("1 lb" * 40)
def test_any_text_is_a_weight_in_range_or_a_refusal(typed):
    try:
        ounces = read_weight(typed)
    except Refusal:
        return

    assert isinstance(ounces, Decimal)
    assert 0 < ounces <= 2400
    assert ounces == round(ounces, 1)
    assert read_weight(f"{ounces} oz") == ounces


@given(TYPED)
def test_any_text_is_three_sizes_in_range_or_a_refusal(typed):
    try:
        sizes = read_sizes(typed)
    except Refusal:
        return

    assert len(sizes) == 3
    assert all(0 < size <= 108 and size == round(size, 1) for size in sizes)
    assert read_sizes("x".join(map(str, sizes))) == sizes
