"""ShipEngine's objects, key by key as its sandbox was recorded, nulls where it sends nulls."""

import secrets
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.carrier import places
from sandbox.carrier.rating import Price
from sandbox.shipengine.accounts import Account, Offer

Document = dict[str, Any]
ADDRESS_FIELDS = (
    "name",
    "phone",
    "email",
    "company_name",
    "address_line1",
    "address_line2",
    "address_line3",
    "city_locality",
    "state_province",
    "postal_code",
)
NO_OPTIONS = {
    "bill_to_account": None,
    "bill_to_country_code": None,
    "bill_to_party": None,
    "bill_to_postal_code": None,
    "contains_alcohol": False,
    "delivered_duty_paid": False,
    "non_machinable": False,
    "saturday_delivery": False,
    "dry_ice": False,
    "dry_ice_weight": None,
    "freight_class": None,
    "custom_field1": None,
    "custom_field2": None,
    "custom_field3": None,
    "collect_on_delivery": None,
}
REFERENCES = ("reference1", "reference2", "reference3")


def new_id() -> str:
    return f"se-{secrets.randbelow(9 * 10**11) + 10**11}"


def now() -> str:
    """With the seven decimals of the real one."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def today() -> str:
    return day(datetime.now(UTC).date())


def day(of: date) -> str:
    return f"{of.isoformat()}T00:00:00Z"


def money(amount: Decimal = Decimal(0)) -> Document:
    return {"currency": "usd", "amount": float(amount)}


def address(given: Document) -> Document:
    return {name: given.get(name) for name in ADDRESS_FIELDS} | {
        "country_code": given.get("country_code") or "US",
        "address_residential_indicator": given.get("address_residential_indicator") or "unknown",
    }


def shipment(given: Document, sender: Document) -> Document:
    """As quoted; `sender` is where it comes from, which may be a warehouse's address."""
    at, package = now(), _package(given["packages"][0])
    return {
        "shipment_id": new_id(),
        "carrier_id": None,
        "service_code": None,
        "external_shipment_id": given.get("external_shipment_id"),
        "ship_date": today(),
        "created_at": at,
        "modified_at": at,
        "shipment_status": "pending",
        "ship_to": address(given["ship_to"]),
        "ship_from": address(sender),
        "warehouse_id": None,
        "return_to": address(given.get("return_to") or sender),
        "confirmation": given.get("confirmation"),
        "customs": _customs(given.get("customs") or {}),
        "external_order_id": None,
        "order_source_code": None,
        "advanced_options": NO_OPTIONS | (given.get("advanced_options") or {}),
        "insurance_provider": None,
        "tags": [],
        "packages": [package],
        "total_weight": package["weight"],
        "items": [],
    }


def zone(shipment: Document) -> int | None:
    """Unknown for postal codes that no place has."""
    ends = (shipment["ship_from"], shipment["ship_to"])
    return places.zone(*(str(end["postal_code"]) for end in ends))


def _package(given: Document) -> Document:
    sizes = given.get("dimensions") or {"unit": "inch", "length": 0.0, "width": 0.0, "height": 0.0}
    references = given.get("label_messages") or {}
    return {
        "package_code": given.get("package_code") or "package",
        "weight": given["weight"],
        "dimensions": sizes,
        "insured_value": money(),
        "label_messages": {name: references.get(name) for name in REFERENCES},
        "external_package_id": None,
    }


def _customs(given: Document) -> Document:
    items = given.get("customs_items") or ()
    return {
        **given,
        "contents": given.get("contents") or "merchandise",
        "customs_items": [{"customs_item_id": new_id(), **item} for item in items],
        "non_delivery": given.get("non_delivery") or "return_to_sender",
    }


def rate(account: Account, offer: Offer, price: Price, zone: int) -> Document:
    arrives = datetime.now(UTC).date() + timedelta(days=price.days)
    return _named(account, offer) | {
        "shipping_amount": money(price.rate),
        "zone": zone,
        "delivery_days": price.days,
        "estimated_delivery_date": day(arrives),
        "carrier_delivery_days": str(price.days),
        "trackable": True,
    }


def refused_rate(account: Account, offer: Offer, zone: int, reason: str) -> Document:
    """What the carrier will not take: it costs nothing and is not for sale."""
    refused = {"zone": zone, "validation_status": "invalid", "error_messages": [reason]}
    return _named(account, offer) | refused


def _named(account: Account, offer: Offer) -> Document:
    return {
        "rate_id": new_id(),
        "rate_type": "shipment",
        "carrier_id": account.carrier_id,
        "shipping_amount": money(),
        "insurance_amount": money(),
        "confirmation_amount": money(),
        "other_amount": money(),
        "zone": None,
        "package_type": "package",
        "guaranteed_service": False,
        "ship_date": today(),
        "negotiated_rate": False,
        "service_type": offer.title,
        "service_code": offer.service.name,
        "trackable": False,
        "carrier_code": account.code,
        "carrier_nickname": account.nickname,
        "carrier_friendly_name": account.friendly_name,
        "validation_status": "valid",
        "warning_messages": [],
        "error_messages": [],
    }


def label(shipment: Document, rate: Document, code: str, url: str) -> Document:
    """A purchase, in transit at once and in a batch of no name, as it was recorded."""
    package = {name: value for name, value in shipment["packages"][0].items() if name != "products"}
    identity = {"package_id": secrets.randbelow(10**9), "sequence": 1, "tracking_number": code}
    return {
        "label_id": new_id(),
        "status": "completed",
        "shipment_id": shipment["shipment_id"],
        "external_shipment_id": shipment["external_shipment_id"],
        "ship_date": shipment["ship_date"],
        "created_at": now(),
        "shipment_cost": rate["shipping_amount"],
        "insurance_cost": money(),
        "tracking_number": code,
        "is_return_label": False,
        "rma_number": None,
        "is_international": shipment["ship_to"]["country_code"] != "US",
        "batch_id": "",
        "carrier_id": rate["carrier_id"],
        "charge_event": "carrier_default",
        "service_code": rate["service_code"],
        "package_code": package["package_code"],
        "voided": False,
        "voided_at": None,
        "label_format": "pdf",
        "display_scheme": "label",
        "label_layout": "4x6",
        "trackable": True,
        "label_image_id": None,
        "carrier_code": rate["carrier_code"],
        "tracking_status": "in_transit",
        "tracking_url": url,
        "label_download": None,
        "form_download": None,
        "insurance_claim": None,
        "packages": [package | identity],
    }
