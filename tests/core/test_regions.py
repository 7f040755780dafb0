"""States and ZIP codes, known without asking anybody."""

import pytest

from core.regions import STATES, city_and_state, city_named, is_city_in, state_code, states_of


def test_there_are_fifty_states_the_capital_five_territories_and_three_military_regions():
    assert len(STATES) == 50 + 1 + 5 + 3


@pytest.mark.parametrize("code", STATES)
def test_every_state_is_read_by_code_and_by_name(code):
    assert state_code(code.lower()) == code
    assert state_code(STATES[code]) == code
    assert any(is_city_in(city, code) for city in CITIES[code].split("/"))


CITIES = dict.fromkeys(STATES, "Springfield/Washington/Franklin/Salem/Clinton/Madison") | {
    "AK": "Juneau", "AZ": "Phoenix", "CA": "Fresno", "DE": "Dover", "HI": "Hilo", "NM": "Gallup",
    "NV": "Reno", "ND": "Fargo", "WY": "Cody", "PR": "Ponce", "VI": "St. Thomas", "GU": "Hagatna",
    "AS": "Pago Pago", "MP": "Saipan", "AA": "APO", "AE": "FPO", "AP": "DPO",
    "UT": "Provo", "RI": "Cranston", "MT": "Helena", "ID": "Boise", "AL": "Mobile",
    "FL": "Tampa", "OR": "Bend", "TX": "Waco", "WA": "Tacoma", "SC": "Aiken",
}  # fmt: skip


@pytest.mark.parametrize(
    ("zip_code", "place"),
    [
        ("94105", ("San Francisco", "CA")),
        ("10118-0110", ("New York", "NY")),
        ("20500", ("Washington", "DC")),
        ("00901", ("San Juan", "PR")),
        ("00802", ("St Thomas", "VI")),
        ("96910", ("Hagatna", "GU")),
        ("96799", ("Pago Pago", "AS")),
        ("96950", ("Saipan", "MP")),
        ("09096", ("APO", "AE")),
        ("34001", ("DPO", "AA")),
        ("96201", ("APO", "AP")),
    ],
)
def test_a_zip_knows_its_city_and_state(zip_code, place):
    assert city_and_state(zip_code) == place
    assert states_of(zip_code) == {place[1]}


@pytest.mark.parametrize("zip_code", ["", "00000", "9410", "abcde", "96960", "٩٤١٠٥"])
def test_what_is_no_zip_of_ours_has_no_city_and_no_state(zip_code):
    assert city_and_state(zip_code) is None
    assert states_of(zip_code) == frozenset()


def test_a_zip_that_is_too_new_to_be_known_may_lie_where_its_neighbours_do():
    assert city_and_state("80200") is None
    assert states_of("80200") == {"CO"}


@pytest.mark.parametrize(
    ("typed", "zip_code", "city"),
    [
        ("saint louis", "63101", "Saint Louis"),
        ("St. Louis", "63101", "St. Louis"),
        ("NYC", "10118", "New York"),
        ("MCLEAN", "22101", "Mclean"),
        ("Brooklyn", "10118", None),
        ("fpo", "09096", "FPO"),
        ("Paris", "", None),
    ],
)
def test_a_city_is_known_by_the_names_that_people_give_it(typed, zip_code, city):
    assert city_named(typed, zip_code) == city
