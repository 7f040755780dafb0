"""EasyPost's objects, key by key as its test mode was recorded."""

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sandbox.carrier.rating import ACCOUNT_TYPES, ACCOUNTS, Price

Document = dict[str, Any]
ADDRESS_FIELDS = ("name", "company", "street1", "street2", "city", "state", "zip")
BEYOND = frozenset({"AA", "AE", "AP", "PR", "VI", "GU", "AS", "MP"})
CUSTOMS_FIELDS = (
    "contents_explanation",
    "contents_type",
    "customs_certify",
    "customs_signer",
    "eel_pfc",
    "non_delivery_option",
    "restriction_comments",
    "restriction_type",
)


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex}"


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _born(prefix: str, name: str) -> Document:
    at = now()
    return {"id": new_id(prefix), "object": name, "created_at": at, "updated_at": at}


def address(given: Document, mode: str) -> Document:
    at = now().replace("Z", "+00:00")
    return {
        "id": new_id("adr"),
        "object": "Address",
        "created_at": at,
        "updated_at": at,
        **{name: given.get(name) for name in ADDRESS_FIELDS},
        "country": given.get("country") or "US",
        "phone": given.get("phone"),
        "email": given.get("email"),
        "mode": mode,
        "carrier_facility": given.get("carrier_facility"),
        "residential": given.get("residential"),
        "federal_tax_id": given.get("federal_tax_id"),
        "state_tax_id": given.get("state_tax_id"),
        "verifications": {},
    }


def parcel(given: Document, mode: str) -> Document:
    sizes = {name: _float(given.get(name)) for name in ("length", "width", "height")}
    return {
        **_born("prcl", "Parcel"),
        **sizes,
        "predefined_package": given.get("predefined_package"),
        "weight": _float(given["weight"]),
        "mode": mode,
    }


def customs_info(given: Document, mode: str) -> Document:
    return {
        **_born("cstinfo", "CustomsInfo"),
        **{name: given.get(name) for name in CUSTOMS_FIELDS},
        "mode": mode,
        "declaration": given.get("declaration"),
        "customs_items": [_customs_item(item, mode) for item in given.get("customs_items") or ()],
    }


def _customs_item(given: Document, mode: str) -> Document:
    return {
        **_born("cstitem", "CustomsItem"),
        "description": given.get("description"),
        "hs_tariff_number": given.get("hs_tariff_number"),
        "origin_country": given.get("origin_country"),
        "quantity": given.get("quantity"),
        "value": f"{Decimal(str(given.get('value') or 0)):.2f}",
        "weight": _float(given.get("weight")),
        "code": given.get("code"),
        "mode": mode,
        "manufacturer": given.get("manufacturer"),
        "currency": given.get("currency"),
        "eccn": None,
        "printed_commodity_identifier": None,
    }


def rate(price: Price, shipment_id: str, mode: str) -> Document:
    return {
        **_born("rate", "Rate"),
        "mode": mode,
        "service": price.service.name,
        "carrier": price.service.carrier,
        "rate": str(price.rate),
        "currency": "USD",
        "retail_rate": str(price.retail_rate),
        "retail_currency": "USD",
        "list_rate": str(price.list_rate),
        "list_currency": "USD",
        "billing_type": "easypost",
        "delivery_days": price.days,
        "delivery_date": None,
        "delivery_date_guaranteed": False,
        "est_delivery_days": price.days,
        "shipment_id": shipment_id,
        "carrier_account_id": ACCOUNTS[price.service.carrier],
    }


def options(given: Document) -> Document:
    fixed = {"currency": "USD", "payment": {"type": "SENDER"}, "date_advance": 0}
    return {**given, **{name: value for name, value in fixed.items() if name not in given}}


