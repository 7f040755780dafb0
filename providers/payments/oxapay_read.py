"""OxaPay's answers and notices in our words: pure readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.money import Money, UnreadableAmount
from providers import exact_json
from providers.exact_json import text
from providers.payments.base import (
    Invoice,
    InvoiceReport,
    InvoiceState,
    Notice,
    UnreadableNotice,
)

CURRENCY = "USD"
PAYMENT_TYPES = frozenset({"invoice", "white_label", "static_address", "payment_link", "donation"})
"""What the official SDK takes for a merchant's notice; the only other type is a payout's."""
STATES = {
    "new": InvoiceState.WAITING,
    "waiting": InvoiceState.WAITING,
    "paying": InvoiceState.SEEN,
    "paid": InvoiceState.PAID,
    "manual_accept": InvoiceState.PAID,
    "underpaid": InvoiceState.UNDERPAID,
    "expired": InvoiceState.EXPIRED,
    "refunding": InvoiceState.REFUNDED,
    "refunded": InvoiceState.REFUNDED,
}
"""What may come besides these needs a person's eyes."""
CONFIRMED = "confirmed"
_TRACK_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


class BrokenAnswer(ValueError):
    """An answer that lacks what every answer of its kind has."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error in OxaPay's words: `reason` for machines, `told` for people."""

    reason: str
    told: str


def read_invoice(raw: Mapping[str, Any]) -> Invoice:
    """Raises BrokenAnswer."""
    url = text(raw.get("payment_url"), most=2000)
    if not url.startswith(("https://", "http://")):
        raise BrokenAnswer
    return Invoice(provider_id=_track_id(raw), url=url, expires_at=_moment(raw.get("expired_at")))


def read_report(raw: Mapping[str, Any]) -> InvoiceReport:
    """Raises BrokenAnswer."""
    status = _status(raw)
    if not status:
        raise BrokenAnswer
    try:
        amount = Money.of(text(raw.get("amount")), text(raw.get("currency")) or CURRENCY)
    except UnreadableAmount as error:
        raise BrokenAnswer from error
    received = _received(raw)
    known = STATES.get(status, InvoiceState.UNCLEAR)
    return InvoiceReport(
        provider_id=_track_id(raw),
        state=known if received is not None else InvoiceState.UNCLEAR,
        status=status,
        amount=amount,
        payment_id=text(raw.get("order_id")),
        received=received or Money(0),
    )


def read_page(raw: Mapping[str, Any]) -> list[InvoiceReport]:
    """One page of a list. Raises BrokenAnswer."""
    listed = raw.get("list")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise BrokenAnswer
    return [read_report(each) for each in listed]


def read_currencies(raw: Mapping[str, Any]) -> list[str]:
    """Raises BrokenAnswer."""
    listed = raw.get("list")
    symbols = [text(each, most=20) for each in listed] if isinstance(listed, list) else []
    if not all(symbols) or not isinstance(listed, list):
        raise BrokenAnswer
    return [symbol.upper() for symbol in symbols]


def read_notice(body: bytes) -> Notice:
    """A notice whose signature was found right. Raises UnreadableNotice."""
    try:
        raw = exact_json.read(body)
        if not isinstance(raw, Mapping) or text(raw.get("type")).lower() not in PAYMENT_TYPES:
            raise UnreadableNotice(provider="oxapay")
        return Notice(_track_id(raw), text(raw.get("order_id")), _status(raw))
    except (exact_json.UnreadableJson, BrokenAnswer) as error:
        raise UnreadableNotice(provider="oxapay") from error


def read_error(raw: Mapping[str, Any]) -> Told:
    error = raw.get("error")
    if not isinstance(error, Mapping):
        return Told("", text(raw.get("message")))
    reason = text(error.get("key")) or text(error.get("type"))
    return Told(reason, text(error.get("message")) or text(raw.get("message")))


def _status(raw: Mapping[str, Any]) -> str:
    """Lower case in the API, Title case in notices."""
    return text(raw.get("status"), most=40).lower()


def _received(raw: Mapping[str, Any]) -> Money | None:
    """What the confirmed coins were worth in dollars, in all; None when one has no value.

    `value` is in dollars whatever the coin is; an invoice's list entry may lack `txs`.
    """
    sent = raw.get("txs") or []
    if not isinstance(sent, list) or not all(isinstance(one, Mapping) for one in sent):
        return None
    confirmed = [one for one in sent if text(one.get("status")).lower() == CONFIRMED]
    try:
        values = [Decimal(text(one.get("value"))) for one in confirmed]
        total = Money.of(sum(values, Decimal(0)), CURRENCY)
    except (ArithmeticError, UnreadableAmount):
        return None
    return total if all(value > 0 for value in values) else None


def _track_id(raw: Mapping[str, Any]) -> str:
    track_id = text(raw.get("track_id"))
    if _TRACK_ID.fullmatch(track_id) is None:
        raise BrokenAnswer
    return track_id


def _moment(raw: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(Decimal(text(raw))), UTC)
    except (InvalidOperation, ValueError, OverflowError, OSError) as error:
        raise BrokenAnswer from error
