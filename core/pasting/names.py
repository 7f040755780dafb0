"""Whose address it is: the person, and the company or the one it is in care of."""

import re

from core.pasting.findings import Findings

_FIRM_WORD = r"(?:inc|llc|l\.l\.c|ltd|corp|corporation|company|co|llp|gmbh)"
_FIRM = re.compile(rf"\b{_FIRM_WORD}\b\.?$", re.IGNORECASE)
_TRADE = re.compile(
    r"\b(?:and sons|bakery|books?|books?tore|cafe|center|clinic|college|dairy|dental|department"
    r"|dept|farms?|foods?|gifts?|group|hospital|hotel|imports|jewelry|market|motors|office"
    r"|outfitters|partners|pharmacy|pizza|restaurant|salon|school|services?|shop|spa|store|studios?"
    r"|supply|toys|trading|university)\b",
    re.IGNORECASE,
)
_FIRM_FIRST = re.compile(
    r"^(?P<firm>.*\S\s+(?:inc|llc|ltd|corp)\b\.?),?\s+(?P<person>\S+\s+\S.*)$", re.IGNORECASE
)
_CARE_OF = re.compile(r"^c/o\b", re.IGNORECASE)
_ATTENTION = re.compile(r"(?:attn|attention|atenci[oó]n)\b[\s.:]*", re.IGNORECASE)
_LINK = re.compile(r"^(?:name|to|for)\s+(?=\S+\s+\S)|\s+(?:at|address|[-=]+>?)$", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:name|address|at|to|from|and|us|usa)", re.IGNORECASE)
_ODD = re.compile(
    r"[:@<>()=?!]|(?:^|\s)[0-9]{2,}(?:\s|$)|(?:\S+\s+){5}"
    r"|\b(?:please|send|ship|mail|deliver|address|order|call|thanks?|hi|hey|this|my|is|at)\b",
    re.IGNORECASE,
)


def find_names(names: list[str], after: str, findings: Findings, *, guess: bool) -> None:
    """Keep who is named. `after` is what stood behind the ZIP; a name from there is a guess."""
    behind = [part.strip() for part in re.findall(r"[^\n,]+", after)]
    names = [name for name in map(_bare, names) if not _NO_NAME.fullmatch(name)]
    called = [name for name in [*names, *behind] if _ATTENTION.match(name)]
    if not names and not called:
        names, guess = behind[:1], True
    if len(names) == 1 and (split := _FIRM_FIRST.match(names[0])):
        names = [split["person"], split["firm"]]
    persons = [name for name in names if not _marks_itself(name)]
    for name in (called or persons or names)[:1]:
        person = _ATTENTION.sub("", name)
        doubt = guess or bool(_ODD.search(person)) or (len(persons) > 1 and not called)
        findings.found("name", person, doubt=doubt)
        others = [other for other in names if other != name]
        unsure = guess or len(others) > 1 or not any(map(_marks_itself, others))
        findings.found("company", ", ".join(others), doubt=unsure)


def _marks_itself(name: str) -> bool:
    """Whether it says that it is no person: `c/o`, `Inc`, or the name of a trade."""
    return any(mark.search(name) for mark in (_CARE_OF, _FIRM, _TRADE))


def _bare(name: str) -> str:
    return _LINK.sub("", _LINK.sub("", name))
