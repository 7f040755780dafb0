"""EasyPost's recordings, and our client before a server that plays them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from core.shipments import Shipment
from providers.carriers import easypost
from providers.carriers.base import Bought, Quoted

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/easypost/recorded"
if not RECORDED.is_dir():
    pytest.skip("the recordings of ../shared/contracts are not here", allow_module_level=True)

SENDER = Address(
    "Jack Sparrow", "388 Townsend St", "San Francisco", "CA", "94107", street2="Apt 20"
)
RECIPIENT = Address("O'Brien & Sons #3", "179 N Harbor Dr", "Redondo Beach", "CA", "90277")
PARCEL = Parcel(Decimal(10), Decimal("8.5"), Decimal(4), Decimal("15.4"))
SHIPMENT, RATE = "shp_16578f588f9546ec914afd2474e24ff5", "rate_4d1f36fa716c4b1292cacbdf19227c2d"
PATH = f"/easypost/v2/shipments/{SHIPMENT}"


def exchanges(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((RECORDED / f"{name}.yaml").read_text())["interactions"]


def answers(name: str) -> list[dict[str, Any]]:
    return [json.loads(exchange["response"]["body"]["string"]) for exchange in exchanges(name)]


def error(code: str, message: str = "told", errors: object = ()) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": errors}}


def quote(carrier: easypost.EasyPost) -> Quoted:
    shipment = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)
    return carrier.quote(shipment, reference="L-1")


UNBOUGHT, BOUGHT = answers("shipment_buy")
LABEL = Bought(
    shipment_id=SHIPMENT,
    rate_id=RATE,
    label_id=SHIPMENT,
    tracking_code="9400100208303109505657",
    tracking_url="https://track.easypost.com/djE6dHJrXzI3OTQzMTU2MmVmODRhZjg5NTU1ZTVjOGEyMDI5YjJm",
    label_url=f"{BOUGHT['postage_label']['label_url']}#{SHIPMENT}",
    cost=Money(607),
)
