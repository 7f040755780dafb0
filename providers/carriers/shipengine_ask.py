"""What we tell ShipEngine: addresses, parcels and customs in its words."""

from decimal import ROUND_HALF_UP, Decimal

from core.addresses import Address
from core.customs import Customs, CustomsItem
from core.parcels import Parcel
from core.shipments import Shipment

MOST_REFERENCE_LETTERS = 50
"""Beyond these an `external_shipment_id` is cut, and a purchase would not be found by it."""
MOST_DESCRIPTION_LETTERS = 100
PACKAGE = "package"
"""A parcel of the sender's own: without this word, envelopes' prices come as well."""
_HUNDREDTH = Decimal("0.01")

LABEL = {
    "label_format": "pdf",
    "label_layout": "4x6",
    "label_download_type": "url",
    "validate_address": "no_validation",
}


def shipment_body(shipment: Shipment, reference: str) -> dict[str, object]:
    """Raises ValueError for a reference that would be cut."""
    if not 0 < len(reference) <= MOST_REFERENCE_LETTERS:
        raise ValueError(reference)
    package = _package(shipment.parcel)
    body: dict[str, object] = {
        "external_shipment_id": reference,
        "validate_address": "no_validation",
        "ship_from": address_body(shipment.sender),
        "ship_to": address_body(shipment.recipient),
        "packages": [package],
    }
    if shipment.customs is not None:
        body["customs"] = {
            "contents": shipment.customs.contents.value,
            "non_delivery": "return_to_sender",
        }
        package["products"] = _products(shipment.customs)
    return body


def address_body(address: Address) -> dict[str, str]:
    """Empty fields are left out: neither service takes an empty text."""
    fields = {
        "name": address.name,
        "company_name": address.company,
        "address_line1": address.street,
        "address_line2": address.street2,
        "city_locality": address.city,
        "state_province": address.state,
        "postal_code": address.zip,
        "country_code": address.country,
        "phone": address.phone,
        "email": address.email,
        "address_residential_indicator": "unknown",
    }
    return {field: value for field, value in fields.items() if value}


def _package(parcel: Parcel) -> dict[str, object]:
    """Inches and ounces."""
    return {
        "package_code": PACKAGE,
        "weight": {"value": parcel.weight_oz, "unit": "ounce"},
        "dimensions": {
            "unit": "inch",
            "length": parcel.length_in,
            "width": parcel.width_in,
            "height": parcel.height_in,
        },
    }


def _products(customs: Customs) -> list[dict[str, object]]:
    return [_product(item) for item in customs.items]


def _product(item: CustomsItem) -> dict[str, object]:
    """Here value and weight are of each piece: shares that do not come out even are rounded."""
    product: dict[str, object] = {
        "description": item.description[:MOST_DESCRIPTION_LETTERS],
        "quantity": item.quantity,
        "value": {
            "currency": item.value.currency.lower(),
            "amount": _each(item.value.decimal, item.quantity),
        },
        "weight": {"value": _each(item.weight_oz, item.quantity), "unit": "ounce"},
        "country_of_origin": item.origin,
    }
    if item.tariff:
        product["harmonized_tariff_code"] = item.tariff
    return product


def _each(whole: Decimal, pieces: int) -> Decimal:
    return (whole / pieces).quantize(_HUNDREDTH, ROUND_HALF_UP)
