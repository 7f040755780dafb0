"""A shop that has sold one label over real HTTP, at each carrier service in turn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from models import connection
from models.order import OrderState
from providers.carriers.base import Carrier
from providers.carriers.shipengine import ShipEngine
from providers.carriers.shipengine_news import Keys, NewsReader
from providers.http import Door
from sandbox.settings import SandboxSettings
from tests.carriers.conftest import SERVICES, desk_of
from tests.customer import Sandbox
from tests.fakes import TurnedClock
from tests.sandbox.world import served
from tests.shop import BUYER
from tests.stores import build_indexes
from tests.till import FUNDS, Till

PATIENT, HASTY = 10.0, 0.4
"""Seconds that the shop waits for an answer: the second where it is to wait in vain."""


class Counter(Till):
    """Beside a till: the label is bought, and somebody wants more of it."""

    def give_back(self) -> None:
        self.shop.voids.ask(self.order.id, user_id=BUYER)
        self.sweep()

    def sweep(self, **turn: float) -> None:
        """Let time pass, and have all done that is due then."""
        self.shop.clock.turn(**turn)
        self.shop.sweep()
        self.order = self.shop.orders.get(self.order.id)

    def move(self, status: str) -> None:
        self.desk.move(self.order.tracking_code, status)

    def decide(self, outcome: str) -> None:
        self.desk.decide(self.order.tracking_code, outcome)

    def booked_there(self, tracking_code: str) -> str:
        """How the carrier's own books tell of that label."""
        [status] = [
            sold["status"] for sold in self.desk.sold() if sold["tracking_code"] == tracking_code
        ]
        return status

    @property
    def paid(self) -> tuple[int, int]:
        """The balance of a customer who has paid for the label."""
        return FUNDS - self.order.price.minor, 0


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    """Nobody decides on a refund, and nobody repeats a notice, while a test runs."""
    with served(SandboxSettings(retry_divisor=0.01, refund_seconds=3600)) as sandbox:
        yield sandbox


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def by() -> str:
    """The carrier whose label was bought."""
    return "USPS"


@pytest.fixture
def till(mongo_url: str, world: Sandbox, service: str, by: str) -> Iterator[Counter]:
    """The label was bought just now, and its customer knows."""
    client: Any = connection.connect(mongo_url)
    build_indexes(mongo_url)
    world.behave()
    clock, desk = TurnedClock(datetime.now(UTC)), desk_of(service, world, PATIENT)
    desk = replace(desk, carrier=_by_this_clock(desk.carrier, world, clock))
    till = Counter(desk, desk_of(service, world, HASTY).carrier, clock, by)
    assert till.work() is OrderState.DONE
    till.shop.notes.told.clear()
    yield till
    world.behave()
    connection.disconnect()
    client.close()


def _by_this_clock(carrier: Carrier, world: Sandbox, clock: TurnedClock) -> Carrier:
    """EasyPost tells everything that goes by time; of ShipEngine some is worked out here."""
    if not isinstance(carrier, ShipEngine):
        return carrier
    published = Door(carrier.name, f"{world.url}/shipengine/jwks", {}, seconds=PATIENT)
    news = NewsReader(Keys(published, clock), clock, carrier.name)
    return replace(carrier, clock=clock, news=news)
