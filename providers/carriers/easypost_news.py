"""EasyPost's webhooks (https://docs.easypost.com/guides/webhooks-guide)."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from pydantic import SecretStr

from providers.carriers.base import CarrierNews, ForgedNews, UnreadableNews, VoidState
from providers.carriers.easypost_calls import NAME
from providers.carriers.easypost_tracking import BrokenTracker, read_tracked
from providers.exact_json import UnreadableJson, read, text

SIGNATURE_HEADER = "x-hmac-signature"
SCHEME = "hmac-sha256-hex="
TRACKER_EVENTS = frozenset({"tracker.created", "tracker.updated"})
REFUNDED = "refund.successful"
"""The only event of a void; one that is rejected is heard of by asking."""


def read_news(body: bytes, headers: Mapping[str, str], secret: SecretStr | None) -> CarrierNews:
    """Raises ForgedNews, also while there is no secret to check with, and UnreadableNews."""
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), "")
    if secret is None or not _is_signed(body, given, secret.get_secret_value()):
        raise ForgedNews(provider=NAME)
    try:
        event = read(body)
    except UnreadableJson as error:
        raise UnreadableNews(provider=NAME) from error
    event_id = text(event.get("id")) if isinstance(event, dict) else ""
    if not event_id:
        raise UnreadableNews(provider=NAME)
    return _news(event_id, text(event.get("description")), event.get("result"))


def _is_signed(body: bytes, given: str, secret: str) -> bool:
    key = normalize("NFKD", secret).encode()
    expected = SCHEME + hmac.new(key, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().encode(errors="replace"))


def _news(event_id: str, description: str, result: Any) -> CarrierNews:
    if not isinstance(result, Mapping):
        return CarrierNews(event_id)
    if description in TRACKER_EVENTS:
        try:
            return CarrierNews(event_id, tracked=read_tracked(result))
        except BrokenTracker as error:
            raise UnreadableNews(provider=NAME) from error
    label_id = text(result.get("shipment_id"))
    if description == REFUNDED and label_id:
        return CarrierNews(event_id, label_id=label_id, void=VoidState.REFUNDED)
    return CarrierNews(event_id)
