"""Parcels on their way, and the webhooks that hear of them."""

import requests

from sandbox.carrier.store import Document, Store
from sandbox.notices import Notices
from sandbox.shipengine import shapes
from sandbox.shipengine.editions import SHIPENGINE, Edition
from sandbox.shipengine.keys import Keyring
from sandbox.shipengine.labels import Labels
from sandbox.shipengine.scans import MEANINGS, scan, tracked
from sandbox.shipengine.webhooks import Webhooks, forgery, notice
from sandbox.world import World

# Twice more, half an hour apart.
WEBHOOK_RETRIES = (1800.0, 1800.0)


class Tracking:
    def __init__(
        self, world: World, store: Store, edition: Edition, labels: Labels, keys: Keyring
    ) -> None:
        self._world = world
        self._store = store
        self._edition = edition
        self._labels = labels
        self._keys = keys
        standing = world.settings.shipengine_webhook if edition is SHIPENGINE else ""
        self.hooks = Webhooks(store, standing)
        self._notices = Notices(world, edition.name, WEBHOOK_RETRIES, _welcomed)

    def of(self, label_id: str) -> Document:
        sold = self._labels.get(label_id)
        return tracked(sold["label"], sold["scans"], sold["arrives"])

    def move(self, label_id: str, status: str) -> Document:
        """The carrier scans a parcel at its end; webhooks hear of it."""
        with self._store.lock:
            sold = self._labels.get(label_id)
            ends = self._store.get("shipments", sold["label"]["shipment_id"]) or {}
            began = status in ("unknown", "pre_transit", "accepted", "return_to_sender")
            place = ends["ship_from"] if began else ends["ship_to"]
            label = {**sold["label"], "tracking_status": MEANINGS[status].label}
            scans = [*sold["scans"], scan(status, place)]
            self._store.put(("labels", label_id, {**sold, "label": label, "scans": scans}))
        news = self.of(label_id)
        self._tell(label, news)
        return news

    def _tell(self, label: Document, news: Document) -> None:
        base = self._world.public_url() + self._edition.prefix
        path = self._edition.webhook_path.format(
            carrier=label["carrier_code"], code=label["tracking_number"], label_id=label["label_id"]
        )
        body = {
            "resource_url": base + path,
            "resource_type": self._edition.webhook_type,
            # As documented: this day comes without a zone.
            "data": news | {"estimated_delivery_date": news["estimated_delivery_date"].rstrip("Z")},
        }
        for hook in self.hooks.of_parcels():
            true = notice(hook, body, self._keys.current(), shapes.now())
            self._notices.send(true, forgery(true))


def _welcomed(response: requests.Response) -> bool:
    return response.ok
