"""Batches: a file of shipments, each row of it checked, quoted and bought like a single label."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    EnumField,
    IntField,
    ListField,
    LongField,
    StringField,
)

from core.addresses import Address
from core.money import Money
from core.tables import TableKind
from models.base import UNFINISHED, MovingQuerySet, Record, RecordQuerySet
from models.connection import insert_what_is_new
from models.fields import MoneyField, ValueField

ROWS = "batch_rows"


class BatchState(StrEnum):
    """`trailing` is told of already; what becomes of some of its orders is not known yet."""

    MAPPING = "mapping"
    CHECKING = "checking"
    READY = "ready"
    BUYING = "buying"
    TRAILING = "trailing"
    DONE = "done"
    DROPPED = "dropped"
    STOPPED = "stopped"


ENDED = (BatchState.DONE, BatchState.DROPPED, BatchState.STOPPED)
WORKING = (BatchState.CHECKING, BatchState.BUYING)
"""A worker has something to do, and the customer waits for it."""


TOLD_BY_ROWS = ("cells", "recipient", "reference", "told")


class RowState(StrEnum):
    """`left` was not wanted or not affordable; `review` has an order that a person decides on.

    `repeated` was bought with another batch, or is the same as a row before it.
    """

    NEW = "new"
    BAD = "bad"
    QUOTED = "quoted"
    ORDERED = "ordered"
    BOUGHT = "bought"
    FAILED = "failed"
    LEFT = "left"
    REVIEW = "review"
    REPEATED = "repeated"


UNDECIDED = (RowState.ORDERED, RowState.REVIEW)
"""Their orders may still become labels, or give the money back."""


class BatchQuerySet(MovingQuerySet):
    def take(self, batch_id: str, now: datetime, lease: timedelta) -> "Batch | None":
        """The batch for its one driver, until the lease is over; None when somebody has it."""
        free = {"$or": [{"lease_until": None}, {"lease_until": {"$lte": now}}]}
        row = self._collection.find_one_and_update(
            {"_id": batch_id, "next_at": {"$type": "date"}, **free},
            {"$set": {"lease_until": now + lease, "next_at": now + lease}},
            return_document=True,
        )
        taken: Batch | None = self._read(row)
        return taken


class BatchRowQuerySet(RecordQuerySet):
    def insert_all(self, rows: "list[BatchRow]") -> None:
        """Those that are not there yet."""
        insert_what_is_new(ROWS, [row.to_mongo() for row in rows])

    def empty(
        self, batch_ids: Sequence[str], fields: Sequence[str] = TOLD_BY_ROWS
    ) -> None:  # fmt: skip
        """Forget what these batches' rows told; what became of each is kept."""
        of_them = {"batch_id": {"$in": [*batch_ids]}}
        self._collection.update_many(of_them, {"$unset": dict.fromkeys(fields, True)})

    def tally(self, batch_id: str) -> "Counter[RowState]":
        """How many rows stand where."""
        groups = self._collection.aggregate(
            [
                {"$match": {"batch_id": batch_id}},
                {"$group": {"_id": "$status", "rows": {"$sum": 1}}},
            ]
        )
        return Counter({RowState(group["_id"]): group["rows"] for group in groups})

    def move(self, row_id: str, *, when: RowState, to: RowState, **facts: Any) -> bool:
        """Move one row on if it still stands where the caller saw it."""
        changes = {f"set__{name}": value for name, value in facts.items()}
        return bool(self.filter(pk=row_id, status=when).update_one(set__status=to, **changes))


