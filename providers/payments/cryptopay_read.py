"""Crypto Pay's answers and updates in our words: pure readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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

FIAT = "fiat"
PAID_UPDATE = "invoice_paid"
STATES = {
    "active": InvoiceState.WAITING,
    "paid": InvoiceState.PAID,
    "expired": InvoiceState.EXPIRED,
}
"""Nobody can pay a part, too much, or an expired one: a wallet pays the whole sum at once."""
_INVOICE_ID = re.compile(r"\d{1,19}", re.ASCII)


class BrokenAnswer(ValueError):
    """An answer that lacks what every answer of its kind has."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One invoice of a list, with the time it was made."""

    report: InvoiceReport
    created_at: datetime


def read_invoice(raw: Mapping[str, Any]) -> Invoice:
    """Raises BrokenAnswer."""
    url = text(raw.get("bot_invoice_url"), most=2000)
    if not url.startswith(("https://", "http://")):
        raise BrokenAnswer
    expires_at = _moment(raw.get("expiration_date"))
    return Invoice(provider_id=_invoice_id(raw), url=url, expires_at=expires_at)


def read_report(raw: Mapping[str, Any]) -> InvoiceReport:
    """Raises BrokenAnswer. An invoice in coins is not one of ours: its worth is unclear."""
    status = text(raw.get("status"), most=40).lower()
    if not status:
        raise BrokenAnswer
    ours = raw.get("currency_type") == FIAT
    state = STATES.get(status, InvoiceState.UNCLEAR) if ours else InvoiceState.UNCLEAR
    amount = _amount(raw, "fiat" if ours else "asset")
    received = amount if state is InvoiceState.PAID else Money(0, amount.currency)
    return InvoiceReport(
        provider_id=_invoice_id(raw),
        state=state,
        status=status,
        amount=amount,
        payment_id=text(raw.get("payload")),
        received=received,
    )


def read_page(raw: Mapping[str, Any]) -> list[Listed]:
    """One page of a list, in its order. Raises BrokenAnswer."""
    items = raw.get("items")
    if not isinstance(items, list) or not all(isinstance(each, Mapping) for each in items):
        raise BrokenAnswer
    return [Listed(read_report(each), _moment(each.get("created_at"))) for each in items]


def read_notice(body: bytes) -> tuple[Notice, datetime | None]:
    """An update whose signature was found right, and when it was sent. Raises UnreadableNotice.

    Its `update_id` is of no use: it is documented not to be unique.
    """
    try:
        raw = exact_json.read(body)
        if not isinstance(raw, Mapping) or raw.get("update_type") != PAID_UPDATE:
            raise UnreadableNotice(provider="cryptopay")
        told = raw.get("payload")
        if not isinstance(told, Mapping):
            raise UnreadableNotice(provider="cryptopay")
        status = text(told.get("status"), most=40).lower()
        notice = Notice(_invoice_id(told), text(told.get("payload")), status)
    except (exact_json.UnreadableJson, BrokenAnswer) as error:
        raise UnreadableNotice(provider="cryptopay") from error
    return notice, _sent_at(raw)


def read_error(raw: Mapping[str, Any]) -> tuple[str, str]:
    """The error's code and name, as ("400", "EXPIRES_IN_INVALID"); empty when there is none."""
    error = raw.get("error")
    if not isinstance(error, Mapping):
        return "", ""
    return text(error.get("code")), text(error.get("name"))


def _amount(raw: Mapping[str, Any], currency: str) -> Money:
    named = text(raw.get(currency), most=10)
    if not named:
        raise BrokenAnswer
    try:
        return Money.of(text(raw.get("amount")), named)
    except UnreadableAmount as error:
        raise BrokenAnswer from error


def _invoice_id(raw: Mapping[str, Any]) -> str:
    invoice_id = text(raw.get("invoice_id"))
    if _INVOICE_ID.fullmatch(invoice_id) is None:
        raise BrokenAnswer
    return invoice_id


def _moment(raw: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text(raw))
    except ValueError as error:
        raise BrokenAnswer from error
    if moment.tzinfo is None:
        raise BrokenAnswer
    return moment


def _sent_at(raw: Mapping[str, Any]) -> datetime | None:
    try:
        return _moment(raw.get("request_date"))
    except BrokenAnswer:
        return None
