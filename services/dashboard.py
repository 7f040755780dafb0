"""The shop's day in numbers, and what needs a person. Days begin at midnight UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.clock import Clock
from core.modes import ApiMode
from core.money import Money
from core.urgency import Urgency
from models import ledger
from models.adjustment import AdjustmentState
from models.alert import AlertKind, AlertState
from models.balance import CarrierBalance
from models.connection import collection
from models.ledger import EntryKind
from models.order import OrderState
from models.orphan import OrphanState
from models.outbox import NoteState
from models.payment import PaymentState
from models.report import ReportState
from models.void import VoidStage
from services.balances import STALE

HOLDING = (
    OrderState.HELD,
    OrderState.BUYING,
    OrderState.UNKNOWN,
    OrderState.BOUGHT,
    OrderState.FAILED,
    OrderState.REVIEW,
)
"""In these states an order's price is set aside."""
ALERTS_SHOWN = (
    AlertKind.LEDGER_MISMATCH,
    AlertKind.QUEUE_SILENT,
    AlertKind.NOTICE_GIVEN_UP,
    AlertKind.BATCH_STILL,
    AlertKind.CARRIER_FUNDS,
    AlertKind.CARRIER_BALANCE_LOW,
)
"""The others are counted where they stand."""
UNKNOWN_TOO_LONG = timedelta(minutes=10)
OVERDUE = timedelta(minutes=5)
UNDELIVERABLE_SHOWN = timedelta(days=1)
NO_BROADCAST = {"urgency": {"$ne": Urgency.BROADCAST.value}}
"""One goes out at its own pace, and many whom it is for have left."""
REPORTS_SHOWN = timedelta(days=1)
COUNTED_AT_MOST = 1000
NAMED_AT_MOST = 5


class Concern(StrEnum):
    """What a machine can't put right."""

    PAYMENTS_IN_REVIEW = "payments_in_review"
    BOOKS_DISAGREE = "books_disagree"
    BOOKS_NOT_COMPARED = "books_not_compared"
    ORDERS_IN_REVIEW = "orders_in_review"
    ORDERS_UNKNOWN = "orders_unknown"
    VOIDS_IN_REVIEW = "voids_in_review"
    VOIDS_USED = "voids_used"
    PARCELS_STALLED = "parcels_stalled"
    ADJUSTMENTS_WAITING = "adjustments_waiting"
    ACCOUNTS_FROZEN = "accounts_frozen"
    ORPHANS_LOST = "orphans_lost"
    ALERTS = "alerts"
    NOTES_UNDELIVERABLE = "notes_undeliverable"
    NOTES_OVERDUE = "notes_overdue"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and how much together."""

    count: int
    total: Money


NO_TALLY = Tally(0, Money(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the ledger says of one day; costs are those of the labels captured in it."""

    since: datetime
    labels: int
    test_labels: int
    revenue: Money
    cost: Money
    topups: Mapping[str, Tally]
    refunds: Tally

    @property
    def margin(self) -> Money:
        return self.revenue - self.cost

    @property
    def topped_up(self) -> Money:
        return sum((tally.total for tally in self.topups.values()), Money(0))


Look = tuple[Concern, str, Mapping[str, Any]]
_IS_DATE = {"$type": "date"}
WAITING: tuple[Look, ...] = (
    (Concern.PAYMENTS_IN_REVIEW, "payments", {"status": PaymentState.REVIEW}),
    (Concern.ORDERS_IN_REVIEW, "orders", {"status": OrderState.REVIEW}),
    (Concern.VOIDS_IN_REVIEW, "voids", {"status": VoidStage.REVIEW}),
    (
        Concern.VOIDS_USED,
        "voids",
        {"scanned_at": _IS_DATE, "seen_at": None, "status": VoidStage.GRANTED},
    ),
    (Concern.PARCELS_STALLED, "tracking", {"stalled_at": _IS_DATE, "seen_at": None}),
    (Concern.ADJUSTMENTS_WAITING, "adjustments", {"status": AdjustmentState.WAITING}),
    (Concern.ACCOUNTS_FROZEN, "account_freezes", {"frozen_at": _IS_DATE}),
    (Concern.ORPHANS_LOST, "orphans", {"status": OrphanState.LOSS}),
    (Concern.ALERTS, "alerts", {"status": AlertState.OPEN, "kind": {"$in": [*ALERTS_SHOWN]}}),
)
"""What waits for a person, in indexed questions."""


