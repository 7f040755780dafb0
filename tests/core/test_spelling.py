"""Two spellings of one place, and two places."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from core.addresses import Address
from core.spelling import same_place

HOME = Address("Ann", "388 Townsend St", "San Francisco", "CA", "94107", street2="Apt 20")


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, name="Somebody else", phone="+14155550100"),
        replace(HOME, street="388 TOWNSEND ST APT 20", street2="", zip="94107-1670"),
        replace(HOME, street="388 townsend street,", street2="apartment #20", city="SAN FRANCISCO"),
        replace(HOME, street="388  Townsend St.", state="ca"),
    ],
)
def test_one_place_may_be_spelled_in_many_ways(other):
    assert same_place(HOME, other)
    assert same_place(other, HOME)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, street="338 Townsend St"),
        replace(HOME, street="388 Townsend Ave"),
        replace(HOME, street2=""),
        replace(HOME, street2="Ste 20"),
        replace(HOME, city="San Mateo"),
        replace(HOME, state="NV"),
        replace(HOME, zip="94105"),
        replace(HOME, zip="941"),
    ],
)
def test_another_place_is_another_place(other):
    assert not same_place(HOME, other)
    assert not same_place(other, HOME)


def test_two_different_four_digits_are_two_places():
    assert not same_place(replace(HOME, zip="94107-1670"), replace(HOME, zip="94107-1671"))


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_every_place_is_itself_in_capitals_too(street, city, zip_code):
    place = Address("Ann", street, city, "CA", zip_code)

    assert same_place(place, place)
    assert same_place(place, replace(place, street=street.upper(), city=city.upper()))
