"""A ZIP that was typed with letters, without its first zero, or before its state."""

import re

from core.pasting.findings import Findings
from core.regions import city_named, state_code, states_of

EDGES = " \n,.-()"
_CODE = re.compile(r"(?:^|(?<=[\s,.(]))(?P<state>[A-Za-z]\.?\s?[A-Za-z])\.?$")
_NAMES = [
    re.compile(rf"(?:^|(?<=[\s,.(]))(?P<state>[A-Za-z.]+(?:[ ,]+[A-Za-z.]+){{{more}}})$")
    for more in (3, 2, 1, 0)
]
_SLIPPED = re.compile(
    r"(?<=[A-Za-z.,)][ ,])(?=[OoIl]*[0-9])(?:[0-9OoIl]{5}|[0-9]{4})(?=\W*$)", re.MULTILINE
)
_LETTERS = str.maketrans("OoIl", "0011")
_ZIP_FIRST = re.compile(r"^(?P<zip>[0-9]{5}(?:-[0-9]{4})?)[ ,]+(?P<place>\D+?)$", re.MULTILINE)
_ZIP_SECOND = re.compile(
    r"(?P<place>[^\W\d_])[ ,]+(?P<zip>[0-9]{5}(?:-[0-9]{4})?)[ ,]+(?P<state>[A-Za-z. ]+)$",
    re.MULTILINE,
)


def in_order(text: str, findings: Findings) -> str:
    """The text with each ZIP in digits, behind its state. A mended ZIP is doubtful."""

    def mended(match: re.Match[str]) -> str:
        digits = match[0].translate(_LETTERS).rjust(5, "0")
        found = state_at_end(text[: match.start()])
        if digits == match[0] or found is None or found[2] not in states_of(digits):
            return match[0]
        findings.doubtful.add("zip")
        return digits

    return _ZIP_SECOND.sub(_state_first, _ZIP_FIRST.sub(_zip_last, _SLIPPED.sub(mended, text)))


def _zip_last(match: re.Match[str]) -> str:
    found = state_at_end(match["place"])
    if found is None or found[2] not in states_of(match["zip"]):
        return match[0]
    return f"{match['place']} {match['zip']}" if city_named(found[0], match["zip"]) else match[0]


def _state_first(match: re.Match[str]) -> str:
    if state_code(match["state"]) in states_of(match["zip"]):
        return f"{match['place']} {match['state']} {match['zip']}"
    return match[0]


def state_at_end(text: str) -> tuple[str, str, str] | None:
    """What stands before the state, the state as typed, its code."""
    text = text.rstrip(EDGES)
    for shape in (_CODE, *_NAMES):
        match = shape.search(text)
        if match and (code := state_code(match["state"].replace(". ", "."))):
            return text[: match.start()].rstrip(EDGES), match["state"], code
    return None
