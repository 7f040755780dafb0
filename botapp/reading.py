"""Weight and sizes that a customer sends in one message."""

from decimal import Decimal

from core.errors import Refusal
from core.parcels import TooHeavy, TooLarge, read_sizes, read_weight

LONGEST = 80
Sizes = tuple[Decimal, Decimal, Decimal]


def read_both(text: str) -> tuple[Decimal, Sizes] | None:
    """`2 lb 10x8x4` or `10x8x4, 2 lb`; None when it is not both, or could be read in two ways."""
    parts = text[:LONGEST].replace(",\n", "\n").split()
    found: set[tuple[Decimal, Sizes]] = set()
    for at in range(1, len(parts)):
        first, second = " ".join(parts[:at]).strip(",;"), " ".join(parts[at:]).strip(",;")
        found |= {both for both in (_both(first, second), _both(second, first)) if both}
    return found.pop() if len(found) == 1 else None


def _both(weight: str, sizes: str) -> tuple[Decimal, Sizes] | None:
    try:
        return read_weight(weight), read_sizes(sizes)
    except (TooHeavy, TooLarge):
        raise
    except Refusal:
        return None
