"""The end of a pasted address: city, state and ZIP."""

import re
from collections.abc import Callable

import usaddress

from core.pasting.findings import Findings
from core.pasting.marks import is_street, is_unit
from core.pasting.slips import EDGES, in_order, state_at_end
from core.regions import city_like, city_named, is_city_in, state_like, states_of

_COUNTRY = re.compile(
    r"[\s,.]+(?:u\.?s\.?a?\.?|united states(?: of america)?|estados unidos|сша)[\s,.]*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s*(?:usa?|united states|[^\W\d_][\w. ]* county)(?=\s*,)", re.IGNORECASE)
_ZIP = re.compile(r"(?<![0-9#-])[0-9]{5}(?:\s?[-\u2013\u2014]\s?[0-9]{4}|[0-9]{4})?(?![\w-])")
_STATE_WORDS = re.compile(r"(?:^|(?<=[\s,.]))[^\W\d_]{4,}(?: [^\W\d_]+)?$|[^\W\d_]{5,}$")
_LONGEST_CITY = 5


def take_tail(text: str, findings: Findings) -> tuple[str, str]:
    """What stands before city, state and ZIP, and what stands after them."""
    text = _ASIDE.sub("", _COUNTRY.sub("", in_order(text.strip(EDGES), findings)))
    head, after = _take_zip(text, findings)
    head = _take_state(head, findings)
    return _take_city(head, findings), after


def _take_zip(text: str, findings: Findings) -> tuple[str, str]:
    for match in reversed(list(_ZIP.finditer(text))):
        before, after = text[: match.start()].rstrip(EDGES), text[match.end() :]
        ends_line = not after.partition("\n")[0].strip(EDGES) or after.lstrip(" ")[:1] == ","
        if state_at_end(before) or (ends_line and before and states_of(match[0])):
            findings.found("zip", match[0])
            return before, after.strip(EDGES)
    return text, ""


def _take_state(text: str, findings: Findings) -> str:
    zip_code = findings.fields.get("zip")
    found = state_at_end(text) or (_misspelled_state(text, zip_code) if zip_code else None)
    if found is None:
        return text
    before, typed, code = found
    if "state" in findings.fields:
        # `Ct` behind a street is a court where the state has a label of its own.
        named = _known_at_end(before, lambda city: is_city_in(city, code))
        return before if named else text
    if zip_code is None:
        if _known_at_end(before, lambda city: is_city_in(city, code)) or _is_plain(typed, before):
            findings.found("state", code)
            return before
        return text
    if code not in states_of(zip_code) and (city_named(typed, zip_code) or typed.islower()):
        return text
    findings.found("state", code)
    return before


def _misspelled_state(text: str, zip_code: str) -> tuple[str, str, str] | None:
    """`Flordia` before a ZIP of Florida, unless it is the name of the city."""
    match = _STATE_WORDS.search(text)
    if match and not city_named(match[0], zip_code) and (code := state_like(match[0], zip_code)):
        return text[: match.start()].rstrip(EDGES), match[0], code
    return None


def _is_plain(typed: str, before: str) -> bool:
    """Whether two letters without a ZIP or a known city are a state, not a word."""
    return typed.isupper() and any(is_street(line) for line in re.split(r"[\n,]", before))


def _take_city(text: str, findings: Findings) -> str:
    fields = findings.fields
    if "city" in fields or not ({"zip", "state"} & fields.keys()):
        return text
    zip_code, state = fields.get("zip"), fields.get("state", "")
    known = _known_at_end(
        text, lambda city: city_named(city, zip_code) if zip_code else is_city_in(city, state)
    )
    guess = None if known else (_misspelled_city(text, zip_code or "") or _city_by_place(text))
    before, city = known or guess or (text, "")
    named = city_named(city, zip_code) if zip_code else None
    findings.found("city", named or city, doubt=known is None)
    return before


def _known_at_end(text: str, knows: Callable[[str], object]) -> tuple[str, str] | None:
    """What stands before a known city at the end of the last segment, and the city."""
    return next(((before, city) for before, city in _endings(text) if knows(city)), None)


def _misspelled_city(text: str, zip_code: str) -> tuple[str, str] | None:
    """What stands before the words most like the city of the ZIP, and that city."""
    likes = [
        (like, before) for before, city in _endings(text) if (like := city_like(city, zip_code))
    ]
    (city, _), before = max(likes, key=lambda found: found[0][1], default=(("", 0), ""))
    return (before, city) if city else None


def _endings(text: str) -> list[tuple[str, str]]:
    """The last words of the last segment, most of them first, each with what is before."""
    start = max(text.rfind("\n"), text.rfind(",")) + 1
    words = list(re.finditer(r"\S+", text[start:]))[-_LONGEST_CITY:]
    places = [start + word.start() for word in words]
    return [(text[:place].rstrip(EDGES), text[place:].strip(EDGES)) for place in places]


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
        return text.removesuffix(place).rstrip(EDGES), place
    return text, ""


def _last_segment(text: str) -> tuple[str, str, str]:
    cut = max(text.rfind("\n"), text.rfind(","))
    if cut < 0:
        return "", "", text
    return text[:cut].rstrip(EDGES), text[cut], text[cut + 1 :].strip(EDGES)
