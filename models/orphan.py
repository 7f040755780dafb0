"""Orphans: labels that a carrier service charges us for and no customer pays."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, StringField

from core.money import Money
from models.base import MovingQuerySet, Record
from models.fields import MoneyField


class OrphanState(StrEnum):
    """FOUND: its void is to be sent. SENT: the carrier may have it. VOIDED: the cost is back.

    LOSS: no machine gets the cost back. CLOSED: an operator has seen to it.
    """

    FOUND = "found"
    SENT = "sent"
    VOIDED = "voided"
    LOSS = "loss"
    CLOSED = "closed"


class Orphan(Record):
    """The id is `<service>:<mode>:<label id>`: a label is found, voided and told once.

    `order_id` is the order that has ended without it; empty if no order ever was. Together, those
    that are a LOSS or CLOSED are the shop's loss account.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    service: str = StringField(required=True)
    label_id: str = StringField(required=True)
    order_id: str = StringField(default="")
    reference: str = StringField(default="")
    tracking_code: str = StringField(default="")
    cost: Money = MoneyField(required=True)

    status: OrphanState = EnumField(OrphanState, required=True)
    problem: str = StringField(default="")
    found_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "orphans",
        "queryset_class": MovingQuerySet,
        "indexes": [
            ("service", "status"),
            ("status", "-found_at"),
            "-found_at",
            {"fields": ["order_id"], "sparse": True},
            "tracking_code",
        ],
    }
