"""An account's chain of entries: whether each one follows from all that came before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.ledger import EntryKind
from services.booking import digest, goes_below_zero

_KEYS = {
    EntryKind.HOLD.value: ("hold", "order"),
    EntryKind.CAPTURE.value: ("close", "order"),
    EntryKind.RELEASE.value: ("close", "order"),
    EntryKind.REFUND.value: ("refund", "label"),
    EntryKind.ADJUSTMENT.value: ("adj", "adjustment"),
}
"""By kind: how the key begins, and the reference that it ends with."""
_BEFORE_BODY, _AFTER_BODY = 21, 78
"""Bytes of a stored entry: length and `_id` before what is digested, `digest` and the end after."""


@dataclass(slots=True)
class Chain:
    """Where an account's chain stands; `holds` are the orders whose money is set aside."""

    account: str
    seq: int = 0
    available: int = 0
    held: int = 0
    digest: str = ""
    holds: dict[str, int] = field(default_factory=dict)

    def flaws_of_sums(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """Compare an entry with what came before, and move on to it."""
        if entry["seq"] != self.seq + 1:
            yield f"follows {self.seq}"
        if entry["available"] != self.available + entry["d_available"]:
            yield "available does not follow"
        if entry["held"] != self.held + entry["d_held"]:
            yield "held does not follow"
        if goes_below_zero(entry) and entry["kind"] != EntryKind.ADJUSTMENT:
            yield "is below zero"
        self.seq, self.available, self.held = entry["seq"], entry["available"], entry["held"]

    def flaws(self, entry: Mapping[str, Any], stored: bytes) -> Iterator[str]:
        """All that can be told from the chain alone; `stored` are the entry's bytes."""
        yield from self.flaws_of_sums(entry)
        if sum([line["amount"] for line in entry["lines"]]) != 0:
            yield "lines do not sum to zero"
        if entry["digest"] != digest(self.digest, stored[_BEFORE_BODY:-_AFTER_BODY]):
            yield "digest is wrong"
        self.digest = entry["digest"]
        yield from self._flaws_of_cause(entry)

    def _flaws_of_cause(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """One cause has one key; each closing closes one hold, in full."""
        kind, ref = entry["kind"], entry["ref"]
        if kind == EntryKind.TOPUP:
            return
        begins, named = _KEYS[kind]
        cause = ref.get(named, "")
        if entry["key"] != f"{begins}:{cause}":
            yield f"key {entry['key']} is not that of its {named}"
        if kind == EntryKind.HOLD:
            self.holds[cause] = entry["d_held"]
        elif begins == "close" and self.holds.pop(cause, None) != -entry["d_held"]:
            yield f"closes order {cause}, which holds no such sum"

    def flaws_at_the_end(self) -> Iterator[str]:
        """What can be told only when the account has no further entry."""
        if self.held != sum(self.holds.values()):
            yield f"holds {self.held}, its open orders {sum(self.holds.values())}"
