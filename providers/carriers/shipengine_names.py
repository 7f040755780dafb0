"""Carriers and services by the names that customers know, whatever ShipEngine calls them."""

import re
from collections.abc import Mapping
from typing import Any

from providers.exact_json import text

NAMES = {
    "stamps_com": "USPS",
    "usps": "USPS",
    "endicia": "USPS",
    "ups": "UPS",
    "ups_walleted": "UPS",
    "fedex": "FedEx",
    "fedex_walleted": "FedEx",
    "dhl_express": "DHLExpress",
    "dhl_express_worldwide": "DHLExpress",
}
CODES = {"USPS": "stamps_com", "UPS": "ups", "FedEx": "fedex", "DHLExpress": "dhl_express"}
"""Under which code a parcel is tracked that was not bought here."""


def carrier_name(raw: Mapping[str, Any]) -> str:
    """By the carrier's code; of an unknown carrier its own name, or its code."""
    code = text(raw.get("carrier_code"))
    return NAMES.get(code) or text(raw.get("carrier_friendly_name")) or code


def service_name(raw: Mapping[str, Any], carrier: str) -> str:
    """`Priority Mail` of `USPS Priority Mail`: the carrier is told beside it."""
    told = text(raw.get("service_type")) or text(raw.get("service_code"))
    plain = re.sub(r"[\u00ae\u2122]", "", told)
    return plain.removeprefix(f"{carrier} ").strip() or plain
