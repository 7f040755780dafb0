"""EasyPost's webhooks: what a moved parcel makes it send."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from unicodedata import normalize

from sandbox.carrier import shapes
from sandbox.carrier.store import Document
from sandbox.notices import Notice


def event(hook: Document, secret: str, tracker: Document, before: str) -> Notice:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    body = json.dumps(
        {
            "description": "tracker.updated",
            "mode": tracker["mode"],
            "previous_attributes": {"status": before},
            "created_at": at,
            "pending_urls": [hook["url"]],
            "completed_urls": [],
            "updated_at": at,
            "id": shapes.new_id("evt"),
            "user_id": "user_5a9d0000000000000000000000000001",
            "status": "pending",
            "object": "Event",
            "result": tracker,
        }
    )
    headers = {header["name"]: header["value"] for header in hook["custom_headers"]}
    if secret:
        headers["X-Hmac-Signature"] = f"hmac-sha256-hex={signature(secret, body)}"
    headers["Content-Type"] = "application/json"
    return Notice(key=tracker["tracking_code"], url=hook["url"], body=body, headers=headers)


def signature(secret: str, body: str) -> str:
    key = normalize("NFKD", secret).encode()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
