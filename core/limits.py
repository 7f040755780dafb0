"""What each carrier takes, checked before anybody asks it for rates."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from core.errors import Refusal
from core.parcels import Parcel

CARRIERS = ("USPS", "UPS", "FedEx")
Measure = Literal["weight_lb", "longest_in", "length_plus_girth_in"]
NOTHING = Decimal(0)
_TENTH = Decimal("0.1")
_NEAR = Decimal("0.2")
"""Nobody takes more than this share off a parcel that is already packed."""


@dataclass(frozen=True, slots=True)
class Fix:
    """The little less with which a carrier would take the parcel too, each to the next tenth up.

    `service` is empty when that holds for all of the carrier's services. Zero means that nothing
    has to change. Where sizes have to, either is enough: the longest side made `shorter_in`
    shorter, or the one after it `slimmer_in`; zero for the one that would not do by itself.
    """

    carrier: str
    service: str
    lighter_lb: Decimal
    shorter_in: Decimal
    slimmer_in: Decimal


class TooBigForEveryCarrier(Refusal):
    """Facts: `measure`, `limit` and `actual`, by the most generous carrier; `fix` (or None)."""


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
_TIERS = (
    ("UPS", "", _UPS_AND_FEDEX),
    ("USPS", "GroundAdvantage", _USPS_GROUND_ADVANTAGE),
    ("USPS", "", _USPS),
)
"""From the most generous to the cheapest."""


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
            measure=broken.measure, limit=broken.limit, actual=broken.actual, fix=next_fix(parcel)
        )
    return willing


def next_fix(parcel: Parcel) -> Fix | None:
    """What a little less would reach next; None when all take it, or it is far from a limit."""
    for carrier, service, limits in _TIERS:
        if any(getattr(parcel, measure) > getattr(limits, measure) for measure in _MEASURES):
            return _fix(parcel, carrier, service, limits)
    return None


def _fix(parcel: Parcel, carrier: str, service: str, limits: _Limits) -> Fix | None:
    longest, second, _ = sorted(parcel.sizes_in, reverse=True)
    lighter = max(parcel.weight_lb - limits.weight_lb, NOTHING).quantize(_TENTH, ROUND_CEILING)
    shorter, slimmer = _shorter(parcel, limits), _slimmer(parcel, limits)
    if lighter > parcel.weight_lb * _NEAR:
        return None
    if (shorter, slimmer) == (NOTHING, NOTHING):
        return Fix(carrier, service, lighter, NOTHING, NOTHING)
    shorter = shorter if shorter is not None and shorter <= longest * _NEAR else NOTHING
    slimmer = slimmer if slimmer is not None and slimmer <= second * _NEAR else NOTHING
    return Fix(carrier, service, lighter, shorter, slimmer) if shorter or slimmer else None


def _shorter(parcel: Parcel, limits: _Limits) -> Decimal | None:
    """How much less of the longest side alone is enough, in inches; None when nothing is."""
    longest, second, third = sorted(parcel.sizes_in, reverse=True)
    if second > limits.longest_in:
        return None
    left = limits.length_plus_girth_in - 2 * (second + third)
    if left < second:
        # It is the longest no more, and counts twice from there on, as part of the girth.
        left = (limits.length_plus_girth_in - second) / 2 - third
    return _less(longest, min(left, limits.longest_in))


def _slimmer(parcel: Parcel, limits: _Limits) -> Decimal | None:
    """The same of the side that comes after the longest."""
    longest, second, third = sorted(parcel.sizes_in, reverse=True)
    if longest > limits.longest_in:
        return None
    return _less(second, (limits.length_plus_girth_in - longest) / 2 - third)


def _less(side: Decimal, most: Decimal) -> Decimal | None:
    less = max(side - most, NOTHING).quantize(_TENTH, ROUND_CEILING)
    return less if less < side else None


def _limits_of(carrier: str, service: str) -> _Limits:
    # Accounts have names of their own, such as UPSDAP or FedExDefault.
    if not carrier.upper().startswith("USPS"):
        return _UPS_AND_FEDEX
    if not service or "groundadvantage" in service.replace(" ", "").replace("_", "").lower():
        return _USPS_GROUND_ADVANTAGE
    return _USPS
