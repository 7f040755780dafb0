"""Whether a pasted address lies abroad, where this shop does not ship."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import zipcodes
from babel import Locale
from phonenumbers import SUPPORTED_REGIONS

from core.pasting.marks import has_street_word, is_street, is_unit
from core.pasting.slips import EDGES, state_at_end
from core.regions import TERRITORIES, city_named, foreign_postcode, state_code, states_of

_LANGUAGES = ("en", "ru", "es")
_OTHER_NAMES = (
    "uk", "great britain", "england", "scotland", "wales", "northern ireland", "holland", "uae",
    "czech republic", "deutschland", "osterreich", "schweiz", "suisse", "nederland", "polska",
)  # fmt: skip
_LONGEST_NAME = 4
_CODE = re.compile(r"(?=\S*[0-9])[\w-]{3,}$")
_CODE_FIRST = re.compile(r"(?:[a-z]{1,2}-)?[0-9]{4,6} \D+$", re.IGNORECASE)
_PROVINCE = re.compile(r"(?<=\D) \(?(?:BG|BL|BR|IS|MI|MT|PR|RI|RN|TE)\)?$")
"""Of Italy: those that would be read as words for a street."""


def country_of(text: str, fields: Mapping[str, str], named: str) -> str:
    """The country or its postal code, as typed; empty for what may lie in the United States.

    `named` is a country that a label told. `fields` are what was found at the address's end:
    a state with a ZIP of it is home, whatever stands behind them.
    """
    if not _is_home(fields) and is_country(named):
        return named
    segments = [part for line in re.split(r"[\n,]", text) if (part := line.strip(EDGES))]
    if not segments or _is_home(fields) or state_at_end(text):
        return ""
    *before, last = segments
    return _country_at_end(last, before) or next(filter(None, map(foreign_postcode, segments)), "")


def is_country(typed: str) -> bool:
    """Whether it names one that is not the United States, nor a part of them."""
    return _sound(typed) in _countries()


def _is_home(fields: Mapping[str, str]) -> bool:
    zip_code, state = fields.get("zip", ""), fields.get("state")
    if state:
        return state in states_of(zip_code)
    return city_named(fields.get("city", ""), zip_code) is not None


def _country_at_end(last: str, before: list[str]) -> str:
    words = last.split()
    for at in range(max(0, len(words) - _LONGEST_NAME), len(words)):
        rest, name = " ".join(words[:at]), " ".join(words[at:])
        if is_country(name) and (_is_code(rest, name) if rest else _is_behind_city(name, before)):
            return name
    return ""


def _is_code(rest: str, name: str) -> bool:
    """`SW1A 2AA UK`, but not `46970 Peru`: that is the ZIP of a Peru in Indiana."""
    found = _CODE.search(rest)
    return found is not None and city_named(name, found[0]) is None


def _is_behind_city(name: str, before: list[str]) -> bool:
    """Many a town at home is called like a country; behind another city it is the country."""
    if not zipcodes.filter_by(city=name.title()):
        return bool(before)
    street = next((at for at, part in enumerate(before) if is_street(part)), 0)
    if any(not is_unit(part) for part in before[street + 1 :]):
        return True
    return bool(before) and _is_coded_city(before[-1])


def _is_coded_city(segment: str) -> bool:
    """`10117 Berlin` looks like a house in a street that has no word for it."""
    return bool(_CODE_FIRST.match(segment)) and not has_street_word(_PROVINCE.sub("", segment))


@cache
def _countries() -> frozenset[str]:
    codes = SUPPORTED_REGIONS - TERRITORIES - {"US"}
    names = (Locale(language).territories.get(code) for language in _LANGUAGES for code in codes)
    known = {_sound(str(name)) for name in names if name} | set(_OTHER_NAMES)
    return frozenset(name for name in known if state_code(name) is None)


def _sound(name: str) -> str:
    letters = unicodedata.normalize("NFD", re.sub(r"[.,]", "", name).casefold())
    return " ".join("".join(char for char in letters if not unicodedata.combining(char)).split())
