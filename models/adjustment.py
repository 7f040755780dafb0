"""Adjustments: what operators credit and debit by hand, each with its reason."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import BooleanField, DateTimeField, EnumField, LongField, StringField

from core.money import Money
from models.base import UNFINISHED, MovingQuerySet, Record
from models.fields import MoneyField


class AdjustmentState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    POSTED = "posted"
    REFUSED = "refused"
    DECLINED = "declined"


class Adjustment(Record):
    """The id is made when the form is rendered: a form sent twice is one adjustment."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    amount: Money = MoneyField(required=True)
    overdraft: bool = BooleanField(required=True, default=False)
    status: AdjustmentState = EnumField(AdjustmentState, required=True)
    by: str = StringField(required=True)
    reason: str = StringField(required=True)
    decided_by: str = StringField(default="")
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "adjustments",
        "queryset_class": MovingQuerySet,
        "indexes": [
            ("user_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            UNFINISHED,
        ],
    }
