"""Carrier services by mode: each has books and a balance of its own, as `easypost:test`."""

from collections.abc import Iterator

from core.errors import Refusal
from core.modes import ApiMode
from providers.carriers.base import Carrier
from services.ports import Carriers


def each(carriers: Carriers) -> Iterator[str]:
    """All that have a key."""
    for mode in ApiMode:
        try:
            names = carriers.names(mode)
        except Refusal:
            continue
        yield from (f"{name}:{mode}" for name in names)


def opened(carriers: Carriers, service: str) -> Carrier:
    """Raises Refusal when it has no key (any more)."""
    name, _, mode = service.partition(":")
    return carriers.get(name, ApiMode(mode))
