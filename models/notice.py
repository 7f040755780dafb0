"""Notices: what was told us from outside, raw, kept before it is answered, handled after."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import BinaryField, DateTimeField, EnumField, IntField, StringField
from pymongo import ReturnDocument, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from models.base import UNFINISHED, Record, RecordQuerySet, overdue
from models.connection import collection

COLLECTION = "notices"


class Source(StrEnum):
    """Who tells us; each source's notices are handled by a job of its own."""

    PAYMENTS = "payments"
    CARRIERS = "carriers"


class NoticeQuerySet(RecordQuerySet):
    def claim(self, notice_id: str, *, now: datetime, until: datetime) -> "Notice | None":
        """Be the only one to handle it until then; None when it isn't due any more."""
        row = _quickly().find_one_and_update(
            {"_id": notice_id, **overdue(now)},
            {"$set": {"next_at": until}, "$inc": {"attempts": 1}},
            return_document=ReturnDocument.AFTER,
        )
        found: Notice | None = Notice._from_son(row) if row else None  # noqa: SLF001
        return found

    def mark_handled(self, notice_id: str, at: datetime, *, failure: str = "") -> None:
        done = {"handled_at": at, "failure": failure}
        _quickly().update_one({"_id": notice_id}, {"$set": done, "$unset": {"next_at": True}})

    def forgive(self, notice_id: str) -> None:
        """Do not count this attempt: it says nothing about the notice."""
        _quickly().update_one({"_id": notice_id}, {"$set": {"attempts": 0}})


class Notice(Record):
    """The id is a digest of provider and body, so that a repeated notice is one document.

    `provider_id` is the provider's id of what it tells about. Handled when `next_at` is gone.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    source: Source = EnumField(Source, required=True, default=Source.PAYMENTS)
    provider: str = StringField(required=True)
    provider_id: str = StringField(required=True)
    payment_id: str = StringField(default="")
    status: str = StringField(default="")
    body: bytes = BinaryField(required=True)
    received_at: datetime = DateTimeField(required=True)
    next_at: datetime | None = DateTimeField()
    attempts: int = IntField(required=True, default=0)
    handled_at: datetime | None = DateTimeField()
    failure: str = StringField(default="")

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": NoticeQuerySet,
        "indexes": [
            "-received_at",
            ("provider", "provider_id"),
            UNFINISHED,
            {
                "fields": ["received_at"],
                "partialFilterExpression": {"body": {"$exists": True}},
                "name": "filled_by_received_at",
            },
            {
                "fields": ["-received_at"],
                "partialFilterExpression": {"failure": {"$gt": ""}},
                "name": "given_up_by_time",
            },
        ],
    }


def keep(row: dict[str, Any]) -> bool:
    """Insert a notice, acknowledged by the majority. False: one of this id was there before."""
    try:
        collection(COLLECTION).insert_one(row)
    except DuplicateKeyError:
        return False
    return True


def _quickly() -> Collection[dict[str, Any]]:
    """For what may be forgotten: whoever handles a notice a second time changes nothing."""
    return collection(COLLECTION).with_options(write_concern=WriteConcern(w=1))
