"""What we tell EasyPost, in its words."""

from core.addresses import Address
from core.customs import Customs, CustomsItem
from core.parcels import Parcel
from core.shipments import Shipment

NO_DECLARATION = "NOEEI 30.37(a)"
"""Goods of one kind worth at most $2,500 need no electronic export information."""


def write_shipment(shipment: Shipment, reference: str) -> dict[str, object]:
    written: dict[str, object] = {
        "from_address": write_address(shipment.sender),
        "to_address": write_address(shipment.recipient),
        "parcel": _parcel(shipment.parcel),
        # Only a label bought as PNG can be converted to all other formats later.
        "options": {"label_format": "PNG"},
        "reference": reference,
    }
    if shipment.customs is not None:
        written["customs_info"] = _customs(shipment.customs)
    return written


def write_address(address: Address) -> dict[str, str]:
    fields = {
        "name": address.name,
        "company": address.company,
        "street1": address.street,
        "street2": address.street2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
    }
    return {field: value for field, value in fields.items() if value}


def _parcel(parcel: Parcel) -> dict[str, object]:
    """Inches and ounces."""
    return {
        "length": parcel.length_in,
        "width": parcel.width_in,
        "height": parcel.height_in,
        "weight": parcel.weight_oz,
    }


def _customs(customs: Customs) -> dict[str, object]:
    return {
        "contents_type": customs.contents.value,
        "contents_explanation": "",
        "customs_certify": True,
        "customs_signer": customs.signer,
        "eel_pfc": NO_DECLARATION,
        "non_delivery_option": "return",
        "restriction_type": "none",
        "customs_items": [_item(item) for item in customs.items],
    }


def _item(item: CustomsItem) -> dict[str, object]:
    """Value and ounces are of all pieces together, here as there."""
    written: dict[str, object] = {
        "description": item.description,
        "quantity": item.quantity,
        "value": item.value.decimal,
        "currency": item.value.currency,
        "weight": item.weight_oz,
        "origin_country": item.origin,
    }
    return written | ({"hs_tariff_number": item.tariff} if item.tariff else {})
