"""The ledger: insert-only, one document a step, two unique indexes that make it safe."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from models.base import Record
from models.connection import collection

COLLECTION = "ledger_entries"
CHAIN_INDEX = "account_seq"
CHAINED = {"_id": False, "seq": True, "available": True, "held": True, "digest": True}


class EntryKind(StrEnum):
    TOPUP = "topup"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"


class Insertion(StrEnum):
    """What became of one attempt to insert an entry."""

    DONE = "done"
    KEY_TAKEN = "key_taken"
    SEQ_TAKEN = "seq_taken"


class LedgerEntry(Record):
    """One step of one account; amounts in minor units. Written only by `insert`, never changed."""

    account: str = StringField(required=True)
    seq: int = LongField(required=True)
    key: str = StringField(required=True)
    kind: str = StringField(required=True)
    d_available: int = LongField(required=True)
    d_held: int = LongField(required=True)
    available: int = LongField(required=True)
    held: int = LongField(required=True)
    lines = ListField(DictField())
    ref = DictField()
    fingerprint: str = StringField(required=True)
    by: str = StringField(required=True)
    reason: str = StringField(default="")
    at = DateTimeField(required=True)
    digest: str = StringField(required=True)

    meta: ClassVar = {
        "collection": COLLECTION,
        "indexes": [
            {"fields": ["account", "seq"], "unique": True, "name": CHAIN_INDEX},
            {"fields": ["account", "key"], "unique": True, "name": "account_key"},
            {"fields": ["kind", "at"], "name": "kind_at"},
        ],
    }


def last_entry(account: str) -> dict[str, Any] | None:
    """What the next entry follows from: seq, balances and digest of the account's newest one.

    The hint makes a ledger whose unique index was never built refuse to go on.
    """
    return collection(COLLECTION).find_one(
        {"account": account}, CHAINED, sort=[("seq", -1)], hint=CHAIN_INDEX
    )


def entry_by_key(account: str, key: str) -> dict[str, Any] | None:
    """The entry under this key, as the primary sees it now."""
    return collection(COLLECTION).find_one({"account": account, "key": key})


def certain_entry(account: str, key: str) -> dict[str, Any] | None:
    """The entry under this key, once the majority has it: a rollback can't take it back."""
    certain = collection(COLLECTION).with_options(read_concern=ReadConcern("majority"))
    return certain.find_one({"account": account, "key": key})


def insert(entry: Mapping[str, Any]) -> Insertion:
    """Append one entry, or say which unique index refused it."""
    try:
        collection(COLLECTION).insert_one(dict(entry))
    except DuplicateKeyError as error:
        fields = (error.details or {}).get("keyPattern", {})
        return Insertion.KEY_TAKEN if "key" in fields else Insertion.SEQ_TAKEN
    return Insertion.DONE


def entries_of(account: str, *, before_seq: int | None = None, most: int) -> list[dict[str, Any]]:
    """A page of an account's entries, newest first."""
    query: dict[str, Any] = {"account": account}
    if before_seq is not None:
        query["seq"] = {"$lt": before_seq}
    return list(collection(COLLECTION).find(query).sort("seq", -1).limit(most))


def walk() -> Iterator[dict[str, Any]]:
    """Every entry, account by account in order of `seq`."""
    with collection(COLLECTION).find(
        {}, sort=[("account", 1), ("seq", 1)], batch_size=2_000
    ) as rows:
        yield from rows


def count(kind: EntryKind, ref: Mapping[str, str]) -> int:
    """How many entries of this kind have these references; a scan of the kind."""
    return collection(COLLECTION).count_documents({"kind": kind.value, **ref})


def total(kind: EntryKind, ref: Mapping[str, str]) -> int | None:
    """Their `d_available` together; None when there is no such entry."""
    found = list(collection(COLLECTION).find({"kind": kind.value, **ref}, {"d_available": 1}))
    return sum(int(entry["d_available"]) for entry in found) if found else None
