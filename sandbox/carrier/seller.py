"""EasyPost as a seller of labels."""

from decimal import Decimal

from sandbox.carrier.scans import STATUSES
from sandbox.carrier.store import Document, Store
from sandbox.carrier.trackers import Trackers


class Easypost:
    name: str = "easypost"
    statuses: tuple[str, ...] = STATUSES

    def __init__(self, store: Store, trackers: Trackers) -> None:
        self._store = store
        self._trackers = trackers

    def move(self, code: str, status: str) -> Document | None:
        known = self._store.get("trackers", code)
        return self._trackers.move(code, status) if known else None

    def settle(self, code: str, outcome: str) -> Document | None:
        tracker = self._store.get("trackers", code)
        return self._trackers.settle(str(tracker["shipment_id"]), outcome) if tracker else None

    def set_balance(self, balance: Decimal) -> None:
        self._store.put(self._store.with_balance(balance))
