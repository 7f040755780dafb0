"""States, ZIP codes and the cities they belong to, all known offline."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

import zipcodes

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "VI": "Virgin Islands", "GU": "Guam", "AS": "American Samoa",
    "MP": "Northern Mariana Islands", "AA": "Armed Forces Americas", "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}  # fmt: skip
_OTHER_NAMES = {
    "washington dc": "DC", "us virgin islands": "VI", "ariz": "AZ", "calif": "CA", "colo": "CO",
    "conn": "CT", "fla": "FL", "ill": "IL", "mass": "MA", "mich": "MI", "minn": "MN",
    "penn": "PA", "penna": "PA", "tenn": "TN", "tex": "TX", "wash": "WA", "wis": "WI",
}  # fmt: skip
_CODES = (
    {code.lower(): code for code in STATES}
    | {name.lower(): code for code, name in STATES.items()}
    | _OTHER_NAMES
)
MILITARY = frozenset({"AA", "AE", "AP"})
TERRITORIES = frozenset({"PR", "VI", "GU", "AS", "MP"})
_FIVE_DIGITS = re.compile("[0-9]{5}")
_FOREIGN = re.compile(
    r"(?<![\w#-])(?:[abceghj-nprstvxy][0-9][a-z][ -]?[0-9][a-z][0-9]"
    r"|[a-z]{1,2}[0-9][a-z0-9]? ?(?!1st|2nd|3rd|[04-9]th)[0-9][abd-hjlnp-uw-z]{2})$",
    re.IGNORECASE,
)
_SAME_WORD = {
    "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt",
    "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_NICKNAMES = {
    "nyc": "newyork", "la": "losangeles", "sf": "sanfrancisco", "philly": "philadelphia",
    "vegas": "lasvegas",
}  # fmt: skip
_ALIKE = 0.8


def state_code(typed: str) -> str | None:
    """`CA` for `ca`, `Calif.` or `California`; None for what names no state."""
    return _CODES.get(" ".join(re.sub(r"[.,]", "", typed).lower().split()))


def city_and_state(zip_code: str) -> tuple[str, str] | None:
    """The post office's own name of the city, and the state code, for ZIP or ZIP+4."""
    city, state, _ = _place(zip_code[:5])
    return (city, state) if state in STATES else None


def states_of(zip_code: str) -> frozenset[str]:
    """The states a ZIP may lie in; none if there is no such ZIP or it is a country of its own.

    A ZIP we don't know may be new, so it may lie where its first three digits do.
    """
    if not _FIVE_DIGITS.fullmatch(zip_code[:5]):
        return frozenset()
    _, state, _ = _place(zip_code[:5])
    return frozenset({state} if state else _states_of_prefix(zip_code[:3])) & STATES.keys()


def city_named(typed: str, zip_code: str) -> str | None:
    """The city of this ZIP that is meant, by any name people use for it; None for another city.

    Written as typed, unless it was typed carelessly: all small or all capital letters, a
    nickname, or words run together.
    """
    _, _, spellings = _place(zip_code[:5])
    spelling = spellings.get(_sound(typed))
    if spelling is None or typed.islower() or typed.isupper():
        return spelling
    return typed if typed.count(" ") == spelling.count(" ") or "-" in typed else spelling


def city_like(typed: str, zip_code: str) -> tuple[str, float] | None:
    """The city of this ZIP that a slip of the finger may have meant, and how like it is, to 1."""
    _, _, spellings = _place(zip_code[:5])
    for sound in get_close_matches(_sound(typed), spellings, n=1, cutoff=_ALIKE):
        return spellings[sound], SequenceMatcher(None, sound, _sound(typed)).ratio()
    return None


def state_like(typed: str, zip_code: str) -> str | None:
    """The state of this ZIP that a slip of the finger may have meant."""
    names = {STATES[code].lower(): code for code in states_of(zip_code)}
    found = get_close_matches(" ".join(typed.lower().split()), names, n=1, cutoff=_ALIKE)
    return names[found[0]] if found else None


def is_city_in(city: str, state: str) -> bool:
    """Whether the state has a post office of that name."""
    return _sound(city) in _cities_of_state(state)


def foreign_postcode(text: str) -> str:
    """At its end, the postal code of Canada or the United Kingdom: by their shape they are known.

    Empty if there is none; `Apt B12 3rd` ends in none.
    """
    found = _FOREIGN.search(text)
    return found[0] if found else ""


def _sound(city: str) -> str:
    """The same for `St. Louis` and `saint louis`, for `McLean` and `Mc Lean`."""
    letters = unicodedata.normalize("NFD", re.sub(r"['\u2019.]", "", city).replace("-", " "))
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    sound = "".join(_SAME_WORD.get(word, word) for word in bare.casefold().split())
    return _NICKNAMES.get(sound, sound)


@lru_cache(maxsize=4096)
def _place(zip5: str) -> tuple[str, str, Mapping[str, str]]:
    """City, state and the names of the city as they sound, each with its right spelling."""
    known = zipcodes.matching(zip5) if _FIVE_DIGITS.fullmatch(zip5) else []
    if not known:
        return "", "", {}
    [place] = known
    city, state = place["city"], place["state"]
    if state in MILITARY:
        return city.upper(), state, {"apo": "APO", "fpo": "FPO", "dpo": "DPO"}
    spellings = {_sound(name): city for name in place["unacceptable_cities"]}
    spellings |= {_sound(name): name for name in [city, *place["acceptable_cities"]]}
    return city, state, spellings


@lru_cache(maxsize=1024)
def _states_of_prefix(prefix: str) -> frozenset[str]:
    return frozenset(place["state"] for place in zipcodes.similar_to(prefix))


@lru_cache(maxsize=64)
def _cities_of_state(state: str) -> frozenset[str]:
    places = zipcodes.filter_by(state=state)
    names = (name for place in places for name in [place["city"], *place["acceptable_cities"]])
    return frozenset(_sound(name) for name in names)
