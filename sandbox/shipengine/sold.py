"""What can be said of a label that was sold; see Labels for its keys."""

from datetime import UTC, datetime, timedelta
from time import time

from sandbox.carrier.scans import UNSCANNED
from sandbox.carrier.store import Document

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
STATUSES = {"": "purchased", PENDING: "submitted", APPROVED: "refunded", REJECTED: "rejected"}
VOID_WINDOW = timedelta(days=30)


def is_ready(sold: Document) -> bool:
    return bool(time() >= sold["ready_at"])


def is_scanned(sold: Document) -> bool:
    return sold["scans"][-1]["status"] not in UNSCANNED


def is_refunding(sold: Document) -> bool:
    return bool(sold["refund"] == PENDING)


def refusal(sold: Document) -> str:
    """The reason code with which a void is not approved; empty when it is."""
    age = datetime.now(UTC) - datetime.fromisoformat(sold["label"]["created_at"])
    reasons = {
        "label_already_voided": sold["label"]["voided"],
        sold["refusal"]: bool(sold["refusal"]),
        "label_already_used": is_scanned(sold),
        "label_not_found_within_void_period": age > VOID_WINDOW,
        "validation_failed": not is_ready(sold),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def booked(service: str, sold: Document) -> Document:
    """As `GET /world/books` lists it, voids in the words of all sellers."""
    label = sold["label"]
    return {
        "service": service,
        "shipment_id": label["shipment_id"],
        "reference": label["external_shipment_id"],
        "tracking_code": label["tracking_number"],
        "cost": f"{label['shipment_cost']['amount']:.2f}",
        "status": STATUSES[sold["refund"]],
        "bought_at": label["created_at"],
    }
