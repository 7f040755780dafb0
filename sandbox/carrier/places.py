"""Where a ZIP lies, how far two of them are apart, and whether an address can be delivered to."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

import zipcodes

ZONE_MILES = (50, 150, 300, 600, 1000, 1400, 1800)
FARTHEST_ZONE = 9
EARTH_MILES = 3958.8
NOT_FOUND = ("E.ADDRESS.NOT_FOUND", "address", "Address not found")
NO_FLAT = (
    "E.SECONDARY_INFORMATION.MISSING",
    "street2",
    "Missing secondary information(Apt/Suite#)",
)
FLATS = frozenset({"APT", "APARTMENT", "SUITE", "STE", "UNIT"})
NO_HOUSE_NUMBER = ("E.HOUSE_NUMBER.MISSING", "street1", "House number is missing")


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    state: str
    latitude: float | None
    longitude: float | None
    time_zone: str


@lru_cache(maxsize=4096)
def place(zip_code: str) -> Place | None:
    """The place of a five-digit or ZIP+4 code; None when there is none."""
    five = zip_code[:5]
    if len(five) != len("12345") or not five.isdigit():
        return None
    found = zipcodes.matching(five)
    if not found:
        return None
    raw = found[0]
    latitude, longitude = (float(raw[name]) if raw[name] else None for name in ("lat", "long"))
    return Place(raw["city"], raw["state"], latitude, longitude, raw["timezone"] or "")


def zone(from_zip: str, to_zip: str) -> int | None:
    """USPS-like zone 1 to 9 by great-circle distance; None when a ZIP is unknown."""
    start, end = place(from_zip), place(to_zip)
    if start is None or end is None:
        return None
    if None in (start.latitude, start.longitude, end.latitude, end.longitude):
        return FARTHEST_ZONE
    miles = _miles(start, end)
    return 1 + sum(miles > limit for limit in ZONE_MILES)


def failures(address: dict[str, Any]) -> list[dict[str, Any]]:
    """Why the address can't be delivered to, as EasyPost lists it; empty when it can."""
    street = str(address.get("street1") or "").strip()
    found = place(str(address.get("zip") or ""))
    state = str(address.get("state") or "").upper()
    if found is None or not street or "unknown" in street.lower() or state not in ("", found.state):
        return [_failure(*NOT_FOUND)]
    if not any(sign.isdigit() for sign in street):
        return [_failure(*NO_HOUSE_NUMBER)]
    return []


def doubts(address: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing although the house is known: a flat that has no number."""
    line = f"{address.get('street1') or ''} {address.get('street2') or ''}".upper().split()
    return [_failure(*NO_FLAT)] if line and line[-1].strip("#.,") in FLATS else []


def delivered_as(address: dict[str, Any]) -> dict[str, Any]:
    """The fields of a good address as the post writes them: capitals, ZIP+4."""
    zip_code = str(address["zip"])
    found = place(zip_code)
    if found is None:
        return {}
    street = " ".join(str(address.get(name) or "") for name in ("street1", "street2")).strip()
    return {
        "name": _capitals(address.get("name")),
        "company": _capitals(address.get("company")),
        "street1": street.upper(),
        "street2": "",
        "city": found.city.upper(),
        "state": found.state,
        "zip": f"{zip_code[:5]}-{_last_four(street)}",
        "residential": not address.get("company"),
    }


def details(address: dict[str, Any]) -> dict[str, Any]:
    found = place(str(address["zip"]))
    if found is None:
        return {}
    return {
        "latitude": found.latitude,
        "longitude": found.longitude,
        "time_zone": found.time_zone,
    }


def _failure(code: str, field: str, message: str) -> dict[str, Any]:
    return {"code": code, "field": field, "message": message, "suggestion": None}


def _capitals(text: str | None) -> str | None:
    return text.upper() if text else text


def _last_four(street: str) -> str:
    number = int.from_bytes(hashlib.sha256(street.upper().encode()).digest()[:4])
    return f"{1000 + number % 8999}"


def _miles(start: Place, end: Place) -> float:
    first, second = radians(start.latitude or 0), radians(end.latitude or 0)
    across = radians((end.longitude or 0) - (start.longitude or 0))
    half = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(half))
