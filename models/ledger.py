"""The ledger: insert-only, one document a step, two unique indexes that make it safe."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField
from pymongo.collection import Collection as RawCollection
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from models.base import Record
from models.connection import collection

COLLECTION = "ledger_entries"
CHAIN_INDEX = "account_seq"
KEY_INDEX = "account_key"
CHAIN_ORDER = [("account", 1), ("seq", 1)]
BATCH = 2_000
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
            {"fields": ["account", "key"], "unique": True, "name": KEY_INDEX},
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


def last_entries(accounts: Collection[str]) -> dict[str, dict[str, Any]]:
    """`seq` and balances of the newest entry of each of these accounts that has one.

    One look into the index for each account, as of `heads`.
    """
    last = {name: {"$first": f"${name}"} for name in ("seq", "available", "held")}
    stages: list[dict[str, Any]] = [
        {"$match": {"account": {"$in": [*accounts]}}},
        {"$sort": {"account": -1, "seq": -1}},
        {"$group": {"_id": "$account", **last}},
    ]
    return {row["_id"]: row for row in collection(COLLECTION).aggregate(stages, hint=CHAIN_INDEX)}


def entry_by_key(account: str, key: str) -> dict[str, Any] | None:
    """The entry under this key, as the primary sees it now."""
    return collection(COLLECTION).find_one({"account": account, "key": key})


def certain_entry(account: str, key: str) -> dict[str, Any] | None:
    """The entry under this key, once the majority has it: a rollback can't take it back."""
    return _certain().find_one({"account": account, "key": key})


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


def walk(account: str | None = None) -> Iterator[dict[str, Any]]:
    """Every entry, or those of one account, in order of account and `seq`."""
    query = {} if account is None else {"account": account}
    with collection(COLLECTION).find(query, sort=CHAIN_ORDER, batch_size=BATCH) as rows:
        yield from rows


def stored(after: tuple[str, int] = ("", 0), *, fields: Sequence[str] = ()) -> Iterator[bytes]:
    """Batches of entries as they are stored, one BSON document after the other.

    In order of account and `seq`, only what the majority has, from after that place on: whole, or
    only `fields` of them.
    """
    shown = {"_id": False, **dict.fromkeys(fields, True)} if fields else None
    batches = _certain().find_raw_batches({}, shown, sort=CHAIN_ORDER, batch_size=BATCH)
    beyond: list[str | tuple[str, Any]] = [("account", after[0]), ("seq", after[1] + 1)]
    yield from batches.hint(CHAIN_INDEX).min(beyond)


def stored_of(account: str, *, from_seq: int) -> Iterator[bytes]:
    """Likewise, of one account."""
    query = {"account": account, "seq": {"$gte": from_seq}}
    yield from _certain().find_raw_batches(query, sort=CHAIN_ORDER, batch_size=BATCH)


def heads(after: str) -> Iterator[dict[str, Any]]:
    """`_id` (account), `seq` and `digest` of each account's last entry, by account.

    One look into the index for each account, however many entries it has: MongoDB does so for
    `$first` after a sort that is the index's.
    """
    last = {name: {"$first": f"${name}"} for name in ("seq", "digest")}
    stages: list[dict[str, Any]] = [
        {"$match": {"account": {"$gt": after}}},
        {"$sort": {"account": -1, "seq": -1}},
        {"$group": {"_id": "$account", **last}},
        {"$sort": {"_id": 1}},
    ]
    yield from _certain().aggregate(stages, hint=CHAIN_INDEX)


def by_keys(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The entries under these (account, key), as far as there are any.

    One walk through the index of both: a choice of pairs would be planned pair by pair.
    """
    if not wanted:
        return {}
    accounts, keys = ({pair[place] for pair in wanted} for place in (0, 1))
    query = {"account": {"$in": [*accounts]}, "key": {"$in": [*keys]}}
    fields = dict.fromkeys(("account", "key", "kind", "d_available", "d_held"), True)
    rows = _certain().find(query, fields, hint=KEY_INDEX)
    return {(row["account"], row["key"]): row for row in rows}


def expected() -> int:
    """About how many entries there are."""
    return collection(COLLECTION).estimated_document_count()


def _certain() -> RawCollection[dict[str, Any]]:
    """Reads only what no rollback can take back."""
    return collection(COLLECTION).with_options(read_concern=ReadConcern("majority"))
