"""What people type, freed of what cannot be seen and checked for what cannot be printed."""

import re
import unicodedata
from enum import StrEnum

# These letters draw nothing, and so would pass for a name: Hangul fillers and the like.
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_VARIATIONS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BLANK = re.compile(f"[{_BLANK_LETTERS}{_VARIATIONS}]")
# Letters, marks, numbers, punctuation and the signs found on a keyboard.
_PRINTED_CLASSES = frozenset("LNP") | {"Mn", "Mc", "Sm", "Sc", "Sk", "Zs"}
_PRINTED_SIGNS = frozenset("°№©®™")


class Flaw(StrEnum):
    """Why a line cannot go on a label."""

    SEVERAL_LINES = "several_lines"
    STRANGE_CHARACTERS = "strange_characters"


def visible(typed: str) -> str:
    """The same text composed (NFC), without zero-width and direction-changing characters."""
    seen = (char for char in typed if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", _BLANK.sub("", "".join(seen)))


def one_line(typed: str) -> str:
    """The visible text with each run of blanks made one space. Keeps flaws for `flaw_of`."""
    lines = [" ".join(line.split()) for line in visible(typed).strip().splitlines()]
    return "\n".join(line for line in lines if line)


def flaw_of(line: str) -> Flaw | None:
    """What keeps a line, tidied by `one_line`, from being printed; None when nothing does."""
    if "\n" in line:
        return Flaw.SEVERAL_LINES
    if not all(is_printed(char) for char in line):
        return Flaw.STRANGE_CHARACTERS
    return None


def is_printed(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind in _PRINTED_CLASSES or kind[0] in _PRINTED_CLASSES or char in _PRINTED_SIGNS