class Batch(Record):
    """`columns` are numbers of columns by their meaning; `defaults` what no column tells.

    The first `wanted` rows that can be bought are, up to number `cut`. `shown` is the state that
    workers have put up; its message was last changed at `shown_at`. `counts` are the rows by
    state as a worker saw them last, and `went_at` when they last changed. `labels_files` are
    the PDFs as Telegram knows them: `file_id`, how many `labels`, their price in `minor` units.
    Since `erased_at` only numbers are left, and soon none of its labels.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    name: str = StringField(required=True)
    checksum: str = StringField(required=True)
    kind: TableKind = EnumField(TableKind, required=True)
    delimiter: str = StringField(default=",")
    heading: list[str] = ListField(StringField())
    columns: dict[str, int] = DictField()
    defaults: dict[str, Any] = DictField()
    rows: int = IntField(required=True)
    status: BatchState = EnumField(BatchState, required=True, default=BatchState.MAPPING)
    cut: int = IntField(default=0)
    with_repeats: bool = BooleanField(default=False)
    renewed: int = IntField(default=0)
    wanted: int = IntField(default=0)
    total: Money | None = MoneyField()
    wakes: int = IntField(required=True, default=0)
    lease_until: datetime | None = DateTimeField()
    shown: str = StringField(default="")
    shown_at: datetime | None = DateTimeField()
    counts: dict[str, int] = DictField()
    went_at: datetime | None = DateTimeField()
    labels_files: list[dict[str, Any]] = ListField(DictField())
    erased_at: datetime | None = DateTimeField()
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "batches",
        "queryset_class": BatchQuerySet,
        "indexes": [
            ("user_id", "checksum"),
            ("user_id", "-created_at"),
            "-created_at",
            ("status", "-created_at"),
            UNFINISHED,
            {
                "fields": ["status", "moved_at"],
                "partialFilterExpression": {"heading": {"$exists": True}},
                "name": "told_by_moved_at",
            },
        ],
    }


class BatchRow(Record):
    """`line` is the row's number in the file; `refusal` and `told` say why it was not bought.

    A bad row without a refusal breaks rules of ours, which are told from its cells at any time.
    `digest` is equal for rows that ask for the same shipment again; `kept` says that the label's
    bytes are in our store.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    batch_id: str = StringField(required=True)
    user_id: int = LongField(required=True)
    number: int = IntField(required=True)
    line: int = IntField(required=True)
    cells: list[str] = ListField(StringField())
    status: RowState = EnumField(RowState, required=True, default=RowState.NEW)
    digest: str = StringField(default="")
    repeat_of: str = StringField(default="")
    recipient: Address | None = ValueField(Address)
    reference: str = StringField(default="")
    quote_id: str = StringField(default="")
    rate_id: str = StringField(default="")
    carrier: str = StringField(default="")
    service: str = StringField(default="")
    price: Money | None = MoneyField()
    expires_at: datetime | None = DateTimeField()
    attempts: int = IntField(default=0)
    order_id: str = StringField(default="")
    placed_at: datetime | None = DateTimeField()
    kept: bool = BooleanField(default=False)
    tracking_code: str = StringField(default="")
    tracking_url: str = StringField(default="")
    refusal: str = StringField(default="")
    told: dict[str, Any] = DictField()

    meta: ClassVar = {
        "collection": ROWS,
        "queryset_class": BatchRowQuerySet,
        "indexes": [
            ("batch_id", "number"),
            ("batch_id", "status", "number"),
            {"fields": ["user_id", "digest"], "partialFilterExpression": {"digest": {"$gt": ""}}},
        ],
    }

    @property
    def is_erased(self) -> bool:
        """No row of a file is without cells before that."""
        return not self.cells


def row_id_of(batch_id: str, number: int) -> str:
    return f"{batch_id}:{number:04}"


def order_prefix(batch_id: str) -> str:
    """How the ids of the orders of a batch begin."""
    return f"L-{batch_id.removeprefix('B-')}-"


def storable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those facts of a refusal that words are made of and MongoDB can keep."""
    plain = {name: fact for name, fact in facts.items() if isinstance(fact, str | int)}
    lists = {
        name: [str(one) for one in fact]
        for name, fact in facts.items()
        if isinstance(fact, list | tuple)
    }
    return plain | lists
