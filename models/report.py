"""Reports: what a night's comparison with an outside service's own books has found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, IntField, StringField

from core.money import Money
from models.base import Record
from models.fields import ValuesField


class FindingKind(StrEnum):
    """How two books can disagree about one invoice or one label."""

    NOT_CREDITED_HERE = "not_credited_here"
    NOT_PAID_THERE = "not_paid_there"
    REFUNDED_THERE = "refunded_there"
    DIFFERENT = "different"
    UNKNOWN_HERE = "unknown_here"
    UNKNOWN_THERE = "unknown_there"

    LABEL_OF_NO_ORDER = "label_of_no_order"
    LABEL_OF_ENDED_ORDER = "label_of_ended_order"
    SECOND_LABEL = "second_label"
    LABEL_NOT_LISTED = "label_not_listed"
    COST_DIFFERS = "cost_differs"


class ReportState(StrEnum):
    """FAILED: the service did not answer, so nothing was compared."""

    CLEAN = "clean"
    FINDINGS = "findings"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`told` is the provider's word, `received` its amount; `credited` is ours.

    Of a label, `provider_id` is its id there, and the amounts are what it cost.
    """

    kind: FindingKind
    provider_id: str
    payment_id: str = ""
    order_id: str = ""
    told: str = ""
    received: Money | None = None
    credited: Money | None = None


class Report(Record):
    """One comparison with one service; insert-only. `listed` there, `compared` here.

    `provider` is a payment provider, or a carrier service and its mode, as `easypost:test`.
    """

    objects: ClassVar[Any]

    provider: str = StringField(required=True)
    status: ReportState = EnumField(ReportState, required=True)
    since: datetime = DateTimeField(required=True)
    created_at: datetime = DateTimeField(required=True)
    listed: int = IntField(required=True, default=0)
    compared: int = IntField(required=True, default=0)
    found: int = IntField(required=True, default=0)
    findings: tuple[Finding, ...] = ValuesField(Finding)

    meta: ClassVar = {
        "collection": "reports",
        "indexes": ["-created_at", ("status", "-created_at"), ("provider", "-created_at")],
    }
