"""What carriers scan on the way, in ShipEngine's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.shipengine import shapes

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """`carrier_code` and `message` are the carrier's own, the rest is ShipEngine's."""

    code: str
    description: str
    detail_code: str
    carrier_code: str
    message: str
    label: str = "in_transit"


EXCEPTION = "Exception"
MEANINGS = {
    "unknown": Status("UN", "Unknown", "CARRIER_STATUS_NOT_MAPPED", "??", "No news", "unknown"),
    "pre_transit": Status(
        "NY", "Not Yet In System", "NOT_YET_RECEIVED_BY_CARRIER", "MP", "Shipping label created"
    ),
    "accepted": Status("AC", "Accepted", "RECEIVED_BY_CARRIER", "OR", "Origin scan"),
    "in_transit": Status("IT", "In Transit", "IN_TRANSIT", "AR", "Arrived at facility"),
    "out_for_delivery": Status("IT", "In Transit", "OUT_FOR_DELIVERY", "OF", "Out for delivery"),
    "delivered": Status("DE", "Delivered", "DELIVERED", "DL", "Delivered, front door", "delivered"),
    "available_for_pickup": Status(
        "SP",
        "Delivered To Collection Location",
        "CUSTOMER_TO_COLLECT_FROM_CARRIER",
        "RP",
        "Ready for pickup",
    ),
    "return_to_sender": Status(
        "EX", EXCEPTION, "RETURN_TO_SENDER", "RS", "Returned to sender", "error"
    ),
    "failure": Status(
        "EX", EXCEPTION, "NOT_DELIVERED", "UD", "Undeliverable as addressed", "error"
    ),
    "cancelled": Status("EX", EXCEPTION, "CANCELLED", "CA", "Shipment cancelled", "error"),
    "error": Status("EX", EXCEPTION, "PARCEL_LOST", "XX", "Problem on the way", "error"),
}


def scan(status: str, place: Document) -> Document:
    """`place` is the address at whose post office it happens."""
    return {
        "status": status,
        "at": shapes.now(),
        "city": place["city_locality"],
        "state": place["state_province"],
        "postal_code": place["postal_code"],
        "country": place["country_code"],
    }


def tracked(label: Document, scans: list[Document], arrives: str) -> Document:
    """`GET /labels/{id}/track`, newest first; `arrives` is a day with its time."""
    last = scans[-1]
    meaning = MEANINGS[last["status"]]
    delivered = next((one["at"] for one in scans if one["status"] == "delivered"), None)
    return {
        "tracking_number": label["tracking_number"],
        "tracking_url": label["tracking_url"],
        "status_code": meaning.code,
        "status_detail_code": meaning.detail_code,
        "carrier_code": label["carrier_code"],
        "carrier_id": 1,
        "status_description": meaning.description,
        "status_detail_description": meaning.message,
        "carrier_status_code": meaning.carrier_code,
        "carrier_detail_code": None,
        "carrier_status_description": meaning.message,
        "ship_date": label["ship_date"],
        "estimated_delivery_date": arrives,
        "actual_delivery_date": delivered,
        "exception_description": meaning.message if meaning.code == "EX" else None,
        "events": [_event(one) for one in reversed(scans)],
    }


def foreign(code: str, account_code: str) -> Document:
    """A number that nobody here has sold: nothing is known of it."""
    meaning = MEANINGS["unknown"]
    nothing = ("status_detail_code", "ship_date", "estimated_delivery_date", "actual_delivery_date")
    return dict.fromkeys(nothing) | {
        "tracking_number": code,
        "status_code": meaning.code,
        "carrier_code": account_code,
        "status_description": meaning.description,
        "carrier_status_code": meaning.carrier_code,
        "carrier_status_description": meaning.message,
        "exception_description": None,
        "events": [],
    }


def _event(one: Document) -> Document:
    """Local times without a zone and postal codes as numbers, as the real one has them."""
    meaning = MEANINGS[one["status"]]
    local = datetime.fromisoformat(one["at"]).replace(tzinfo=None, microsecond=0)
    digits = "".join(filter(str.isdigit, one["postal_code"][:5]))
    return {
        "occurred_at": one["at"],
        "carrier_occurred_at": local.isoformat(),
        "description": meaning.message,
        "city_locality": one["city"],
        "state_province": one["state"],
        "postal_code": int(digits) if digits else "",
        "country_code": one["country"],
        "company_name": "",
        "signer": "",
        "event_code": meaning.carrier_code,
        "carrier_detail_code": None,
        "status_code": meaning.code,
        "status_detail_code": meaning.detail_code,
        "status_description": meaning.description,
        "status_detail_description": meaning.message,
        "carrier_status_code": meaning.carrier_code,
        "carrier_status_description": meaning.message,
        "latitude": None,
        "longitude": None,
    }
