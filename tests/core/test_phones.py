"""Phone numbers as people type them."""

import re

import pytest
from hypothesis import given, strategies as st

from core.addresses import read_field
from core.phones import generate_random_phone, to_e164


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4155552671", "+14155552671"),
        ("(415) 555-2671", "+14155552671"),
        ("1.415.555.2671", "+14155552671"),
        ("415-555-2671 x12", "+14155552671"),
        ("tel:+1-415-555-2671", "+14155552671"),
        ("1-800-FLOWERS", "+18003569377"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+7 916 123-45-67", "+79161234567"),
        ("٤١٥٥٥٥٢٦٧١", "+14155552671"),
    ],
)
def test_a_number_is_kept_as_e164(typed, number):
    assert to_e164(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "911",
        "555-2671",
        "415555267",
        "+1 415 555 26711",
        "+999 1234567890",
        "call me",
        "1" * 400,
    ],
)
def test_what_can_be_no_number_is_none(typed):
    assert to_e164(typed) is None


def test_an_invented_number_belongs_to_nobody_and_passes_our_own_check():
    numbers = {generate_random_phone() for _ in range(500)}

    assert all(re.fullmatch(r"\+1555[2-9][0-9]{6}", number) for number in numbers)
    assert all(read_field("phone", number) == number for number in numbers)
    assert len(numbers) > 490


@given(st.text(max_size=60) | st.text("+0123456789 -()x", max_size=40))
def test_any_text_is_a_number_of_ten_to_fifteen_digits_or_none(typed):
    number = to_e164(typed)

    assert number is None or re.fullmatch(r"\+[0-9]{10,15}", number)
