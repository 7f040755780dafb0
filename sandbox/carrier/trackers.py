"""Parcels on their way: what carriers scan, what the shop is told, when voids are settled."""

from decimal import Decimal
from functools import partial
from typing import Any

from sandbox.carrier import errors, rating, shapes
from sandbox.carrier.events import refund_successful, tracker_updated
from sandbox.carrier.hooks import Hooks
from sandbox.carrier.scans import TEST_STATUSES, UNSCANNED, announced, newborn, scanned
from sandbox.carrier.store import Change, Document, Store
from sandbox.world import World


class Trackers:
    def __init__(self, world: World, store: Store, hooks: Hooks) -> None:
        self._store = store
        self._hooks = hooks
        self._alarms = world.alarms
        self._settle_seconds = world.settings.refund_seconds
        world.on_start(self._resume)

    def create(self, given: Any, mode: str) -> Document:
        if not isinstance(given, dict) or not given.get("tracking_code"):
            raise errors.missing("tracking_code")
        code = str(given["tracking_code"])
        with self._store.lock:
            tracker = self._store.get("trackers", code)
            if tracker is None:
                tracker = _foreign(code, str(given.get("carrier") or rating.USPS), mode)
                self._store.put(("trackers", code, tracker))
        return _as_created(tracker)

    def get(self, key: str) -> Document:
        tracker = self._store.get("trackers", key)
        if tracker is not None:
            return _as_created(tracker)
        for candidate in self._store.all("trackers"):
            if candidate["id"] == key:
                return _as_created(candidate)
        raise errors.not_found()

    def move(self, code: str, status: str) -> Document:
        """The carrier scans a parcel; webhooks that were registered hear of it."""
        with self._store.lock:
            before = self._store.get("trackers", code)
            if before is None:
                raise errors.not_found()
            tracker = scanned(before, status)
            changes: list[Change] = [("trackers", code, tracker)]
            shipment = self._store.get("shipments", str(before["shipment_id"]))
            if shipment is not None:
                moved = {**shipment, "tracker": tracker, "status": status}
                changes.append(("shipments", shipment["id"], moved))
            self._store.put(*changes)
        self._hooks.tell(tracker_updated(tracker, before["status"]))
        return tracker

    def settle(self, shipment_id: str, outcome: str) -> Document | None:
        """The carrier decides on a void that was submitted; refunded money comes back."""
        with self._store.lock:
            shipment = self._store.get("shipments", shipment_id)
            if shipment is None or shipment["refund_status"] != "submitted":
                return None
            settled = {**shipment, "refund_status": outcome, "updated_at": shapes.now()}
            changes: list[Change] = [("shipments", shipment_id, settled)]
            if outcome == "refunded":
                settled["fees"] = [{**fee, "refunded": True} for fee in shipment["fees"]]
                price = Decimal(shipment["selected_rate"]["rate"])
                changes.append(self._store.with_balance(self._store.balance + price))
            self._store.put(*changes)
        if outcome == "refunded":
            self._hooks.tell(refund_successful(settled))
        return settled

    def settle_later(self, shipment_id: str) -> None:
        """Left alone, a void is granted after a while; one that was scanned since is not."""
        self._alarms.after(self._settle_seconds, partial(self._settle_quietly, shipment_id))

    def _settle_quietly(self, shipment_id: str) -> None:
        with self._store.lock:
            shipment = self._store.get("shipments", shipment_id)
            if shipment is None or shipment["refund_status"] != "submitted":
                return
            scanned = shipment["tracker"]["status"] not in UNSCANNED
            self.settle(shipment_id, "rejected" if scanned else "refunded")

    def _resume(self) -> None:
        for shipment in self._store.all("shipments"):
            if shipment["refund_status"] == "submitted":
                self.settle_later(shipment["id"])


def _foreign(code: str, carrier: str, mode: str) -> Document:
    tracker = newborn(code, carrier, "", mode) | {"shipment_id": None}
    number = int(code[-1]) if code.startswith("EZ") and code[-1].isdigit() else 0
    status = TEST_STATUSES[number - 1] if 1 <= number <= len(TEST_STATUSES) else "unknown"
    if status == "unknown":
        return tracker
    houston = {"city": "HOUSTON", "state": "TX", "zip": "77063"}
    charleston = {"city": "CHARLESTON", "state": "SC", "zip": "29401"}
    known = announced(tracker, houston, charleston, "First-Class Package Service")
    return known if status == "pre_transit" else scanned(known, status)


def _as_created(tracker: Document) -> Document:
    """The trackers' own endpoint says more and less than the tracker inside a shipment."""
    finalized = {"finalized": True, "is_return": False}
    return {name: value for name, value in tracker.items() if name != "fees"} | finalized
