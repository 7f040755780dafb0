"""Alerts: what operators were told needs them, and when it was over."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import BooleanField, DateTimeField, EnumField, StringField

from models.base import Record


class AlertKind(StrEnum):
    """Each has words in the bot's texts and a row in docs/runbook.md."""

    LEDGER_MISMATCH = "ledger_mismatch"
    ACCOUNT_FROZEN = "account_frozen"
    ORDER_REVIEW = "order_review"
    CARRIER_FUNDS = "carrier_funds"
    PAYMENT_REVIEW = "payment_review"
    NOTICE_GIVEN_UP = "notice_given_up"
    VOID_REVIEW = "void_review"
    VOID_USED = "void_used"
    PARCEL_STALLED = "parcel_stalled"
    CARRIER_ORPHAN = "carrier_orphan"
    CARRIER_BALANCE_LOW = "carrier_balance_low"
    BATCH_STILL = "batch_still"
    ERASING_LATE = "erasing_late"
    QUEUE_SILENT = "queue_silent"


class AlertState(StrEnum):
    OPEN = "open"
    OVER = "over"


class Alert(Record):
    """The id is `<kind>:<subject>`: raised again it is the same one, with another time."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    kind: AlertKind = EnumField(AlertKind, required=True)
    subject: str = StringField(required=True)
    words: str = StringField(default="")
    status: AlertState = EnumField(AlertState, required=True, default=AlertState.OPEN)
    told: bool = BooleanField(required=True, default=False)
    raised_at: datetime = DateTimeField(required=True)
    over_at: datetime | None = DateTimeField()

    meta: ClassVar = {"collection": "alerts", "indexes": ["-raised_at", ("status", "-raised_at")]}
