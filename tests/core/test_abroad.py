# ruff: noqa: RUF001 - Russian addresses are written in Cyrillic
"""Addresses abroad are known as such; towns at home that are called like countries are not."""

import pytest

from core.pasting import read_pasted
from core.pasting.pairs import read_pair


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10 Downing St, London SW1A 2AA UK", "UK"),
        ("12 High Street Edinburgh EH1 1AA", "EH1 1AA"),
        ("5 Oxford Rd, Manchester, England", "England"),
        ("Jean Roy\n350 Rue Sainte-Catherine\nMontreal QC H3B 1A5\nCanada", "Canada"),
        ("Tom\n1 Queen St W\nToronto, ON M5H 2N2", "M5H 2N2"),
        ("Name: Jo\nAddress: 5 King St\nCity: Toronto\nCountry: Canada", "Canada"),
        ("Juan Perez, Av. Reforma 222, Ciudad de Mexico 06600, Mexico", "Mexico"),
        ("Ana\nAv. Juarez 10\n64000 Monterrey, N.L.\nMéxico", "México"),
        ("Max Muster\nUnter den Linden 5\n10117 Berlin\nGermany", "Germany"),
        ("Mario Rossi\nVia Roma 1\n20121 Milano MI, Italy", "Italy"),
        ("Mario Rossi, 43121 Parma (PR), Italy", "Italy"),
        ("Ben, 12 High St, Perth WA 6000, Australia", "Australia"),
        ("Ali, 10 Rue Hamra, Beirut, Lebanon", "Lebanon"),
        ("Иван Петров\nул. Ленина 5\nМосква 101000\nРоссия", "Россия"),
    ],
)
def test_an_address_abroad_is_known_by_its_country_or_postal_code(text, told):
    pasted = read_pasted(text)

    assert pasted.country == told


@pytest.mark.parametrize(
    "text",
    [
        "Bob Ray, 12 Main St, Mexico, NY 13114",
        "Bob Ray, 12 Main St, Mexico",
        "Ann Lee, 5 Germany Rd, Germany, PA 15923",
        "Jane, 5 Elm St, 46970 Peru",
        "John, 1 Peru St, Peru, IN 46970, USA",
        "Jane Doe\n10 Main St\nApt 4\nLebanon",
        "Jane Doe\n10 Main St\nLebanon, PA 17042",
        "Jane Doe, 3 Lake Rd, Atlanta 30301, Georgia",
        "Ed, 5 A St, Canada, KY 41519",
        "Ed, 12 5th St, Albuquerque, New Mexico",
        "Luz, Calle Luna 5, San Juan PR 00901, Puerto Rico",
        "Kim, 55 Rte 4, Hagatna, Guam 96910",
        "Ray, PSC 80 Box 12, APO AP 96368, Japan",
        "Al, 3 Elm St, West Jordan",
        "Al, 3 Elm St, Norway, Maine 04268, United States",
        "Ann Lee, 5 Elm St Apt B12 3rd",
        "Name: Jo\nAddress: 5 King St\nCity: Denver\nState: CO\nZIP: 80202\nCountry: US",
        "Al, 12 Canada Dr",
        "Jo Day, 20121 Main St, Italy",
        "Jo Day, 20121 Mill Mt, Italy, TX 76651",
        "Canada",
        "",
    ],
)
def test_a_town_at_home_is_no_country(text):
    pasted = read_pasted(text)

    assert pasted.country == ""


def test_of_two_addresses_the_one_abroad_is_told_apart():
    text = "John, 1 Main St, Denver, CO 80202\nto Jane, 10 Downing St, London SW1A 2AA, UK"

    pair = read_pair(text)

    assert pair is not None
    assert (pair.sender.country, pair.recipient.country) == ("", "UK")
