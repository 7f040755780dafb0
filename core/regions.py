"""States, ZIP codes and the cities they belong to, all known offline."""

import re
from collections.abc import Mapping
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
_MILITARY = frozenset({"AA", "AE", "AP"})
_FIVE_DIGITS = re.compile("[0-9]{5}")
_SAME_WORD = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}


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

    Written as typed, unless it was typed carelessly: all small or all capital letters.
    """
    _, _, spellings = _place(zip_code[:5])
    spelling = spellings.get(_sound(typed))
    return spelling if spelling is None or typed.islower() or typed.isupper() else typed


def is_city_in(city: str, state: str) -> bool:
    """Whether the state has a post office of that name."""
    return _sound(city) in _cities_of_state(state)


def _sound(city: str) -> str:
    """The same for `St. Louis` and `saint louis`, for `McLean` and `Mc Lean`."""
    words = re.sub(r"['\u2019.]", "", city).replace("-", " ").casefold().split()
    return "".join(_SAME_WORD.get(word, word) for word in words)


@lru_cache(maxsize=4096)
def _place(zip5: str) -> tuple[str, str, Mapping[str, str]]:
    """City, state and the names of the city as they sound, each with its right spelling."""
    known = zipcodes.matching(zip5) if _FIVE_DIGITS.fullmatch(zip5) else []
    if not known:
        return "", "", {}
    [place] = known
    city, state = place["city"], place["state"]
    if state in _MILITARY:
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
