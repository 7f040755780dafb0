"""One booking and the document it becomes: both sides, the balances after it, and its digest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import bson
from bson import Int64

from models.ledger import EntryKind

_as_text = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_LENGTH, _END = 4, 1
"""Bytes around the elements of a BSON document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One booking to append, in minor units; `contra` takes the other side, so lines sum to 0."""

    key: str
    kind: EntryKind
    d_available: int
    d_held: int
    ref: Mapping[str, str]
    by: str
    contra: str = ""
    reason: str = ""
    overdraft: bool = False

    def lines(self, account: str) -> list[dict[str, Any]]:
        sides = (
            (f"{account}:available", self.d_available),
            (f"{account}:held", self.d_held),
            (self.contra, -(self.d_available + self.d_held)),
        )
        return [{"account": name, "amount": Int64(amount)} for name, amount in sides if amount]

    def fingerprint(self, account: str) -> str:
        """What makes a repetition the same booking: account, kind, amounts and reference."""
        told = [account, self.kind.value, self.d_available, self.d_held, dict(self.ref)]
        return hashlib.sha256(_as_text(told).encode()).hexdigest()


def next_entry(
    account: str, step: Step, last: Mapping[str, Any] | None, at: datetime
) -> dict[str, Any]:
    """The document that follows `last` in an account's chain. Its digest comes last."""
    before = last or {"seq": 0, "available": 0, "held": 0, "digest": ""}
    entry: dict[str, Any] = {
        "account": account,
        "seq": Int64(before["seq"] + 1),
        "key": step.key,
        "kind": step.kind.value,
        "d_available": Int64(step.d_available),
        "d_held": Int64(step.d_held),
        "available": Int64(before["available"] + step.d_available),
        "held": Int64(before["held"] + step.d_held),
        "lines": step.lines(account),
        "ref": dict(step.ref),
        "fingerprint": step.fingerprint(account),
        "by": step.by,
        "reason": step.reason,
        "at": at,
    }
    entry["digest"] = digest(before["digest"], bson.encode(entry)[_LENGTH:-_END])
    return entry


def goes_below_zero(entry: Mapping[str, Any]) -> bool:
    """Whether this very step takes from what is not there; paying into an overdraft does not."""
    overdrawn = entry["d_available"] < 0 and entry["available"] < 0
    return bool(overdrawn or (entry["d_held"] < 0 and entry["held"] < 0))


def digest(previous: str, body: bytes) -> str:
    """sha256 over the previous digest and the entry's own bytes: no link can be changed alone.

    The bytes are the BSON elements that MongoDB keeps between `_id` and `digest`, in their
    order: what is proven is what is stored, and no entry has to be written out again for it.
    """
    return hashlib.sha256(previous.encode() + body).hexdigest()
