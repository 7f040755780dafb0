"""Tracking: what is known of each bought label's way, and when somebody looks again."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, IntField, LongField, StringField

from core.journeys import Journey
from core.modes import ApiMode
from core.tracking import Scan, TrackingState
from models.base import UNFINISHED, MovingQuerySet, Record
from models.fields import ValuesField
from models.parts import noon


class Trail(Record):
    """The id is the order's. `told` is the last state that the customer was told of.

    `turn` counts looks: only the hand whose turn it is may write down what it saw. `offer_at` is
    when the label's void is offered, if it is unscanned then; gone when that is decided. `seen_at`
    is when an operator took a stalled one in hand; gone as soon as it moves.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    provider: str = StringField(required=True)
    carrier: str = StringField(required=True)
    tracking_code: str = StringField(required=True)

    status: TrackingState = EnumField(TrackingState, required=True, default=TrackingState.UNKNOWN)
    told: TrackingState = EnumField(TrackingState, required=True, default=TrackingState.UNKNOWN)
    scans: tuple[Scan, ...] = ValuesField(Scan)
    arrives_at: datetime | None = DateTimeField()
    turn: int = IntField(required=True, default=0)
    unended: int = IntField(required=True, default=0)
    problem: str = StringField(default="")

    next_at: datetime | None = DateTimeField()
    looked_at: datetime | None = DateTimeField()
    offer_at: datetime | None = DateTimeField()
    stalled_at: datetime | None = DateTimeField()
    seen_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    @property
    def journey(self) -> Journey:
        arrives = self.arrives_at.date() if self.arrives_at else None
        return Journey(self.status, tuple(self.scans), arrives)

    meta: ClassVar = {
        "collection": "tracking",
        "queryset_class": MovingQuerySet,
        "indexes": [
            ("tracking_code", "-created_at"),
            ("user_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            UNFINISHED,
            {
                "fields": ["-stalled_at"],
                "partialFilterExpression": {"stalled_at": {"$type": "date"}},
                "name": "stalled",
            },
        ],
    }


def learnt(journey: Journey) -> dict[str, Any]:
    """The updates that make a document tell this journey."""
    return {
        "set__status": journey.state,
        "set__scans": journey.scans,
        "set__arrives_at": noon(journey.arrives),
    }
