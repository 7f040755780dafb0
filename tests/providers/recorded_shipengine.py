"""ShipEngine's recordings, and our client before a server that plays them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.addresses import Address
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from core.settings import Settings
from core.shipments import Shipment
from providers.carriers import shipengine
from providers.carriers.base import Bought, Quoted
from tests.providers.stand import KEY, Stand, says, shop_settings

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/shipengine/recorded"
if not RECORDED.is_dir():
    pytest.skip("the recordings of ../shared/contracts are not here", allow_module_level=True)


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


QUOTED = recorded("docs_get_rates_from_shipment.response2")
CARRIERS = recorded("docs_list_carriers.response1")
BOUGHT = recorded("docs_create_label_from_rate_id.response2")
VOIDED = recorded("docs_void_label_by_label_id.response1")
CHECKED = recorded("docs_addresses_validate.response2")
LIMITED = recorded("RateLimited429Response")

SENDER = Address(
    "Jack Sparrow",
    "388 Townsend St",
    "San Francisco",
    "CA",
    "94107",
    street2="Apt 20",
    phone="+14155550100",
)
RECIPIENT = Address(
    "O'Brien & Sons #3",
    "179 N Harbor Dr",
    "Redondo Beach",
    "CA",
    "90277",
    company="Sons",
    phone="+13105550100",
    email="o@example.org",
)
PARCEL = Parcel(Decimal(10), Decimal("8.5"), Decimal(4), Decimal("15.4"))
SHIPMENT, RATE, LABEL_ID = "se-144794216", "se-799373193", "se-75693596"
CODE = "9400111899560334651289"
BUY = f"POST /shipengine/v1/labels/rates/{RATE}"
LOOK = f"GET /shipengine/v1/shipments/{SHIPMENT}"
NOW = datetime(2021, 8, 5, 17, 0, tzinfo=UTC)
LABEL = Bought(
    shipment_id=SHIPMENT,
    rate_id=RATE,
    label_id=LABEL_ID,
    tracking_code=CODE,
    tracking_url="",
    label_url=BOUGHT["label_download"]["pdf"],
    cost=Money(335),
)


def settings(url: str, **changes: Any) -> Settings:
    told = {
        "shipengine_url": f"{url}/shipengine/v1",
        "shipengine_keys_url": f"{url}/shipengine/jwks",
        "shipengine_test_key": KEY,
        "shipstation_url": f"{url}/shipstation/v2",
        "shipstation_test_key": KEY,
        "carrier_timeout_seconds": 0.5,
    }
    return shop_settings(url, **(told | changes))


def connected(stand: Stand, name: str = "shipengine", **changes: Any) -> shipengine.ShipEngine:
    connect = {
        "shipengine": shipengine.connect,
        "shipstation": shipengine.connect_shipstation,
    }[name]
    carrier = connect(settings(stand.url, **changes), ApiMode.TEST)
    assert carrier is not None
    return carrier


def quote(carrier: shipengine.ShipEngine, reference: str = "Q-1") -> Quoted:
    shipment = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)
    return carrier.quote(shipment, reference=reference)


def quoting(stand: Stand, told: dict[str, Any], name: str = "shipengine") -> Quoted:
    stand.play(says(200, CARRIERS), says(200, told))
    return quote(connected(stand, name))


def error(code: str | None, kind: str = "validation", **more: Any) -> dict[str, Any]:
    told = {
        "error_source": "shipengine",
        "error_type": kind,
        "error_code": code,
        "message": "told",
    }
    return {"request_id": "1ce3a55d-9ba0-457d-ba6d-6ab60ddc9468", "errors": [told | more]}


def listed(*labels: dict[str, Any], pages: int = 1) -> dict[str, Any]:
    return {"labels": list(labels), "total": len(labels), "page": 1, "pages": pages, "links": {}}


def shipment(status: str) -> dict[str, Any]:
    return {"shipment_id": SHIPMENT, "shipment_status": status}
