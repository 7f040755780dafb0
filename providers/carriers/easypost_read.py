"""EasyPost's answers in our words: pure readers, proved on its recordings."""

from collections.abc import Mapping
from typing import Any

from core.label_formats import LabelFormat
from core.money import Money, UnreadableAmount
from providers.carriers.base import Bought, Quoted, Rate, VoidState
from providers.carriers.easypost_tracking import read_date
from providers.exact_json import text

CURRENCY = "USD"
FORMATS = {
    "image/png": LabelFormat.PNG,
    "application/pdf": LabelFormat.PDF_4X6,
    "application/zpl": LabelFormat.ZPL,
}


class BrokenShipment(ValueError):
    """An answer that lacks what every shipment has."""


def read_quoted(raw: Mapping[str, Any]) -> Quoted:
    """Raises BrokenShipment. A rate we can't read is a complaint, the others still stand."""
    return read_rates(raw, text(raw.get("id")))


def read_rates(raw: Mapping[str, Any], shipment_id: str) -> Quoted:
    """Likewise of an answer that names no shipment."""
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
    rate_id = text(chosen.get("id"))
    if not rate_id:
        raise BrokenShipment
    return Bought(
        shipment_id=text(raw["id"]),
        rate_id=rate_id,
        label_id=text(raw["id"]),
        tracking_code=tracking_code,
        tracking_url=_url(_mapping(raw.get("tracker")).get("public_url")),
        label_url=_pdf_url(raw),
        cost=_cost(chosen),
        form_urls=_form_urls(raw.get("forms")),
    )


def read_void_state(raw: Mapping[str, Any]) -> VoidState:
    """NONE when nobody asked for a void, or in words that nobody knows."""
    told = text(raw.get("refund_status")).lower()
    return VoidState(told) if told in set(VoidState) else VoidState.NONE


def label_urls(raw: Mapping[str, Any]) -> dict[LabelFormat, str]:
    """Where a bought label lies, in each format that it was made in or converted to."""
    label = _mapping(raw.get("postage_label"))
    urls = {
        LabelFormat.PDF_4X6: _url(label.get("label_pdf_url")),
        LabelFormat.ZPL: _url(label.get("label_zpl_url")),
    }
    made = FORMATS.get(text(label.get("label_file_type")))
    if made is not None and not urls.get(made):
        urls[made] = _url(label.get("label_url"))
    return {made: url for made, url in urls.items() if url}


def _rate(raw: Any) -> Rate | str:
    rate = _mapping(raw)
    label = f"{text(rate.get('carrier'))} {text(rate.get('service'))}".strip()
    try:
        cost = _cost(rate)
    except BrokenShipment:
        return f"{label}: no price we can read"
    rate_id = text(rate.get("id"))
    if not rate_id or cost.minor < 0 or cost.currency != CURRENCY:
        return f"{label}: not for sale in {CURRENCY}"
    return Rate(
        rate_id=rate_id,
        carrier=text(rate.get("carrier")),
        service=text(rate.get("service")),
        cost=cost,
        days=_days(rate),
        arrives=read_date(rate.get("delivery_date")),
        carrier_account=text(rate.get("carrier_account_id")),
    )


def _cost(rate: Mapping[str, Any]) -> Money:
    try:
        return Money.of(text(rate.get("rate")), text(rate.get("currency")) or CURRENCY)
    except UnreadableAmount as error:
        raise BrokenShipment from error


def _days(rate: Mapping[str, Any]) -> int | None:
    told = (rate.get("delivery_days"), rate.get("est_delivery_days"))
    return next((days for days in told if type(days) is int), None)


def _messages(raw: Any) -> tuple[str, ...]:
    """What carriers that could not rate say, as `USPS: text`."""
    messages = map(_mapping, raw if isinstance(raw, list) else [])
    return tuple(f"{text(each.get('carrier'))}: {text(each.get('message'))}" for each in messages)


def _pdf_url(raw: Mapping[str, Any]) -> str:
    """A label that has no PDF yet: the fragment says of which shipment to have it converted."""
    urls = label_urls(raw)
    return urls.get(LabelFormat.PDF_4X6) or f"{urls.get(LabelFormat.PNG, '')}#{text(raw['id'])}"


def _form_urls(raw: Any) -> tuple[str, ...]:
    """Forms that the carrier has by wire already may lack a file."""
    forms = map(_mapping, raw if isinstance(raw, list) else [])
    return tuple(url for form in forms if (url := _url(form.get("form_url"))))


def _url(raw: Any) -> str:
    url = text(raw, most=2000)
    return url if url.startswith(("https://", "http://")) else ""


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