@dataclass(frozen=True, slots=True)
class Attention:
    """`count` is cut off at a thousand; `ids` are the first few, the longest waiting first."""

    concern: Concern
    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    clock: Clock

    def today(self) -> Day:
        now = self.clock.now()
        since = now.replace(hour=0, minute=0, second=0, microsecond=0)
        captured = _captured(since)
        return Day(
            since=since,
            labels=sum(row["labels"] for row in captured.values()),
            test_labels=captured.get(ApiMode.TEST, {"labels": 0})["labels"],
            revenue=Money(sum(int(row["revenue"]) for row in captured.values())),
            cost=Money(sum(int(row["cost"]) for row in captured.values())),
            topups=_sums(EntryKind.TOPUP, since=since, by={"$last": {"$split": ["$by", ":"]}}),
            refunds=_sums(EntryKind.RELEASE, EntryKind.REFUND, since=since, by=None).get(
                "None", NO_TALLY
            ),
        )

    def held(self) -> Tally:
        """What unfinished orders have set aside now."""
        rows = collection("orders").aggregate(
            [
                {"$match": {"status": {"$in": [*HOLDING]}}},
                {"$group": {"_id": None, "count": {"$sum": 1}, "total": {"$sum": "$price.minor"}}},
            ]
        )
        return next((Tally(row["count"], Money(int(row["total"]))) for row in rows), NO_TALLY)

    def funds(self) -> list[CarrierBalance]:
        """What is left at each carrier service that has a balance, as lately told."""
        lately = CarrierBalance.objects(told_at__gte=self.clock.now() - STALE, amount__ne=None)
        return list(lately.order_by("pk"))

    def attention(self) -> list[Attention]:
        """Only what there is; empty on a good day."""
        found = [_look(*look) for look in (*WAITING, *_late(self.clock.now()))]
        return [one for one in found if one.count]


def _captured(since: datetime) -> dict[str, dict[str, Any]]:
    """The labels charged since then, by mode: how many, for how much, at what cost.

    A pipeline inside the look-up would make it five times slower.
    """
    order = {
        "from": "orders",
        "localField": "ref.order",
        "foreignField": "_id",
        "as": "order",
    }
    group = {
        "_id": {"$first": "$order.mode"},
        "labels": {"$sum": 1},
        "revenue": {"$sum": {"$subtract": [0, "$d_held"]}},
        "cost": {"$sum": {"$first": "$order.cost.minor"}},
    }
    since_then = {"kind": EntryKind.CAPTURE.value, "at": {"$gte": since}}
    rows = collection(ledger.COLLECTION).aggregate(
        [{"$match": since_then}, {"$lookup": order}, {"$group": group}]
    )
    return {str(row["_id"]): row for row in rows}


def _sums(*kinds: EntryKind, since: datetime, by: Mapping[str, Any] | None) -> dict[str, Tally]:
    rows = collection(ledger.COLLECTION).aggregate(
        [
            {"$match": {"kind": {"$in": [*kinds]}, "at": {"$gte": since}}},
            {"$group": {"_id": by, "count": {"$sum": 1}, "total": {"$sum": "$d_available"}}},
            {"$sort": {"_id": 1}},
        ]
    )
    return {str(row["_id"]): Tally(row["count"], Money(int(row["total"]))) for row in rows}


def _look(concern: Concern, name: str, query: Mapping[str, Any]) -> Attention:
    documents = collection(name)
    first = documents.find(query, {"_id": 1}).sort("created_at", 1).limit(NAMED_AT_MOST)
    return Attention(
        concern,
        documents.count_documents(query, limit=COUNTED_AT_MOST),
        tuple(str(row["_id"]) for row in first),
    )


def _late(now: datetime) -> tuple[Look, ...]:
    """What a machine should have done by now, or has told of a short while ago."""
    lately = {"created_at": {"$gte": now - REPORTS_SHOWN}}
    return (
        (Concern.BOOKS_DISAGREE, "reports", {"status": ReportState.FINDINGS, **lately}),
        (Concern.BOOKS_NOT_COMPARED, "reports", {"status": ReportState.FAILED, **lately}),
        (
            Concern.ORDERS_UNKNOWN,
            "orders",
            {"status": OrderState.UNKNOWN, "moved_at": {"$lte": now - UNKNOWN_TOO_LONG}},
        ),
        (
            Concern.NOTES_UNDELIVERABLE,
            "outbox",
            {
                "status": NoteState.UNDELIVERABLE,
                **NO_BROADCAST,
                "created_at": {"$gte": now - UNDELIVERABLE_SHOWN},
            },
        ),
        (
            Concern.NOTES_OVERDUE,
            "outbox",
            {
                "next_at": {"$type": "date", "$lte": now - OVERDUE},
                "status": {"$in": [NoteState.NEW, NoteState.SENDING]},
                **NO_BROADCAST,
            },
        ),
    )
