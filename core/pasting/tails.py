"""The end of a pasted address: city, state and ZIP."""

import re
from collections.abc import Callable

import usaddress

from core.pasting.findings import Findings
from core.pasting.marks import is_street, is_unit
from core.regions import city_named, is_city_in, state_code, states_of

_COUNTRY = re.compile(
    r"[\s,.]+(?:u\.?s\.?a?\.?|united states(?: of america)?|estados unidos|сша)[\s,.]*$",
    re.IGNORECASE,
)
_ZIP = re.compile(r"(?<![0-9#-])[0-9]{5}(?:[-\u2013\u2014]?[0-9]{4})?(?![\w-])")
_EDGES = " \n,.-()"
_CODE = re.compile(r"(?:^|(?<=[\s,.(]))(?P<state>[A-Za-z]\.?\s?[A-Za-z])\.?$")
_NAMES = [
    re.compile(rf"(?:^|(?<=[\s,.(]))(?P<state>[A-Za-z.]+(?:[ ,]+[A-Za-z.]+){{{more}}})$")
    for more in (3, 2, 1, 0)
]
_LONGEST_CITY = 5


def take_tail(text: str, findings: Findings) -> tuple[str, str]:
    """What stands before city, state and ZIP, and what stands after them."""
    text = _COUNTRY.sub("", text.strip(_EDGES))
    head, after = _take_zip(text, findings)
    head = _take_state(head, findings)
    return _take_city(head, findings), after


def _take_zip(text: str, findings: Findings) -> tuple[str, str]:
    for match in reversed(list(_ZIP.finditer(text))):
        before, after = text[: match.start()].rstrip(_EDGES), text[match.end() :]
        ends_line = not after.partition("\n")[0].strip(_EDGES) or after.lstrip(" ")[:1] == ","
        if _state_at_end(before) or (ends_line and before and states_of(match[0])):
            findings.found("zip", match[0])
            return before, after.strip(_EDGES)
    return text, ""


def _take_state(text: str, findings: Findings) -> str:
    zip_code = findings.fields.get("zip")
    found = _state_at_end(text)
    if found is None:
        return text
    before, typed, code = found
    if zip_code is None:
        if _known_at_end(before, lambda city: is_city_in(city, code)) or _is_plain(typed, before):
            findings.found("state", code)
            return before
        return text
    if code not in states_of(zip_code) and (city_named(typed, zip_code) or typed.islower()):
        return text
    findings.found("state", code)
    return before


def _is_plain(typed: str, before: str) -> bool:
    """Whether two letters without a ZIP or a known city are a state, not a word."""
    return typed.isupper() and any(is_street(line) for line in re.split(r"[\n,]", before))


def _state_at_end(text: str) -> tuple[str, str, str] | None:
    """What stands before the state, the state as typed, its code."""
    text = text.rstrip(_EDGES)
    for shape in (_CODE, *_NAMES):
        match = shape.search(text)
        if match and (code := state_code(match["state"].replace(". ", "."))):
            return text[: match.start()].rstrip(_EDGES), match["state"], code
    return None


def _take_city(text: str, findings: Findings) -> str:
    fields = findings.fields
    if "city" in fields or not ({"zip", "state"} & fields.keys()):
        return text
    zip_code, state = fields.get("zip"), fields.get("state", "")
    known = _known_at_end(
        text, lambda city: city_named(city, zip_code) if zip_code else is_city_in(city, state)
    )
    before, city, doubt = (*known, False) if known else (*_city_by_place(text), True)
    findings.found("city", (zip_code and city_named(city, zip_code)) or city, doubt=doubt)
    return before


def _known_at_end(text: str, knows: Callable[[str], object]) -> tuple[str, str] | None:
    """What stands before a known city at the end of the last segment, and the city."""
    start = max(text.rfind("\n"), text.rfind(",")) + 1
    words = list(re.finditer(r"\S+", text[start:]))
    for word in words[-_LONGEST_CITY:]:
        city = text[start + word.start() :].strip(_EDGES)
        if knows(city):
            return text[: start + word.start()].rstrip(_EDGES), city
    return None


def _city_by_place(text: str) -> tuple[str, str]:
    """A city nobody knows: the last segment that is nothing else, or usaddress's guess."""
    before, separator, last = _last_segment(text)
    if separator and not is_street(last) and not is_unit(last):
        return before, last
    labels = usaddress.parse(last) if last else []
    words: list[str] = []
    while labels and labels[-1][1] == "PlaceName":
        words.insert(0, labels.pop()[0])
    place = " ".join(words)
    if labels and place and text.endswith(place):
        return text.removesuffix(place).rstrip(_EDGES), place
    return text, ""


def _last_segment(text: str) -> tuple[str, str, str]:
    cut = max(text.rfind("\n"), text.rfind(","))
    if cut < 0:
        return "", "", text
    return text[:cut].rstrip(_EDGES), text[cut], text[cut + 1 :].strip(_EDGES)
