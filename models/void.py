"""Voids: a bought label given back to the carrier, from the wish to the carrier's last word."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, IntField, LongField, StringField

from core.modes import ApiMode
from core.money import Money
from models.base import UNFINISHED, MovingQuerySet, Record
from models.fields import MoneyField, ValuesField


class VoidStage(StrEnum):
    """ASKED: to be sent. SENT: it may have reached the carrier. REVIEW: an operator decides.

    GRANTED and DENIED are last words: what follows from them is done when `next_at` is gone.
    """

    ASKED = "asked"
    SENT = "sent"
    REVIEW = "review"
    GRANTED = "granted"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidStep:
    """One line of a void's timeline."""

    at: datetime
    stage: VoidStage
    by: str
    note: str = ""


class Void(Record):
    """The id is the order's: one label is voided once.

    `carrier_says` is the carrier's last word, `refusal` its reason. `sends` counts requests, by
    `turn` only the latest hand may say how its look ended. `until` ends the carrier's window.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    provider: str = StringField(required=True)
    label_id: str = StringField(required=True)
    amount: Money = MoneyField(required=True)
    by: str = StringField(required=True)
    reason: str = StringField(default="")

    status: VoidStage = EnumField(VoidStage, required=True, default=VoidStage.ASKED)
    timeline: tuple[VoidStep, ...] = ValuesField(VoidStep)
    carrier_says: str = StringField(default="")
    refusal: str = StringField(default="")
    decided_by: str = StringField(default="")
    sends: int = IntField(required=True, default=0)
    rejections: int = IntField(required=True, default=0)
    turn: int = IntField(required=True, default=0)
    unended: int = IntField(required=True, default=0)
    problem: str = StringField(default="")

    bought_at: datetime = DateTimeField(required=True)
    until: datetime = DateTimeField(required=True)
    sent_at: datetime | None = DateTimeField()
    scanned_at: datetime | None = DateTimeField()
    seen_at: datetime | None = DateTimeField()
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "voids",
        "queryset_class": MovingQuerySet,
        "indexes": [
            "label_id",
            ("status", "-created_at"),
            "-created_at",
            ("user_id", "-created_at"),
            UNFINISHED,
            {
                "fields": ["-scanned_at"],
                "partialFilterExpression": {"scanned_at": {"$type": "date"}},
                "name": "scanned_though_void",
            },
        ],
    }
