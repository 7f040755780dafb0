"""What a customer sends in one message: an address that we ship to, weight and sizes."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from core.addresses import BadField
from core.errors import Refusal
from core.parcels import TooHeavy, TooLarge, read_sizes, read_weight
from core.pasting import Pasted, read_pasted

LONGEST = 80
_LABEL = re.compile(r"^\s*(?:parcel|package|box|paquete|посылка)\s*:\s*", re.IGNORECASE)
_SIZES = re.compile(r"[0-9]\s*(?:in|cm|\")?\s*[x\u00d7\u0445*]\s*[0-9]", re.IGNORECASE)
_SAID = re.compile(r"[^\W\d_]|[\u00d7*]")
"""A unit, or what stands between sizes."""
Inches = tuple[Decimal, Decimal, Decimal]
Told = TypeVar("Told")


def read_domestic(text: str) -> Pasted:
    """A pasted address. Raises BadField for one that lies abroad."""
    return insist_on_home(read_pasted(text))


def insist_on_home(pasted: Pasted) -> Pasted:
    """Raises BadField for an address that lies abroad."""
    if pasted.country:
        raise BadField(field="country", reason="abroad")
    return pasted


def read_both(text: str) -> tuple[Decimal, Inches] | None:
    """`2 lb 10x8x4` or `10x8x4, 2 lb`; None when it is not both, or could be read in two ways."""
    parts = text[:LONGEST].replace(",\n", "\n").split()
    found: set[tuple[Decimal, Inches]] = set()
    for at in range(1, len(parts)):
        first, second = " ".join(parts[:at]).strip(",;"), " ".join(parts[at:]).strip(",;")
        found |= {both for both in (_both(first, second), _both(second, first)) if both}
    return found.pop() if len(found) == 1 else None


def read_told(text: str) -> tuple[Decimal | None, Inches | None]:
    """A weight, sizes, or both, where something else is asked for: numbers alone are none of them.

    As `2 lb`, `10x8x4`, `10 8 4 in`.
    """
    if not _SAID.search(text):
        return None, None
    return read_both(text) or (_or_none(read_weight, text), _or_none(read_sizes, text))


def take_parcel(text: str) -> tuple[str, tuple[Decimal, Inches] | None]:
    """The text without its last line that is a weight with sizes such as 10x8x4, and these."""
    lines = text.splitlines()
    for at in range(len(lines) - 1, -1, -1):
        both = read_both(_LABEL.sub("", lines[at])) if _SIZES.search(lines[at]) else None
        if both is not None:
            return "\n".join([*lines[:at], *lines[at + 1 :]]), both
    return text, None


def _both(weight: str, sizes: str) -> tuple[Decimal, Inches] | None:
    ounces = _or_none(read_weight, weight)
    inches = _or_none(read_sizes, sizes) if ounces else None
    return (ounces, inches) if ounces and inches else None


def _or_none(read: Callable[[str], Told], text: str) -> Told | None:
    try:
        return read(text)
    except (TooHeavy, TooLarge):
        raise
    except Refusal:
        return None
