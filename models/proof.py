"""Proofs of the ledger: what each pass found, how far every account is proven, daily anchors."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from bson import Int64
from mongoengine import (
    DateTimeField,
    DictField,
    EnumField,
    IntField,
    ListField,
    LongField,
    StringField,
)
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from models.base import UNFINISHED, MovingQuerySet, Record
from models.connection import collection

WATERMARKS = "ledger_watermarks"
ANCHORED = "ledger_anchored"
ANCHORED_INDEX = "account_seq"


class ProofKind(StrEnum):
    """How much is proven: all of it, the sums alone, or what came since the last time."""

    FULL = "full"
    SUMS = "sums"
    NEW = "new"


class ProofState(StrEnum):
    RUNNING = "running"
    DONE = "done"


class Proof(Record):
    """One pass over the books, in slices: `stage` and `place` say where the next one begins."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    kind: ProofKind = EnumField(ProofKind, required=True)
    status: ProofState = EnumField(ProofState, required=True, default=ProofState.RUNNING)
    by: str = StringField(required=True)
    stage: int = IntField(required=True, default=0)
    place: dict[str, Any] = DictField()
    expected: int = LongField(required=True, default=0)
    accounts: int = LongField(required=True, default=0)
    entries: int = LongField(required=True, default=0)
    mismatches: int = LongField(required=True, default=0)
    findings: list[str] = ListField(StringField())
    unended: int = IntField(required=True, default=0)
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "ledger_proofs",
        "queryset_class": MovingQuerySet,
        "indexes": ["-created_at", ("kind", "-created_at"), UNFINISHED],
    }

    @property
    def seconds(self) -> float:
        return float((self.moved_at - self.created_at).total_seconds())

    @property
    def share(self) -> float:
        """How much of it is walked, from 0 to 1: the length of a bar."""
        if self.status is ProofState.DONE:
            return 1.0
        return min(self.entries / self.expected, 0.99) if self.expected else 0.0


class Watermark(Record):
    """How far an account is proven, and all that the proof of its next entry needs."""

    objects: ClassVar[Any]

    account: str = StringField(primary_key=True)
    seq: int = LongField(required=True)
    available: int = LongField(required=True)
    held: int = LongField(required=True)
    digest: str = StringField(required=True)
    holds: dict[str, int] = DictField()
    anchored_seq: int = LongField(required=True, default=0)
    at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": WATERMARKS}


class Anchor(Record):
    """One day's anchor: a digest over the anchor before it and every account that has moved since.

    An account that has not moved is held by the anchor it had. The digest is logged as well:
    who rewrites entries, watermarks and anchors alike can't rewrite a log kept elsewhere.
    """

    objects: ClassVar[Any]

    day: str = StringField(primary_key=True)
    batch: str = StringField(required=True)
    previous: str = StringField(default="")
    digest: str = StringField(required=True)
    accounts: int = LongField(required=True)
    at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "ledger_anchors"}


class AnchoredHead(Record):
    """An account's last proven entry when an anchor was laid, or nearly: it holds all the same."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    batch: str = StringField(required=True)
    account: str = StringField(required=True)
    seq: int = LongField(required=True)
    digest: str = StringField(required=True)

    meta: ClassVar = {
        "collection": ANCHORED,
        "indexes": [
            ("batch", "account"),
            {"fields": ["account", "seq"], "name": ANCHORED_INDEX},
        ],
    }


def anchored_between(after: tuple[str, int], last: tuple[str, int] | None) -> list[dict[str, Any]]:
    """The anchored entries beyond one place in the ledger, up to another: both (account, seq)."""
    shown = {"_id": False, "account": True, "seq": True, "digest": True}
    heads = collection(ANCHORED).find({}, shown, sort=[("account", 1), ("seq", 1)])
    heads = heads.hint(ANCHORED_INDEX).min(_beyond(after))
    return list(heads.max(_beyond(last)) if last else heads)


def anchored_in(batch: str) -> Iterator[dict[str, Any]]:
    """The heads of one anchor, by account."""
    yield from collection(ANCHORED).find({"batch": batch}, sort=[("account", 1)])


def anchor_heads(batch: str) -> None:
    """Write down every watermark that no anchor holds yet."""
    beyond = {"$expr": {"$gt": ["$seq", "$anchored_seq"]}}
    heads = [
        {
            "_id": f"{batch}:{mark['_id']}",
            "batch": batch,
            "account": mark["_id"],
            "seq": Int64(mark["seq"]),
            "digest": mark["digest"],
        }
        for mark in collection(WATERMARKS).find(beyond)
    ]
    if heads:
        collection(ANCHORED).insert_many(heads, ordered=False)


def mark_anchored(heads: Iterable[Mapping[str, Any]]) -> None:
    writes = [
        UpdateOne({"_id": head["account"]}, {"$max": {"anchored_seq": Int64(head["seq"])}})
        for head in heads
    ]
    if writes:
        collection(WATERMARKS).bulk_write(writes, ordered=False)


def watermarks(after: str, last: str | None) -> dict[str, dict[str, Any]]:
    """Those of the accounts after one, up to another, by account."""
    bounds = {"$gt": after} | ({"$lte": last} if last is not None else {})
    return {row["_id"]: row for row in collection(WATERMARKS).find({"_id": bounds})}


def raise_watermarks(marks: Iterable[Mapping[str, Any]]) -> None:
    """Only forward: of two who prove the same account, the one who came further stays."""
    for mark in marks:
        facts = {name: value for name, value in mark.items() if name != "account"}
        query = {"_id": mark["account"], "seq": {"$lt": mark["seq"]}}
        change = {"$set": facts, "$setOnInsert": {"anchored_seq": Int64(0)}}
        try:
            collection(WATERMARKS).update_one(query, change, upsert=True)
        except DuplicateKeyError:
            continue


def _beyond(where: tuple[str, int]) -> list[tuple[str, Any]]:
    """The index's next place beyond this one."""
    return [("account", where[0]), ("seq", where[1] + 1)]
