"""Reports: what a night's comparison with a payment provider's own books has found."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import (
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    EnumField,
    IntField,
    StringField,
)

from core.money import Money
from models.base import Record
from models.fields import MoneyField


class FindingKind(StrEnum):
    """How two books can disagree about one invoice."""

    NOT_CREDITED_HERE = "not_credited_here"
    NOT_PAID_THERE = "not_paid_there"
    REFUNDED_THERE = "refunded_there"
    DIFFERENT = "different"
    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"


class ReportState(StrEnum):
    """FAILED: the provider did not answer, so nothing was compared."""

    CLEAN = "clean"
    FINDINGS = "findings"
    FAILED = "failed"


class Finding(EmbeddedDocument):
    """`told` is the provider's word, `received` its amount; `credited` is ours."""

    kind: FindingKind = EnumField(FindingKind, required=True)
    provider_id: str = StringField(required=True)
    payment_id: str = StringField(default="")
    told: str = StringField(default="")
    received: Money | None = MoneyField()
    credited: Money | None = MoneyField()


class Report(Record):
    """One comparison with one provider; insert-only. `listed` invoices there, `compared` here."""

    objects: ClassVar[Any]

    provider: str = StringField(required=True)
    status: ReportState = EnumField(ReportState, required=True)
    since: datetime = DateTimeField(required=True)
    created_at: datetime = DateTimeField(required=True)
    listed: int = IntField(required=True, default=0)
    compared: int = IntField(required=True, default=0)
    found: int = IntField(required=True, default=0)
    findings: list[Finding] = EmbeddedDocumentListField(Finding)

    meta: ClassVar = {
        "collection": "reports",
        "indexes": ["-created_at", ("status", "-created_at"), ("provider", "-created_at")],
    }
