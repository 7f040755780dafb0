"""How the parts of a street address give themselves away."""

import re
from typing import NamedTuple

import usaddress

_BOX = (
    r"(?:p\.?\s*o\.?\s*(?:b(?:ox)?|drawer)|post office box|apartado|box|drawer)\b\.?"
    r"\s*#?\s*\w*[0-9]\w*"
)
_ROUTE = r"(?:psc|cmr|omc|unit|rr|hcr?|rural route)[\s#-]*[0-9]+\w*"
_MILITARY = rf"(?:{_ROUTE}\s+box\s+\w+|(?:psc|cmr|rr|hcr?)\s*[0-9]+$|(?:uss|usns)\s+\w+)"
_HIGHWAY = r"(?:(?:us|state|county)\s+)?(?:hwy|highway|route|rte?|carr(?:etera)?)\.?\s+[0-9]"
_SPANISH = r"(?:calle|c/|avenida|ave\.|carr(?:etera)?|camino|paseo|cll\.?)\s+\S"
_NUMBER = r"(?:[0-9]+[A-Za-z]?(?:[-/][0-9A-Za-z]+)?|[NSEW][0-9]+[NSEW][0-9]+)"
_HOUSE = rf"{_NUMBER}\s+(?:1/2\s+|½\s+)?(?:\S*[^\W\d_]|[0-9]+$)"
_WORDED = r"(?:one|two|three|four|five|six|seven|eight|nine|ten)\s+\S"
_UNIT_NAMES = (
    r"apt|apartment|apto|flat|unit|suite|ste|room|rm|floor|fl|bldg|building|lot|trlr|spc|space|slip"
    r"|hangar|dept|penthouse|pmb|ph|piso|office|ofc|edif|edificio"
)
_UNIT = (
    rf"(?:(?:{_UNIT_NAMES})(?:\b|(?=[0-9]))\.?:?\s*#?\s*(?:\w*[0-9][\w-]*|[A-Za-z](?:-?[0-9]+)?)(?!\w).*"
    r"|\#\s*\w[\w-]*.*|[0-9]+(?:st|nd|rd|th)\s+(?:floor|fl)\b.*|ph[0-9]*|penthouse"
    r"|(?:basement|bsmt|lobby|rear|upper|lower|front))"
)
_BOXES = re.compile(rf"(?:{_BOX}|{_MILITARY})", re.IGNORECASE)
_UNNUMBERED = re.compile(rf"(?:{_HIGHWAY}|{_SPANISH})", re.IGNORECASE)
_HOUSES = re.compile(_HOUSE, re.IGNORECASE)
_WORDED_HOUSES = re.compile(_WORDED, re.IGNORECASE)
_UNITS = re.compile(_UNIT, re.IGNORECASE)
# `12 Elm St Atp 3`: a word and a number behind the street's own last word.
_STREET_AND_STRANGE_UNIT = re.compile(
    r"(?P<street>.*\s(?:st|street|ave|avenue|rd|road|dr|drive|blvd|ln|lane|ct|court|pl|way)\.?)"
    r"\s+(?P<unit>[^\W\d_]{2,}\.?\s+[0-9]+[a-z]?)",
    re.IGNORECASE,
)
_NUMBERED_BOXES = re.compile(_MILITARY, re.IGNORECASE)
_BOX_BEHIND_COMMA = re.compile(rf"({_ROUTE})\s*,\s*(?=box\b)", re.IGNORECASE)
_STREET_AND_UNIT = re.compile(rf"(?P<street>.*?\S)[\s,]+(?P<unit>{_UNIT})", re.IGNORECASE)


def is_street(segment: str) -> bool:
    worded = _WORDED_HOUSES.match(segment) and has_street_word(segment)
    return bool(is_box(segment) or _UNNUMBERED.match(segment) or is_house(segment) or worded)


def is_box(segment: str) -> bool:
    """A box of the post office, of the army or of a rural route."""
    return bool(_BOXES.match(segment))


def is_numbered_box(segment: str) -> bool:
    """A box that a unit of the army, a ship or a route has."""
    return bool(_NUMBERED_BOXES.match(segment))


def boxes_joined(text: str) -> str:
    """`PSC 80, Box 12` without its comma: it is one street."""
    return _BOX_BEHIND_COMMA.sub(r"\1 ", text)


def is_house(segment: str) -> bool:
    return bool(_HOUSES.match(segment))


def is_unit(segment: str) -> bool:
    return bool(_UNITS.fullmatch(segment)) and not is_box(segment)


def has_street_word(segment: str) -> bool:
    """Whether it says `street`, `ave` or the like after its first word."""
    words = (word.strip(".,").lower() for word in segment.split()[1:])
    return not usaddress.STREET_NAMES.isdisjoint(words)


def split_unit(street: str) -> tuple[str, str]:
    """`12 Elm St Apt 4` in two. A box stays whole, and so does `Calle 3 #15`."""
    match = _STREET_AND_UNIT.fullmatch(street) or _STREET_AND_STRANGE_UNIT.fullmatch(street)
    if match is None or is_box(street) or _UNNUMBERED.match(street):
        return street, ""
    return match["street"].rstrip(" ,/-"), match["unit"]


class NameAndStreet(NamedTuple):
    """A name with the street behind it. `guess`: the house number may be another one."""

    name: str
    street: str
    guess: bool


def split_name(segment: str) -> NameAndStreet | None:
    """`John Doe 12 Elm St` in two; None where no house or box begins behind a word."""
    words = segment.split()
    rests = [" ".join(words[at:]) for at in range(len(words))]
    for at in range(1, len(words)):
        if is_box(rests[at]):
            return _cut(words, at, guess=False)
    starts = [at for at in range(1, len(words)) if is_house(rests[at])]
    if not starts:
        return None
    labels = [label for _, label in usaddress.parse(segment)]
    said = labels.index("AddressNumber") if "AddressNumber" in labels else -1
    start = said if said in starts and len(labels) == len(words) else starts[0]
    return _cut(words, start, guess=len(starts) > 1 and has_street_word(rests[starts[1]]))


def _cut(words: list[str], at: int, *, guess: bool) -> NameAndStreet:
    return NameAndStreet(" ".join(words[:at]).strip(" ,-"), " ".join(words[at:]), guess)
