"""Payments: top-ups, each with its invoice at a provider."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, IntField, LongField, StringField

from core.modes import ApiMode
from core.money import Money
from models.base import UNFINISHED, MovingQuerySet, Record
from models.connection import collection
from models.fields import MoneyField, ValuesField

COLLECTION = "payments"


class PaymentState(StrEnum):
    """UNDERPAID: a part is credited, and the rest is still welcome. REJECTED: by an operator."""

    NEW = "new"
    PENDING = "pending"
    UNDERPAID = "underpaid"
    PAID = "paid"
    EXPIRED = "expired"
    REVIEW = "review"
    REJECTED = "rejected"


class PaymentRule(StrEnum):
    """What a provider's report, or an operator, decided for a payment. Each has words."""

    WAITING = "waiting"
    SEEN = "seen"
    PAID = "paid"
    OVERPAID = "overpaid"
    UNDERPAID = "underpaid"
    PAID_IN_PARTS = "paid_in_parts"
    PAID_LATE = "paid_late"
    EXPIRED = "expired"
    UNCLEAR = "unclear"
    DIFFERENT = "different"
    REFUNDED = "refunded"
    REFUNDED_AFTER_CREDIT = "refunded_after_credit"
    SETTLED = "settled"
    CREDITED_BY_OPERATOR = "credited_by_operator"
    REJECTED_BY_OPERATOR = "rejected_by_operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStep:
    """One line of a payment's timeline; `note` holds the provider's word or the reason."""

    at: datetime
    state: PaymentState
    rule: PaymentRule | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A decided part of what arrived: decided first, booked in the ledger after."""

    amount: Money
    rule: PaymentRule
    by: str
    reason: str = ""
    at: datetime


def topup_key(provider: str, provider_id: str, part: int = 0) -> str:
    """The ledger's key of one part of what was credited on an invoice."""
    return f"topup:{provider}:{provider_id}" + (f":{part}" if part else "")


class PaymentQuerySet(MovingQuerySet):
    def wake(
        self, provider: str, provider_id: str, *, when: Collection[PaymentState], at: datetime
    ) -> str | None:
        """Make the payment of an invoice due, if it stands in one of these; answer its id."""
        row = collection(COLLECTION).find_one_and_update(
            {"provider": provider, "provider_id": provider_id, "status": {"$in": [*when]}},
            {"$set": {"next_at": at}},
            projection={"_id": True},
        )
        return row["_id"] if row else None


class Payment(Record):
    """States only move forward; `provider_id` is the invoice's id at the provider.

    `credits` only grows. The first `booked` of them stand in the ledger for certain; those after
    may not stand there yet.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    provider: str = StringField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    amount: Money = MoneyField(required=True)
    status: PaymentState = EnumField(PaymentState, required=True, default=PaymentState.NEW)
    timeline: tuple[PaymentStep, ...] = ValuesField(PaymentStep)
    provider_id: str | None = StringField()
    provider_status: str = StringField(default="")
    received: Money | None = MoneyField()
    credits: tuple[Credit, ...] = ValuesField(Credit)
    booked: int = IntField(required=True, default=0)
    url: str = StringField(default="")
    expires_at: datetime | None = DateTimeField()
    seen_at: datetime | None = DateTimeField()
    asked: int = IntField(required=True, default=0)
    wakes: int = IntField(required=True, default=0)
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    @property
    def credited(self) -> Money:
        """What was decided to be credited so far, in all."""
        nothing = Money(0, self.amount.currency)
        return sum((credit.amount for credit in self.credits), nothing)

    @property
    def keys(self) -> list[str]:
        """Under these the ledger has, or will have, what was credited on it."""
        parts = range(max(len(self.credits), 1))
        return [topup_key(self.provider, str(self.provider_id), part) for part in parts]

    @property
    def unbooked(self) -> dict[int, Credit]:
        """The decided parts that may not stand in the ledger yet, by their number."""
        return dict(enumerate(self.credits[self.booked :], self.booked))

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": PaymentQuerySet,
        # Payments of before know the message that showed them; now the draft does.
        "strict": False,
        "indexes": [
            ("user_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            {
                "fields": ["provider", "provider_id"],
                "unique": True,
                # By type, MongoDB would not take it for a search of one invoice.
                "partialFilterExpression": {"provider_id": {"$exists": True}},
                "name": "invoice_of_provider",
            },
            UNFINISHED,
        ],
    }
