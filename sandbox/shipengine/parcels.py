"""A parcel as ShipEngine's requests describe it, in the units that the rating knows."""

from decimal import Decimal
from typing import Any

from sandbox.shipengine import errors

OUNCES = {
    "ounce": Decimal(1),
    "pound": Decimal(16),
    "gram": Decimal("0.03527396195"),
    "kilogram": Decimal("35.27396195"),
}
INCHES = {"inch": Decimal(1), "centimeter": Decimal("0.3937007874")}
SIDES = ("length", "width", "height")
Document = dict[str, Any]


def parcel(packages: Any) -> dict[str, Any]:
    """`weight` in ounces, sides in inches. Assumption: these carriers take one package a label."""
    if not isinstance(packages, list) or not packages:
        raise errors.required("shipment.packages")
    if len(packages) > 1:
        raise errors.invalid("shipment.packages", "Only one package is supported.")
    weight = packages[0].get("weight") or {}
    ounces = _in(OUNCES, weight, "value", "shipment.packages[0].weight")
    if ounces <= 0:
        raise errors.invalid("shipment.packages[0].weight.value", "must be greater than 0")
    sizes = packages[0].get("dimensions") or {"unit": "inch"}
    where = "shipment.packages[0].dimensions"
    return {"weight": ounces, **{side: _in(INCHES, sizes, side, where) for side in SIDES}}


def _in(units: dict[str, Decimal], given: Document, name: str, where: str) -> Decimal:
    if given.get("unit") not in units:
        raise errors.invalid(f"{where}.unit", f"must be one of {', '.join(units)}")
    value = given.get(name) or 0
    if not isinstance(value, int | float):
        raise errors.invalid(f"{where}.{name}", "must be a number")
    return Decimal(str(value)) * units[given["unit"]]
