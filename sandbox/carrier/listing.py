"""Shipments in lists: EasyPost's pages, and the books for tests."""

from collections.abc import Callable
from typing import Any

from sandbox.carrier.store import Document

LARGEST_PAGE = 100
USUAL_PAGE = 20


def page(shipments: list[Document], args: Callable[..., Any]) -> Document:
    """One page of `GET /shipments`, newest first. `purchased` is true unless said otherwise."""
    found = list(reversed(shipments))
    if args("purchased", "true").lower() not in ("false", "0"):
        found = [one for one in found if one["postage_label"]]
    else:
        found = [one for one in found if not one["postage_label"]]
    if start := args("start_datetime"):
        found = [one for one in found if one["created_at"] >= start[:19]]
    if end := args("end_datetime"):
        found = [one for one in found if one["created_at"] < end[:19]]
    ids = [one["id"] for one in found]
    if (before := args("before_id")) in ids:
        found = found[ids.index(before) + 1 :]
    size = min(args("page_size", USUAL_PAGE, type=int), LARGEST_PAGE)
    if (after := args("after_id")) in ids:
        newer = found[: ids.index(after)]
        return {"shipments": newer[-size:], "has_more": len(newer) > size}
    return {"shipments": found[:size], "has_more": len(found) > size}


def book(shipments: list[Document]) -> list[Document]:
    """Every label that was bought, oldest shipment first."""
    return [_booked(shipment) for shipment in shipments if shipment["postage_label"]]


def _booked(shipment: Document) -> Document:
    return {
        "service": "easypost",
        "shipment_id": shipment["id"],
        "reference": shipment["reference"],
        "tracking_code": shipment["tracking_code"],
        "cost": shipment["selected_rate"]["rate"],
        "status": shipment["refund_status"] or "purchased",
        "bought_at": shipment["postage_label"]["created_at"],
    }
