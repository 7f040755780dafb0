"""A pasted text made plain: its marks, greetings and remarks are no part of an address."""

import re

from core.plain_text import is_printed, visible

_BREAKS = re.compile(r"[;|\t•·~]|\s(?:/|[=-]+>|→)\s")
_QUOTES = re.compile(r"[\"“”*`]|^\s*_+|_+\s*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[-\u2013]|[0-9][.)])\s+", re.MULTILINE)
_BRACKETED = re.compile(r"^\(([^()0-9]+)\)[ ,]*(?=[^\s,])", re.MULTILINE)
_ASKING = re.compile(
    r"^\W*(?:(?:hi|hey|hello|hola)\b[\s!,.]*)?(?:(?:can|could) you\s+)?(?:please\s+)?"
    r"(?:(?:it'?s|this is|that'?s)\s+for|(?:ship|send|mail|deliver)(?:\s+(?:it|this|that))?\s+to"
    r"|(?:my|his|her|our|the)\s+(?:\w+\s+)?address(?:\s+is\b|(?=:))|to(?=\s.*\sat\s))\s*:?\s+",
    re.IGNORECASE | re.MULTILINE,
)
_REMARK = re.compile(
    r"^\W*(?:thanks?\b.*|(?:hi|hey|hello|hola)|(?:my|his|her) [^\W\d_]+"
    r"|(?:(?:ship|shipping|mailing|delivery) )?address|ship(?:ping)? to|order\b.*[0-9]"
    r"|(?:please|leave|call|ring)\s.*|\((?:\S+\s+){2,}.*\))\W*$",
    re.IGNORECASE | re.MULTILINE,
)


def plain(text: str) -> str:
    """The same parts in lines, without pictures, control characters, quotes and list marks."""
    lines = _BREAKS.sub("\n", visible(text).replace("\n", " \n ")).splitlines()
    kept = "\n".join("".join(map(_printed, line)).strip() for line in lines)
    return _BRACKETED.sub(r"\1, ", _BULLET.sub("", _QUOTES.sub("", kept)))


def without_remarks(text: str) -> str:
    """The text without what is said to a person: `please send it to`, `thanks!`."""
    return _REMARK.sub("", _ASKING.sub("", text))


def _printed(char: str) -> str:
    return char if is_printed(char) and not char.isspace() else " "
