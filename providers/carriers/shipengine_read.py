"""ShipEngine's rates and addresses in our words: pure readers, proved on its recordings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.addresses import Address
from core.money import Money, UnreadableAmount
from core.spelling import same_place
from providers.carriers.base import Checked, Quoted, Rate, Verdict
from providers.carriers.shipengine_ask import PACKAGE
from providers.carriers.shipengine_errors import BrokenAnswer, entries, mapping
from providers.carriers.shipengine_names import carrier_name, service_name
from providers.exact_json import text

CURRENCY = "USD"
AMOUNTS = (
    "shipping_amount",
    "insurance_amount",
    "confirmation_amount",
    "other_amount",
    "tax_amount",
)
"""What a label costs is their sum; the last one comes only where taxes are told."""
WORKING = "working"


def read_quoted(raw: Mapping[str, Any]) -> Quoted:
    """Raises BrokenAnswer, also when no carrier has answered yet.

    A rate we can't read, a carrier's error and a carrier that is late are complaints: all
    other rates still stand. An answer of nothing but errors is a quote without rates.
    """
    shipment_id, answer = text(raw.get("shipment_id")), mapping(raw.get("rate_response"))
    shipment_id = shipment_id or text(answer.get("shipment_id"))
    if not shipment_id or not answer:
        raise BrokenAnswer
    sellable = [rate for rate in map(mapping, entries(answer.get("rates"))) if _of_a_parcel(rate)]
    read = [_rate(rate) for rate in sellable]
    rates = tuple(rate for rate in read if isinstance(rate, Rate))
    late = answer.get("status") == WORKING
    if late and not rates:
        raise BrokenAnswer(WORKING)
    return Quoted(
        shipment_id=shipment_id,
        rates=rates,
        complaints=(
            *(_complaint(error) for error in map(mapping, entries(answer.get("errors")))),
            *(_invalid(rate) for rate in map(mapping, entries(answer.get("invalid_rates")))),
            *(complaint for complaint in read if isinstance(complaint, str)),
            *(["Some carriers have not answered in time"] if late else []),
        ),
    )


def read_money(raw: Any) -> Money:
    """An amount with its currency, which comes in lower case. Raises BrokenAnswer."""
    try:
        return Money.of(text(mapping(raw).get("amount")), text(mapping(raw).get("currency")))
    except UnreadableAmount as error:
        raise BrokenAnswer from error


def read_checked(raw: Mapping[str, Any], asked: Address) -> Checked:
    """The verdict on one address; `unverified` and `warning` mean that nobody is sure."""
    told = (text(mapping(each).get("message")) for each in entries(raw.get("messages")))
    remarks, status = tuple(dict.fromkeys(filter(None, told))), text(raw.get("status"))
    if status == "error":
        return Checked(Verdict.UNDELIVERABLE, None, remarks)
    found = _matched(mapping(raw.get("matched_address")), asked)
    suggestion = found if found != asked else None
    if status != "verified":
        return Checked(Verdict.DOUBTFUL, suggestion, remarks)
    verdict = Verdict.VERIFIED if same_place(found, asked) else Verdict.CORRECTED
    return Checked(verdict, suggestion, remarks)


def _of_a_parcel(rate: Mapping[str, Any]) -> bool:
    """An envelope's price is no price for a parcel; carriers without such types say nothing."""
    return text(rate.get("package_type")) in {"", PACKAGE}


def _rate(rate: Mapping[str, Any]) -> Rate | str:
    carrier = carrier_name(rate)
    service = service_name(rate, carrier)
    label = f"{carrier} {service}".strip()
    if entries(rate.get("error_messages")) or rate.get("validation_status") == "invalid":
        return _invalid(rate)
    try:
        cost = _cost(rate)
    except BrokenAnswer:
        return f"{label}: no price we can read"
    rate_id = text(rate.get("rate_id"))
    if not rate_id or cost.minor < 0 or cost.currency != CURRENCY:
        return f"{label}: not for sale in {CURRENCY}"
    return Rate(
        rate_id=rate_id,
        carrier=carrier,
        service=service,
        cost=cost,
        days=_days(rate),
        arrives=read_date(rate.get("estimated_delivery_date")),
        carrier_account=text(rate.get("carrier_id")),
    )


def _cost(rate: Mapping[str, Any]) -> Money:
    parts = [mapping(rate[name]) for name in AMOUNTS if isinstance(rate.get(name), Mapping)]
    amounts = [part.get("amount") for part in parts]
    currencies = {text(part.get("currency")).upper() for part in parts}
    exact = [Decimal(each) for each in amounts if isinstance(each, int | Decimal)]
    if not isinstance(rate.get("shipping_amount"), Mapping) or len(exact) != len(amounts):
        raise BrokenAnswer
    if len(currencies) != 1:
        raise BrokenAnswer
    return read_money({"amount": sum(exact), "currency": currencies.pop()})


def _days(rate: Mapping[str, Any]) -> int | None:
    days, told = rate.get("delivery_days"), text(rate.get("carrier_delivery_days"))
    if isinstance(days, int):
        return days
    return int(told) if told.isascii() and told.isdecimal() else None


def read_date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(text(raw)[:10])
    except ValueError:
        return None


def _complaint(error: Mapping[str, Any]) -> str:
    carrier = carrier_name(error) or text(error.get("carrier_id"))
    told = text(error.get("message")) or "no reason given"
    return f"{carrier}: {told}" if carrier else told


def _invalid(rate: Mapping[str, Any]) -> str:
    carrier = carrier_name(rate)
    told = text("; ".join(filter(None, map(text, entries(rate.get("error_messages"))))))
    return f"{carrier} {service_name(rate, carrier)}: {told or 'not offered'}"


def _matched(raw: Mapping[str, Any], asked: Address) -> Address:
    """Where it is delivered; who gets it stays as the customer wrote it."""
    lines = [text(raw.get(name)) for name in ("address_line1", "address_line2", "address_line3")]
    street, *rest = [line for line in lines if line] or [""]
    found = replace(
        asked,
        street=street,
        street2=", ".join(rest),
        city=text(raw.get("city_locality")),
        state=text(raw.get("state_province")),
        zip=text(raw.get("postal_code")),
    )
    return found if found.street and found.city and found.zip else asked
