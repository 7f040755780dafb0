"""What carriers scan on the way, in EasyPost's shapes."""

import secrets

from sandbox.carrier import rating, shapes
from sandbox.carrier.store import Document

UNSCANNED = ("unknown", "pre_transit")
STATUSES = (
    "unknown",
    "pre_transit",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "available_for_pickup",
    "return_to_sender",
    "failure",
    "cancelled",
    "error",
)
# EasyPost's own test codes, EZ1000000001 and so on, in this order.
TEST_STATUSES = (
    "pre_transit",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "return_to_sender",
    "failure",
    "unknown",
)
MESSAGES = {
    "pre_transit": "Shipping Label Created",
    "in_transit": "Arrived at facility",
    "out_for_delivery": "Out for delivery",
    "delivered": "Delivered, front door",
    "available_for_pickup": "Ready for pickup",
    "return_to_sender": "Returned to sender",
    "failure": "Undeliverable as addressed",
}
NOT_KNOWN = (
    "container_type",
    "est_delivery_date_local",
    "est_delivery_time_local",
    "destination_tracking_location",
    "guaranteed_delivery_date",
    "alternate_identifier",
    "initial_delivery_attempt",
)


def newborn(code: str, carrier: str, shipment_id: str, mode: str) -> Document:
    """As a purchase shows it: nothing scanned yet."""
    at, tracker_id = shapes.now(), shapes.new_id("trk")
    nothing = dict.fromkeys(("signed_by", "weight", "est_delivery_date"))
    return {
        "id": tracker_id,
        "object": "Tracker",
        "mode": mode,
        "tracking_code": code,
        "status": "unknown",
        "status_detail": "unknown",
        "created_at": at,
        "updated_at": at,
        **nothing,
        "shipment_id": shipment_id,
        "carrier": carrier,
        "tracking_details": [],
        "fees": [],
        "carrier_detail": None,
        "public_url": shapes.public_url(tracker_id),
    }


def announced(tracker: Document, from_: Document, to: Document, service: str) -> Document:
    """As it is seen from the next moment on: the label is known to the carrier."""
    return {
        **tracker,
        "status": "pre_transit",
        "status_detail": "status_update",
        "est_delivery_date": tracker["created_at"],
        "tracking_details": [
            scan(tracker["carrier"], "pre_transit", "Pre-Shipment Info Sent", None),
            scan(tracker["carrier"], "pre_transit", MESSAGES["pre_transit"], from_),
        ],
        "carrier_detail": _carrier_detail(service, from_, to),
    }


def tracking_code(carrier: str) -> str:
    """A fresh number in the carrier's form; it belongs to no real parcel."""
    digits = "".join(secrets.choice("0123456789") for _ in range(16))
    if carrier == rating.USPS:
        return f"940010{digits}"
    return f"1ZSAMPLE{digits[:10]}" if carrier == rating.UPS else f"79{digits[:10]}"


def scanned(tracker: Document, status: str) -> Document:
    end = (tracker["carrier_detail"] or {}).get("destination_location") or ""
    city, _, rest = end.rpartition(", ")[0].rpartition(" ")
    place = {"city": city or None, "state": rest or None, "zip": end.rpartition(", ")[2] or None}
    text = MESSAGES.get(status, status.replace("_", " ").capitalize())
    last = scan(tracker["carrier"], status, text, place)
    return {
        **tracker,
        "status": status,
        "status_detail": "status_update",
        "updated_at": shapes.now(),
        "signed_by": "RECIPIENT" if status == "delivered" else None,
        "tracking_details": [*tracker["tracking_details"], last],
    }


def scan(carrier: str, status: str, message: str, place: Document | None) -> Document:
    at = place or {}
    return {
        "object": "TrackingDetail",
        "message": f"{message} to {carrier}" if place is None else message,
        "description": "",
        "status": status,
        "status_detail": "status_update",
        "datetime": shapes.now(),
        "source": carrier,
        "carrier_code": "",
        "tracking_location": {
            "object": "TrackingLocation",
            "city": at.get("city"),
            "state": at.get("state"),
            "country": None,
            "zip": at.get("zip"),
        },
    }


def _carrier_detail(service: str, from_: Document, to: Document) -> Document:
    start, end = (f"{at['city']} {at['state']}, {str(at['zip'])[:5]}" for at in (from_, to))
    nothing = dict.fromkeys(NOT_KNOWN)
    return nothing | {
        "object": "CarrierDetail",
        "service": service,
        "origin_location": start,
        "origin_tracking_location": scan("", "", "", from_)["tracking_location"],
        "destination_location": end,
    }
