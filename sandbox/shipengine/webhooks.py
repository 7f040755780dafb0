"""Who is told of what: registered webhooks, and how their news is signed."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sandbox.carrier.store import Document, Store
from sandbox.notices import Notice
from sandbox.shipengine import errors, shapes
from sandbox.shipengine.keys import KeyPair

EVENTS = (
    "batch",
    "carrier_connected",
    "order_source_refresh_complete",
    "rate",
    "report_complete",
    "sales_orders_imported",
    "track",
)


class Webhooks:
    """`standing` is told of parcels besides those who registered; empty means nobody."""

    def __init__(self, store: Store, standing: str) -> None:
        self._store = store
        self._standing = standing

    def of_parcels(self) -> list[Document]:
        hooks = [hook for hook in self.all() if hook["event"] == "track"]
        return [*hooks, *([{"url": self._standing, "headers": []}] if self._standing else [])]

    def create(self, given: dict[str, Any]) -> Document:
        for field in ("event", "url"):
            if not given.get(field):
                raise errors.required(field)
        if given["event"] not in EVENTS:
            raise errors.invalid("event", f"must be one of {', '.join(EVENTS)}")
        with self._store.lock:
            for known in self._store.all("webhooks"):
                if (known["event"], known["url"]) == (given["event"], given["url"]):
                    raise errors.webhook_exists()
            hook = {
                "webhook_id": shapes.new_id(),
                "url": given["url"],
                "event": given["event"],
                "headers": given.get("headers") or [],
            }
            self._store.put(("webhooks", hook["webhook_id"], hook))
        return hook

    def all(self) -> list[Document]:
        return self._store.all("webhooks")

    def get(self, webhook_id: str) -> Document:
        hook = self._store.get("webhooks", webhook_id)
        if hook is None:
            raise errors.unknown("Webhook", webhook_id)
        return hook

    def change(self, webhook_id: str, given: dict[str, Any]) -> None:
        changes = {name: given[name] for name in ("url", "headers") if name in given}
        self._store.put(("webhooks", webhook_id, self.get(webhook_id) | changes))

    def delete(self, webhook_id: str) -> None:
        self.get(webhook_id)
        self._store.put(("webhooks", webhook_id, None))


def notice(hook: Document, body: Document, key: KeyPair, timestamp: str) -> Notice:
    """Signed are the timestamp, a full stop and the body as it is sent."""
    text = json.dumps(body)
    headers = {header["key"]: header["value"] for header in hook["headers"]}
    headers |= {
        "x-shipengine-rsa-sha256-key-id": key.kid,
        "x-shipengine-rsa-sha256-signature": key.signature(f"{timestamp}.{text}".encode()),
        "x-shipengine-timestamp": timestamp,
        "Content-Type": "application/json",
    }
    return Notice(key=body["data"]["tracking_number"], url=hook["url"], body=text, headers=headers)


def forgery(true: Notice) -> Notice:
    """Another body under the signature of the true one."""
    body = json.loads(true.body)
    body["data"] |= {"status_code": "DE", "status_description": "Delivered", "events": []}
    return replace(true, id=uuid4().hex, body=json.dumps(body))
