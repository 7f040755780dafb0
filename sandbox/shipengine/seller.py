"""ShipEngine, or ShipStation, as a seller of labels."""

from decimal import Decimal

from sandbox.carrier.store import Document, Store
from sandbox.shipengine.labels import Labels
from sandbox.shipengine.scans import MEANINGS
from sandbox.shipengine.tracking import Tracking


class Seller:
    statuses: tuple[str, ...] = tuple(MEANINGS)

    def __init__(self, name: str, store: Store, labels: Labels, tracking: Tracking) -> None:
        self.name = name
        self._store = store
        self._labels = labels
        self._tracking = tracking

    def move(self, code: str, status: str) -> Document | None:
        sold = self._labels.by_code(code)
        return self._tracking.move(sold["label"]["label_id"], status) if sold else None

    def settle(self, code: str, outcome: str) -> Document | None:
        sold = self._labels.by_code(code)
        return self._labels.settle(sold, outcome) if sold else None

    def set_balance(self, balance: Decimal) -> None:
        self._store.put(self._store.with_balance(balance))
