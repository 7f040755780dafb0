"""The outbox: what nobody may miss, kept until Telegram has taken it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, DictField, EnumField, IntField, LongField, StringField

from core.urgency import Urgency
from models.base import UNFINISHED, MovingQuerySet, Record, overdue


class NoteKind(StrEnum):
    """Each has words in the bot's texts."""

    LABEL_READY = "label_ready"
    CUSTOMS_FORM = "customs_form"
    ORDER_CHECKING = "order_checking"
    ORDER_REFUSED = "order_refused"
    ORDER_REVIEW = "order_review"
    ORDER_WAITS = "order_waits"
    ORDER_AT_ONCE = "order_at_once"
    NOT_AT_ONCE = "not_at_once"
    TOPUP_SEEN = "topup_seen"
    TOPUP_CREDITED = "topup_credited"
    TOPUP_OVERPAID = "topup_overpaid"
    TOPUP_UNDERPAID = "topup_underpaid"
    TOPUP_REST = "topup_rest"
    TOPUP_LATE = "topup_late"
    TOPUP_EXPIRED = "topup_expired"
    TOPUP_REVIEW = "topup_review"
    TOPUP_REFUNDED = "topup_refunded"
    TOPUP_RESOLVED = "topup_resolved"
    TOPUP_REJECTED = "topup_rejected"
    BALANCE_ADJUSTED = "balance_adjusted"
    LABEL_REFUNDED = "label_refunded"
    VOID_SENT = "void_sent"
    VOID_REFUNDED = "void_refunded"
    VOID_REFUSED = "void_refused"
    VOID_REVIEW = "void_review"
    VOID_OFFER = "void_offer"
    PARCEL_MOVED = "parcel_moved"
    STATEMENT = "statement"
    BATCH_CHECKED = "batch_checked"
    BATCH_REST = "batch_rest"
    BATCH_LABELS = "batch_labels"
    BATCH_TRACKING = "batch_tracking"
    BATCH_STOPPED = "batch_stopped"
    DATA_EXPORT = "data_export"
    OPERATOR_ALERT = "operator_alert"
    BROADCAST = "broadcast"

    @property
    def urgency(self) -> Urgency:
        return _NO_HURRY.get(self, Urgency.MONEY)


_NO_HURRY = {
    NoteKind.PARCEL_MOVED: Urgency.TRACKING,
    NoteKind.VOID_OFFER: Urgency.TRACKING,
    NoteKind.BROADCAST: Urgency.BROADCAST,
}


class NoteState(StrEnum):
    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNWANTED = "unwanted"


class NoteQuerySet(MovingQuerySet):
    def due(self, now: datetime, most: int) -> Iterator[str]:
        """As of all documents, but the most urgent first."""
        found: list[str] = []
        for urgency in Urgency:
            rows = self.filter(__raw__={"urgency": _stored(urgency), **overdue(now)})
            rows = rows.order_by("next_at").limit(most - len(found)).only("pk")
            found += [row["_id"] for row in rows.as_pymongo()]
            if len(found) >= most:
                break
        return iter(found)


def _stored(urgency: Urgency) -> Any:
    """Notes from before there was urgency are taken for money."""
    return {"$in": [None, urgency.value]} if urgency is Urgency.MONEY else urgency.value


class Note(Record):
    """One message to one customer. The id says what it is about, so that it is written once."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    chat_id: int = LongField(required=True)
    kind: NoteKind = EnumField(NoteKind, required=True)
    facts: dict[str, Any] = DictField()
    urgency: int = IntField()
    status: NoteState = EnumField(NoteState, required=True, default=NoteState.NEW)
    attempts: int = IntField(required=True, default=0)
    unended: int = IntField(required=True, default=0)
    problem: str = StringField(default="")
    message_id: int | None = LongField()
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "outbox",
        "queryset_class": NoteQuerySet,
        "indexes": [
            ("chat_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            UNFINISHED,
            {**UNFINISHED, "fields": ["urgency", "next_at"], "name": "unfinished_by_urgency"},
            {
                "fields": ["created_at"],
                "partialFilterExpression": {"facts": {"$exists": True}},
                "name": "filled_by_created_at",
            },
        ],
    }
