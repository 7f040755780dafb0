"""Names that customers give to what they keep."""

from core.errors import Refusal
from core.plain_text import flaw_of, one_line

LONGEST = 40


class BadName(Refusal):
    """A name that can't be kept. Facts: `reason` and `limit`.

    Reasons: missing, too_long, several_lines, strange_characters.
    """


def read_name(typed: str) -> str:
    """One line of 1 to 40 letters, tidied. Reading it again changes nothing. Raises BadName."""
    name = one_line(typed)
    if flaw := flaw_of(name):
        raise BadName(reason=flaw.value, limit=LONGEST)
    if not name or len(name) > LONGEST:
        raise BadName(reason="too_long" if name else "missing", limit=LONGEST)
    return name


def folded(name: str) -> str:
    """The same for names that people take for one."""
    return " ".join(name.casefold().split())
