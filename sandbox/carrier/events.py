"""EasyPost's webhooks: what a moved parcel or a decided void makes it send."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from unicodedata import normalize
from uuid import uuid4

from sandbox.carrier import shapes
from sandbox.carrier.store import Document
from sandbox.notices import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`about` is the tracking code: what is told of one parcel is told in its order."""

    description: str
    about: str
    mode: str
    result: Document
    previous: Document = field(default_factory=dict)


def tracker_updated(tracker: Document, before: str) -> Event:
    return Event(
        description="tracker.updated",
        about=tracker["tracking_code"],
        mode=tracker["mode"],
        result=tracker,
        previous={"status": before},
    )


def refund_successful(shipment: Document) -> Event:
    """Assumption: the event is documented, its keys are those of every Refund."""
    return Event(
        description="refund.successful",
        about=shipment["tracking_code"],
        mode=shipment["mode"],
        result=shapes.refund(shipment),
    )


def notice(hook: Document, secret: str, event: Event) -> Notice:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    body = json.dumps(
        {
            "description": event.description,
            "mode": event.mode,
            "previous_attributes": event.previous,
            "created_at": at,
            "pending_urls": [hook["url"]],
            "completed_urls": [],
            "updated_at": at,
            "id": shapes.new_id("evt"),
            "user_id": "user_5a9d0000000000000000000000000001",
            "status": "pending",
            "object": "Event",
            "result": event.result,
        }
    )
    headers = {header["name"]: header["value"] for header in hook["custom_headers"]}
    if secret:
        headers["X-Hmac-Signature"] = f"hmac-sha256-hex={signature(secret, body)}"
    headers["Content-Type"] = "application/json"
    return Notice(key=event.about, url=hook["url"], body=body, headers=headers)


def forgery(true: Notice) -> Notice:
    """Another body under the signature of the true one."""
    body = json.loads(true.body)
    body["result"]["status"] = "delivered"
    return replace(true, id=uuid4().hex, body=json.dumps(body | {"id": shapes.new_id("evt")}))


def signature(secret: str, body: str) -> str:
    key = normalize("NFKD", secret).encode()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
