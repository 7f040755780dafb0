"""ShipEngine's webhooks: signed with a key of a published set, and what they tell."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from core.clock import Clock
from providers import exact_json
from providers.carriers.base import CarrierDown, CarrierNews, ForgedNews, UnreadableNews
from providers.carriers.shipengine_errors import OK, BrokenAnswer, entries, mapping
from providers.carriers.shipengine_labels import read_moment
from providers.carriers.shipengine_tracking import read_tracked
from providers.exact_json import text
from providers.http import Door, NotSent, Silent
from providers.rsa import PublicKey

KEY_ID, SIGNATURE, SENT_AT = (
    "x-shipengine-rsa-sha256-key-id",
    "x-shipengine-rsa-sha256-signature",
    "x-shipengine-timestamp",
)
MOST_SKEW = timedelta(minutes=5)
KEYS_REST = timedelta(seconds=30)
"""So that forged notices with made-up keys do not have us ask without end."""
TRACK_KINDS = frozenset({"API_TRACK", "TRACK_EVENT_V2"})


class Keys:
    """The published keys by their ids, asked for again when one is not among them."""

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door, self._clock, self._lock = door, clock, Lock()
        self._known: dict[str, PublicKey] = {}
        self._asked_at: datetime | None = None
        self._trouble: CarrierDown | None = None

    def get(self, key_id: str) -> PublicKey | None:
        """None for an unknown key. Raises CarrierDown when the set can't be had."""
        with self._lock:
            key, asked_at, trouble = self._known.get(key_id), self._asked_at, self._trouble
        if key is not None:
            return key
        if asked_at is None or self._clock.now() >= asked_at + KEYS_REST:
            return self._refreshed().get(key_id)
        if trouble is not None:
            raise CarrierDown(**trouble.facts)
        return None

    def _refreshed(self) -> Mapping[str, PublicKey]:
        """Failures rest as well: whoever waits for a silent server keeps others waiting."""
        known, trouble = self._known, None
        try:
            known = self._ask()
        except CarrierDown as down:
            trouble = down
        with self._lock:
            self._known, self._trouble, self._asked_at = known, trouble, self._clock.now()
        if trouble is not None:
            raise trouble
        return known

    def _ask(self) -> dict[str, PublicKey]:
        try:
            answer = self._door.call("GET", "")
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=self._door.name) from error
        read = [(text(raw.get("kid")), PublicKey.of(raw)) for raw in _keys(answer.data)]
        if answer.status != OK or not read:
            raise CarrierDown(provider=self._door.name, reason=f"HTTP.{answer.status}")
        return {key_id: key for key_id, key in read if key is not None}


@dataclass(frozen=True, slots=True)
class NewsReader:
    """Reads what arrives now: a notice kept for later would be taken for a repeated one."""

    keys: Keys
    clock: Clock
    provider: str

    def read(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        """Raises ForgedNews, UnreadableNews; CarrierDown while no key can be had."""
        self._must_be_theirs(body, {name.lower(): value for name, value in headers.items()})
        try:
            news = exact_json.read(body)
            return _news(mapping(news), hashlib.sha256(body).hexdigest()[:32])
        except (exact_json.UnreadableJson, BrokenAnswer) as error:
            raise UnreadableNews(provider=self.provider) from error

    def _must_be_theirs(self, body: bytes, headers: Mapping[str, str]) -> None:
        told = [headers.get(name, "").strip() for name in (KEY_ID, SIGNATURE, SENT_AT)]
        if not all(told):
            raise ForgedNews(provider=self.provider, reason="unsigned")
        key_id, signature, stamp = told
        sent_at = read_moment(stamp)
        if sent_at is None or abs(self.clock.now() - sent_at) > MOST_SKEW:
            raise ForgedNews(provider=self.provider, reason="stale")
        key = self.keys.get(key_id)
        if key is None:
            raise ForgedNews(provider=self.provider, reason="unknown_key")
        if not key.signed(f"{stamp}.".encode() + body, signature):
            raise ForgedNews(provider=self.provider, reason="signature")


def _news(raw: Mapping[str, Any], event_id: str) -> CarrierNews:
    """They carry no id of their own: the same body is the same event, however often it comes."""
    kind = text(raw.get("resource_type"))
    if not kind:
        raise BrokenAnswer
    if kind not in TRACK_KINDS:
        return CarrierNews(event_id=event_id)
    label = re.search(r"/labels/([^/?]+)/track", text(raw.get("resource_url"), most=2000))
    return CarrierNews(
        event_id=event_id,
        tracked=read_tracked(mapping(raw.get("data"))),
        label_id=label[1] if label else "",
    )


def _keys(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [mapping(key) for key in entries(raw.get("keys"))]
