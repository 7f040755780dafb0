"""What each carrier takes, checked before anybody asks it for rates."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import Refusal
from core.parcels import Parcel

CARRIERS = ("USPS", "UPS", "FedEx")
Measure = Literal["weight_lb", "longest_in", "length_plus_girth_in"]


class TooBigForEveryCarrier(Refusal):
    """Facts: `measure`, `limit` and `actual`, by the most generous carrier."""


@dataclass(frozen=True, slots=True)
class BrokenLimit:
    """One measure over what the carrier takes; its name ends in its unit."""

    carrier: str
    measure: Measure
    limit: Decimal
    actual: Decimal


@dataclass(frozen=True, slots=True)
class _Limits:
    weight_lb: Decimal
    longest_in: Decimal
    length_plus_girth_in: Decimal


_USPS = _Limits(Decimal(70), Decimal(108), Decimal(108))
_USPS_GROUND_ADVANTAGE = _Limits(Decimal(70), Decimal(108), Decimal(130))
_UPS_AND_FEDEX = _Limits(Decimal(150), Decimal(108), Decimal(165))
_MEASURES: tuple[Measure, ...] = ("weight_lb", "longest_in", "length_plus_girth_in")


def broken_limits(parcel: Parcel, carrier: str, service: str = "") -> list[BrokenLimit]:
    """Empty when the carrier takes it. Without a service: by the carrier's most generous one."""
    limits = _limits_of(carrier, service)
    return [
        BrokenLimit(carrier, measure, getattr(limits, measure), getattr(parcel, measure))
        for measure in _MEASURES
        if getattr(parcel, measure) > getattr(limits, measure)
    ]


def carriers_that_take(parcel: Parcel) -> tuple[str, ...]:
    """Never empty. Raises TooBigForEveryCarrier."""
    willing = tuple(name for name in CARRIERS if not broken_limits(parcel, name))
    if not willing:
        broken = broken_limits(parcel, "UPS")[0]
        raise TooBigForEveryCarrier(
            measure=broken.measure, limit=broken.limit, actual=broken.actual
        )
    return willing


def _limits_of(carrier: str, service: str) -> _Limits:
    # Accounts have names of their own, such as UPSDAP or FedExDefault.
    if not carrier.upper().startswith("USPS"):
        return _UPS_AND_FEDEX
    if not service or "groundadvantage" in service.replace(" ", "").replace("_", "").lower():
        return _USPS_GROUND_ADVANTAGE
    return _USPS
