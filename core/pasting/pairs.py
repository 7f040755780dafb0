"""Both addresses of a label out of one message: where it comes from, then where it goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.pasting import Pasted, read_pasted
from core.pasting.contacts import EMAIL, PHONE

_LONGEST = 1_200
_SIDES = 2
_TELLING = frozenset({"zip", "city", "name"})
_FROM = (
    r"(?:ship(?:s|ped|ping)?\s+)?from|sender|origin|return address|remitente|origen|desde|de"
    r"|отправитель|откуда|от кого|от"
)
_TO = (
    r"(?:(?:ship(?:s|ped|ping)?|deliver|send)\s+)?to|recipient|receiver|destination|destinatario"
    r"|destino|para|получатель|куда|кому"
)
_MARK = re.compile(
    rf"(?:^|(?<=[\s,;.>]))(?:(?P<sender>{_FROM})|(?P<recipient>{_TO}))"
    r"(?:\s*(?:address)?\s*[:=]+|\s+[-\u2013\u2014]+\s|[ ]*(?=\n))\s*",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST = re.compile(r"^\W*from\s+", re.IGNORECASE)
_BETWEEN = " \n\t,;.|>=\u2192\u2013\u2014-"
_LINK = re.compile(r"(?= (?:to|[-=]+>|\u2192) )", re.IGNORECASE)
_BEFORE = re.compile(r"^[\s,;.]* (?:to|[-=]+>|\u2192) ", re.IGNORECASE)
_ZIP = re.compile(r"(?<![\w#-])[0-9]{5}(?:\s?[-\u2013]\s?[0-9]{4})?(?![\w-])")
_BEHIND = re.compile(
    r"[\s,;.|()/-]*(?:(?:(?:phone|contact)(?: number)?|e-?mail|телефон)\s*:\s*)?"
    rf"(?:{PHONE.pattern}|{EMAIL.pattern}|(?:u\.?s\.?a?|united states)\b\.?)"
    r"(?=[\s,;.|)]|$)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"(?=\n)")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Pair:
    """What was read of each; fields may be missing where the message itself tells them apart."""

    sender: Pasted
    recipient: Pasted


def read_pair(text: str) -> Pair | None:
    """None unless the text holds two addresses, each of which can be told from the other."""
    if len(text) > _LONGEST:
        return None
    return _marked(text) or _whole(text) or _in_blocks(text)


def _marked(text: str) -> Pair | None:
    """`From: … To: …`, in either order."""
    marks = list(_MARK.finditer(text))
    sides = [mark.lastgroup for mark in marks]
    if sorted(filter(None, sides)) != ["recipient", "sender"]:
        return None
    first, second = marks
    parts = [text[first.end() : second.start()], text[second.end() :]]
    if sides == ["recipient", "sender"]:
        parts.reverse()
    return _both(*parts)


def _whole(text: str) -> Pair | None:
    """Two complete addresses one behind the other: cut where the least is doubtful."""
    read: list[tuple[int, Pair]] = []
    for first, second in _cuts(_FIRST.sub("", text)):
        sender = read_pasted(first)
        recipient = read_pasted(second) if _is_whole(sender) else sender
        if _is_whole(sender) and _is_whole(recipient):
            read.append((len(sender.doubtful | recipient.doubtful), Pair(sender, recipient)))
    return min(read, key=lambda found: found[0])[1] if read else None


def _is_whole(side: Pasted) -> bool:
    """Of one abroad its street is enough: it is told apart, and then told of."""
    return not side.missing or bool(side.country and "street" in side.fields)


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Before a ` to `, behind each line and ZIP; phones that follow go with what is before."""
    ends = {found.end() for mark in (_ZIP, _LINK, _LINE_END) for found in mark.finditer(text)}
    for end in sorted({_past_contacts(text, end) for end in ends}):
        yield text[:end], _BEFORE.sub("", text[end:]).lstrip(_BETWEEN)


def _past_contacts(text: str, at: int) -> int:
    while (found := _BEHIND.match(text, at)) is not None:
        at = found.end()
    return at


def _in_blocks(text: str) -> Pair | None:
    """A blank line between them: what one of them lacks can be asked for."""
    blocks = _BLANK_LINE.split(text.strip())
    return _both(*blocks) if len(blocks) == _SIDES else None


def _both(first: str, second: str) -> Pair | None:
    pair = Pair(read_pasted(first), read_pasted(second))
    is_told = all(
        "street" in side.fields and side.fields.keys() & _TELLING
        for side in (pair.sender, pair.recipient)
    )
    return pair if is_told else None