def postage_label(url: str, file_type: str) -> Document:
    at = now()
    return {
        "object": "PostageLabel",
        "id": new_id("pl"),
        "created_at": at,
        "updated_at": at,
        "date_advance": 0,
        "integrated_form": "none",
        "label_date": at,
        "label_resolution": 300,
        "label_size": "4x6",
        "label_type": "default",
        "label_file_type": file_type,
        "label_url": url,
        "label_pdf_url": url if file_type == "application/pdf" else None,
        "label_zpl_url": url if file_type == "application/zpl" else None,
        "label_epl2_url": url if file_type == "application/epl2" else None,
        "label_file": None,
    }


def crosses_border(shipment: Document) -> bool:
    """Whether a customs form is made: declared, and to or from where domestic mail needs one."""
    states = {shipment[end]["state"] for end in ("from_address", "to_address")}
    return bool(shipment.get("customs_info")) and not BEYOND.isdisjoint(states)


def form(url: str, mode: str) -> Document:
    """By the documentation: no recording has one."""
    return {
        **_born("form", "Form"),
        "mode": mode,
        "form_type": "cn22",
        "form_url": url,
        "submitted_electronically": False,
    }


def fees(postage: str) -> list[Document]:
    amounts = {"LabelFee": Decimal(0), "PostageFee": Decimal(postage)}
    return [
        {"object": "Fee", "type": name, "amount": f"{sum_:.5f}", "charged": True, "refunded": False}
        for name, sum_ in amounts.items()
    ]


def refund(shipment: Document) -> Document:
    return {
        **_born("rfnd", "Refund"),
        "tracking_code": shipment["tracking_code"],
        "confirmation_number": None,
        "status": shipment["refund_status"],
        "carrier": shipment["selected_rate"]["carrier"],
        "shipment_id": shipment["id"],
    }


def webhook(given: Document, mode: str) -> Document:
    return {
        "id": new_id("hook"),
        "object": "Webhook",
        "mode": mode,
        "url": given["url"],
        "created_at": now(),
        "disabled_at": None,
        "custom_headers": given.get("custom_headers") or [],
    }


def user(balance: Decimal) -> Document:
    return {
        "id": "user_5a9d0000000000000000000000000001",
        "object": "User",
        "parent_id": None,
        "name": "Labeldesk sandbox",
        "phone_number": "5555555555",
        "verified": True,
        "created_at": "2025-01-01T00:00:00Z",
        "default_carbon_offset": False,
        "has_elevate_access": False,
        "balance": f"{balance:.5f}",
        "price_per_shipment": "0.00000",
        "recharge_amount": "100.00",
        "secondary_recharge_amount": "100.00",
        "recharge_threshold": "0.00",
        "has_billing_method": False,
        "cc_fee_rate": "0.03",
        "default_insurance_amount": None,
        "insurance_fee_rate": "0.01",
        "insurance_fee_minimum": "1.00",
        "email": "shop@example.com",
        "children": [_child()],
    }


def _child() -> Document:
    return {
        "id": "user_5a9d0000000000000000000000000002",
        "object": "User",
        "parent_id": "user_5a9d0000000000000000000000000001",
        "name": "Labeldesk sandbox, second account",
        "phone_number": "5555555555",
        "verified": True,
        "created_at": "2025-01-01T00:00:00Z",
        "default_carbon_offset": False,
        "has_elevate_access": False,
        "children": [],
    }


def carrier_accounts() -> list[Document]:
    return [
        {
            "id": account_id,
            "object": "CarrierAccount",
            "type": ACCOUNT_TYPES[carrier],
            "clone": False,
            "created_at": "2025-01-01T00:00:00Z",
            "updated_at": "2025-01-01T00:00:00Z",
            "description": f"{carrier} Account",
            "reference": None,
            "billing_type": "easypost",
            "readable": carrier,
            "logo": None,
            "fields": [],
            "credentials": {},
            "test_credentials": {},
        }
        for carrier, account_id in ACCOUNTS.items()
    ]


def public_url(tracker_id: str) -> str:
    token = base64.b64encode(f"v1:{tracker_id}".encode()).decode().rstrip("=")
    return f"https://track.easypost.com/{token}"


def _float(value: object) -> float | None:
    """EasyPost sends sizes and weights as JSON floats; None stays None."""
    return None if value is None else float(str(value))
