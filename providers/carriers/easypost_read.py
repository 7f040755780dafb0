"""EasyPost's answers in our words: pure readers, proved on its recordings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.money import Money, UnreadableAmount
from providers.carriers.base import Bought, Quoted, Rate, VoidState
from providers.exact_json import text

CURRENCY = "USD"


class BrokenShipment(ValueError):
    """An answer that lacks what every shipment has."""


@dataclass(frozen=True, slots=True)
class Told:
    """An error in EasyPost's words: `code` for machines, `told` for people, both may be empty."""

    code: str
    told: str


def read_quoted(raw: Mapping[str, Any]) -> Quoted:
    """Raises BrokenShipment. A rate we can't read is a complaint, the others still stand."""
    shipment_id = text(raw.get("id"))
    rates = raw.get("rates")
    if not shipment_id or not isinstance(rates, list):
        raise BrokenShipment
    read = [_rate(rate) for rate in rates]
    complaints = [complaint for complaint in read if isinstance(complaint, str)]
    return Quoted(
        shipment_id=shipment_id,
        rates=tuple(rate for rate in read if isinstance(rate, Rate)),
        complaints=(*_messages(raw.get("messages")), *complaints),
    )


def read_bought(raw: Mapping[str, Any], shipment_id: str) -> Bought | None:
    """None if nothing was bought for this shipment. Raises BrokenShipment."""
    if shipment_id not in (raw.get("id"), raw.get("reference")) or "tracking_code" not in raw:
        raise BrokenShipment
    label, tracking_code = raw.get("postage_label"), text(raw["tracking_code"])
    if not label and not tracking_code:
        return None
    chosen = _mapping(raw.get("selected_rate"))
    if not chosen.get("id"):
        raise BrokenShipment
    return Bought(
        shipment_id=text(raw["id"]),
        rate_id=text(chosen["id"]),
        label_id=text(raw["id"]),
        tracking_code=tracking_code,
        tracking_url=_url(_mapping(raw.get("tracker")).get("public_url")),
        label_url=_label_url(_mapping(label)),
        cost=_cost(chosen),
    )


def read_void_state(raw: Mapping[str, Any]) -> VoidState:
    """NONE when nobody asked for a void, or in words that nobody knows."""
    told = text(raw.get("refund_status")).lower()
    return VoidState(told) if told in set(VoidState) else VoidState.NONE


def read_error(raw: Mapping[str, Any]) -> Told:
    """`errors` are objects or plain texts, and so is the error itself."""
    error = raw.get("error")
    if not isinstance(error, Mapping):
        return Told("", text(error))
    details = error.get("errors")
    parts = [error.get("message"), *(details if isinstance(details, list) else [])]
    told = "; ".join(part for part in map(_detail, parts) if part)
    return Told(text(error.get("code")), text(told))


def _rate(raw: Any) -> Rate | str:
    rate = _mapping(raw)
    label = f"{text(rate.get('carrier'))} {text(rate.get('service'))}".strip()
    try:
        cost = _cost(rate)
    except BrokenShipment:
        return f"{label}: no price we can read"
    if not rate.get("id") or cost.minor < 0 or cost.currency != CURRENCY:
        return f"{label}: not for sale in {CURRENCY}"
    return Rate(
        rate_id=text(rate["id"]),
        carrier=text(rate.get("carrier")),
        service=text(rate.get("service")),
        cost=cost,
        days=_days(rate),
        arrives=_date(rate.get("delivery_date")),
        carrier_account=text(rate.get("carrier_account_id")),
    )


def _cost(rate: Mapping[str, Any]) -> Money:
    try:
        return Money.of(text(rate.get("rate")), text(rate.get("currency")) or CURRENCY)
    except UnreadableAmount as error:
        raise BrokenShipment from error


def _days(rate: Mapping[str, Any]) -> int | None:
    told = (rate.get("delivery_days"), rate.get("est_delivery_days"))
    return next((days for days in told if isinstance(days, int)), None)


def _date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(text(raw)[:10])
    except ValueError:
        return None


def _messages(raw: Any) -> tuple[str, ...]:
    """What carriers that could not rate say, as `USPS: text`."""
    messages = map(_mapping, raw if isinstance(raw, list) else [])
    return tuple(f"{text(each.get('carrier'))}: {text(each.get('message'))}" for each in messages)


def _label_url(label: Mapping[str, Any]) -> str:
    """We ask for PDF labels; a label of another format has its PDF apart, once converted."""
    return _url(label.get("label_pdf_url")) or _url(label.get("label_url"))


def _url(raw: Any) -> str:
    url = text(raw, most=2000)
    return url if url.startswith(("https://", "http://")) else ""


def _detail(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return text(raw)
    return ": ".join(filter(None, (text(raw.get("field")), text(raw.get("message")))))


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
