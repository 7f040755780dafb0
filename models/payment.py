"""Payments: top-ups, each with its invoice at a provider."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import (
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    EnumField,
    IntField,
    LongField,
    StringField,
)

from core.modes import ApiMode
from core.money import Money
from models.base import UNFINISHED, MovingQuerySet, Record
from models.fields import MoneyField


class PaymentState(StrEnum):
    NEW = "new"
    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    REVIEW = "review"


class PaymentStep(EmbeddedDocument):
    """One line of a payment's timeline; `note` holds the provider's own word."""

    at: datetime = DateTimeField(required=True)
    state: PaymentState = EnumField(PaymentState, required=True)
    note: str = StringField(default="")


class Payment(Record):
    """States only move forward; `provider_id` is the invoice's id at the provider."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    provider: str = StringField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    amount: Money = MoneyField(required=True)
    status: PaymentState = EnumField(PaymentState, required=True, default=PaymentState.NEW)
    timeline: list[PaymentStep] = EmbeddedDocumentListField(PaymentStep)
    provider_id: str | None = StringField()
    provider_status: str = StringField(default="")
    url: str = StringField(default="")
    expires_at: datetime | None = DateTimeField()
    message_id: int | None = LongField()
    seen_at: datetime | None = DateTimeField()
    asked: int = IntField(required=True, default=0)
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "payments",
        "queryset_class": MovingQuerySet,
        "indexes": [
            ("user_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            {
                "fields": ["provider", "provider_id"],
                "unique": True,
                "partialFilterExpression": {"provider_id": {"$type": "string"}},
                "name": "provider_invoice",
            },
            UNFINISHED,
        ],
    }
