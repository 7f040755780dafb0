"""How far a parcel is, in our words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TrackingState(StrEnum):
    UNKNOWN = "unknown"
    PRE_TRANSIT = "pre_transit"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    RETURN_TO_SENDER = "return_to_sender"
    FAILURE = "failure"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Scan:
    """One line of a parcel's way: `at` is UTC, `place` as people write it, empty if unknown."""

    state: TrackingState
    at: datetime
    message: str
    place: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """What the carrier knows of a parcel; the oldest scan comes first."""

    tracking_code: str
    carrier: str
    state: TrackingState
    arrives: date | None
    scans: tuple[Scan, ...]
