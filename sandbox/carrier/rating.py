"""Prices of postage: invented, but believable, and the same for the same parcel and distance."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
OUNCES_A_POUND = 16
CUBIC_FOOT = 1728

USPS, UPS, FEDEX = "USPS", "UPS", "FedEx"
ACCOUNTS = {
    USPS: "ca_b25657e9896e4d63ac8151ac346ac41e",
    UPS: "ca_51a1c0de0000000000000000000000a1",
    FEDEX: "ca_51a1c0de0000000000000000000000b2",
}
POST_BOX = re.compile(r"\W*p\W*o\W*box\b", re.IGNORECASE)
ACCOUNT_TYPES = {USPS: "UspsAccount", UPS: "UpsAccount", FEDEX: "FedexAccount"}


@dataclass(frozen=True, slots=True)
class Service:
    """Price: base, plus a step a zone, plus each further pound, dearer the farther it goes."""

    carrier: str
    name: str
    base: Decimal
    zone_step: Decimal
    pound: Decimal
    pound_zone: Decimal
    days: tuple[int, ...]
    girth_limit: int


@dataclass(frozen=True, slots=True)
class Price:
    service: Service
    rate: Decimal
    list_rate: Decimal
    retail_rate: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Limits:
    pounds: int
    length: int
    dim_divisor: int


LIMITS = {USPS: Limits(70, 108, 166), UPS: Limits(150, 108, 139), FEDEX: Limits(150, 108, 139)}


def service(
    carrier: str, name: str, prices: str, days: tuple[int, ...], girth_limit: int = 165
) -> Service:
    """`prices` are base, zone step, pound and pound a zone, in dollars; `days` by zone."""
    base, zone_step, pound, pound_zone = (Decimal(price) for price in prices.split())
    return Service(carrier, name, base, zone_step, pound, pound_zone, days, girth_limit)


# Days by zone: zones 1-2, 3-4, 5-6, 7 and farther.
SERVICES = (
    service(USPS, "GroundAdvantage", "5.02 0.35 0.42 0.11", (2, 3, 4, 5), 130),
    service(USPS, "Priority", "6.52 0.30 0.55 0.21", (1, 2, 2, 3), 108),
    service(USPS, "Express", "28.15 2.00 2.05 0.48", (1, 1, 1, 2), 108),
    service(UPS, "Ground", "8.94 0.41 0.38 0.09", (1, 3, 4, 5)),
    service(UPS, "3DaySelect", "13.62 1.12 0.81 0.24", (3, 3, 3, 3)),
    service(UPS, "2ndDayAir", "17.48 1.85 1.16 0.36", (2, 2, 2, 2)),
    service(UPS, "NextDayAir", "38.27 4.10 1.94 0.62", (1, 1, 1, 1)),
    service(FEDEX, "FEDEX_GROUND", "9.21 0.39 0.37 0.10", (1, 3, 4, 5)),
    service(FEDEX, "FEDEX_EXPRESS_SAVER", "14.05 1.18 0.84 0.25", (3, 3, 3, 3)),
    service(FEDEX, "FEDEX_2_DAY", "16.93 1.79 1.10 0.35", (2, 2, 2, 2)),
    service(FEDEX, "STANDARD_OVERNIGHT", "36.40 3.95 1.88 0.60", (1, 1, 1, 1)),
)


def price(service: Service, parcel: dict[str, Any], zone: int) -> Price:
    pounds = _billable_pounds(parcel, LIMITS[service.carrier].dim_divisor)
    rate = service.base + service.zone_step * (zone - 1)
    rate += (pounds - 1) * (service.pound + service.pound_zone * (zone - 1))
    return Price(
        service,
        _cents(rate),
        _cents(rate * Decimal("1.08")),
        _cents(rate * Decimal("1.31")),
        service.days[min((zone - 1) // 2, len(service.days) - 1)],
    )


def refusal(service: Service, parcel: dict[str, Any]) -> str | None:
    """Why the carrier won't take the parcel with this service; None when it will."""
    limits = LIMITS[service.carrier]
    sides = _sides(parcel)
    if Decimal(str(parcel["weight"])) > limits.pounds * OUNCES_A_POUND:
        return f"The package weight exceeds the maximum of {limits.pounds} lbs."
    if sides[0] > limits.length:
        return f"The package length exceeds the maximum of {limits.length} inches."
    if sides[0] + 2 * (sides[1] + sides[2]) > service.girth_limit:
        return f"Length plus girth exceeds the maximum of {service.girth_limit} inches."
    return None


def objection(carrier: str, street: object) -> str | None:
    """Why a label that was rated by its ZIP is not sold after all; None when it is."""
    if carrier != USPS and POST_BOX.match(str(street or "")):
        return f"{carrier} does not deliver to P.O. boxes."
    return None


def _billable_pounds(parcel: dict[str, Any], dim_divisor: int) -> Decimal:
    pounds = Decimal(str(parcel["weight"])) / OUNCES_A_POUND
    sides = _sides(parcel)
    volume = sides[0] * sides[1] * sides[2]
    if volume > CUBIC_FOOT:
        pounds = max(pounds, volume / dim_divisor)
    return max(pounds.to_integral_value(ROUND_CEILING), Decimal(1))


def _sides(parcel: dict[str, Any]) -> list[Decimal]:
    names = ("length", "width", "height")
    return sorted((Decimal(str(parcel.get(name) or 0)) for name in names), reverse=True)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
