"""Every carrier service that the shop can use, in one world and with one parcel to send."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import requests

from core.addresses import Address
from core.modes import ApiMode
from core.parcels import Parcel
from core.shipments import Shipment
from providers.carriers import easypost, shipengine
from providers.carriers.base import Carrier, Quoted, Rate
from sandbox.carrier.places import place
from sandbox.settings import SandboxSettings
from tests.customer import Sandbox
from tests.providers.stand import shop_settings
from tests.sandbox.world import served

EASYPOST, SHIPENGINE, SHIPSTATION = "easypost", "shipengine", "shipstation"
SERVICES = (EASYPOST, SHIPENGINE, SHIPSTATION)
SECONDS = 1.0
"""How long the client waits for an answer here: a time-out hangs for longer."""
WEBHOOK_SECRET = "sécret of these tests"
SENDER = Address(
    "Jack Sparrow", "388 Townsend St", "San Francisco", "CA", "94107", phone="+14155550100"
)
RECIPIENT = Address(
    "Elizabeth Swann", "179 N Harbor Dr", "Redondo Beach", "CA", "90277", phone="+13105550100"
)
PARCEL = Parcel(Decimal(10), Decimal("8.5"), Decimal(4), Decimal("15.4"))
SHIPMENT = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)

_BUY = {EASYPOST: "POST /shipments/*/buy"}
_VOID = {EASYPOST: "POST /shipments/*/refund"}
_QUOTE = {EASYPOST: "POST /shipments"}
_LIST = {EASYPOST: "GET /shipments"}
_TRACK = {EASYPOST: "POST /trackers"}
_FIND = {EASYPOST: "GET /shipments/*"}


@pytest.fixture(scope="session", autouse=True)
def _places() -> None:
    """The list of all ZIPs is read on first use, which may take as long as a client waits here."""
    place(SENDER.zip)


@dataclass(frozen=True)
class Desk:
    """One carrier service as the shop sees it, and the world behind it."""

    carrier: Carrier
    world: Sandbox

    @property
    def name(self) -> str:
        return self.carrier.name

    @property
    def buy(self) -> str:
        return _BUY.get(self.name, "POST /labels/rates/*")

    @property
    def void(self) -> str:
        return _VOID.get(self.name, "PUT /labels/*/void")

    @property
    def quoting(self) -> str:
        return _QUOTE.get(self.name, "POST /rates")

    @property
    def finding(self) -> str:
        return _FIND.get(self.name, "GET /labels")

    @property
    def listing(self) -> str:
        return _LIST.get(self.name, "GET /labels")

    @property
    def tracking(self) -> str:
        return _TRACK.get(self.name, "GET /labels/*/track")

    def quote(self, reference: str = "Q-1") -> Quoted:
        return self.carrier.quote(SHIPMENT, reference=reference)

    def misbehave(self, call: str, fault: str) -> None:
        hangs = {"seconds": 3 * SECONDS} if fault.startswith("time_out") else {}
        self.world.misbehave(self.name, call, fault, **hangs)

    def sold(self) -> list[dict[str, Any]]:
        return [label for label in self.world.books()["labels"] if label["service"] == self.name]

    def move(self, tracking_code: str, status: str) -> None:
        self.world.post(f"/tracking/{tracking_code}", {"status": status})

    def decide(self, tracking_code: str, outcome: str) -> None:
        self.world.post(f"/tracking/{tracking_code}/refund", {"status": outcome})

    def fund(self, dollars: str) -> None:
        self.world.post("/carrier/balance", {"balance": dollars, "service": self.name})

    def subscribe(self, url: str) -> None:
        """Have news of parcels sent there."""
        key = {"API-Key": "TEST_of-a-test", "Authorization": "Bearer EZTK-of-a-test"}
        path, body = {
            EASYPOST: (
                "/easypost/v2/webhooks",
                {"webhook": {"url": url, "webhook_secret": WEBHOOK_SECRET}},
            ),
            SHIPENGINE: ("/shipengine/v1/environment/webhooks", {"event": "track", "url": url}),
            SHIPSTATION: ("/shipstation/v2/environment/webhooks", {"event": "track", "url": url}),
        }[self.name]
        answer = requests.post(self.world.url + path, json=body, headers=key, timeout=5)
        assert answer.ok, answer.text


@pytest.fixture
def world() -> Iterator[Sandbox]:
    """Refunds wait for somebody to decide them."""
    with served(SandboxSettings(retry_divisor=600, refund_seconds=3600)) as sandbox:
        yield sandbox


@pytest.fixture(params=SERVICES)
def desk(request: pytest.FixtureRequest, world: Sandbox) -> Desk:
    return desk_of(request.param, world)


def desk_of(name: str, world: Sandbox, seconds: float = SECONDS) -> Desk:
    settings = shop_settings(
        world.url,
        easypost_test_key="EZTK-of-a-test",
        easypost_test_webhook_secret=WEBHOOK_SECRET,
        shipengine_url=f"{world.url}/shipengine/v1",
        shipengine_keys_url=f"{world.url}/shipengine/jwks",
        shipengine_test_key="TEST_of-a-test",
        shipstation_url=f"{world.url}/shipstation/v2",
        shipstation_test_key="TEST_of-a-test",
        carrier_timeout_seconds=seconds,
    )
    connect = {
        EASYPOST: easypost.connect,
        SHIPENGINE: shipengine.connect,
        SHIPSTATION: shipengine.connect_shipstation,
    }[name]
    carrier = connect(settings, ApiMode.TEST)
    assert carrier is not None
    # A first call costs a fresh world more than the short time-out of these tests.
    world.get("/world/books")
    return Desk(carrier, world)


def cheapest(quoted: Quoted, carrier: str = "") -> Rate:
    """Of that carrier, or of all."""
    offered = [rate for rate in quoted.rates if carrier in {"", rate.carrier}]
    return min(offered, key=lambda rate: rate.cost)
