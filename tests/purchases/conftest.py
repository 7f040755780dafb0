"""A shop that buys over real HTTP, and the world in which its purchases go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from models import connection, indexes, ledger as entries
from models.order import Order, OrderState
from providers.carriers.base import Carrier
from sandbox.settings import SandboxSettings
from services.ledger import account_of
from tests.carriers.conftest import EASYPOST, SHIPMENT, Desk, desk_of
from tests.customer import Sandbox
from tests.sandbox.world import served
from tests.shop import BUYER, TestShop

PATIENT, HASTY = 10.0, 0.4
"""Seconds that the shop waits for an answer: the second where it is to wait in vain."""
FUNDS = 100_000
EMPTY, FULL = "0.01", "9999"
ENDS = (OrderState.DONE, OrderState.RELEASED, OrderState.REVIEW)
TURNS_AT_MOST = 60


@dataclass(frozen=True)
class Impatient:
    """The same carrier, but one of its calls is waited for so shortly that it may hang."""

    patient: Carrier
    hasty: Carrier
    call: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hasty if name == self.call else self.patient, name)


class Till:
    """One order of a customer with money, and all that can be known of it afterwards."""

    def __init__(self, desk: Desk, hasty: Carrier) -> None:
        self.desk, self._hasty = desk, hasty
        self.shop = TestShop(carrier=desk.carrier)
        self.shop.credit(FUNDS)
        desk.fund(FULL)
        self._labels_before = len(desk.sold())
        self._sent_before = self._purchases()
        self.order = self._place()

    def misbehave(self, call: str, fault: str, seconds: float | None, times: int = 1) -> None:
        more = {"times": times} | ({} if seconds is None else {"seconds": seconds})
        self.desk.world.misbehave(self.desk.name, call, fault, **more)

    def hurry(self, call: str) -> None:
        """Wait for this call shortly only, until `calm_down`."""
        self._carry(Impatient(self.desk.carrier, self._hasty, call))

    def calm_down(self) -> None:
        self._carry(self.desk.carrier)

    def work(self) -> OrderState:
        """All that can be done at this moment, and where that leaves the order."""
        self.shop.orders.resume()
        self.shop.outbox.resume()
        self.shop.work()
        self.order = self.shop.orders.get(self.order.id)
        return self.order.status

    def settle(self, **turn: float) -> None:
        """Let time pass, and the sweep come by, until the order has ended; and once more."""
        for _ in range(TURNS_AT_MOST):
            if self.order.status in ENDS:
                break
            self.shop.clock.turn(**turn)
            self.work()
        self.shop.clock.turn(hours=2)
        self.work()

    def labels(self) -> int:
        """In the carrier's own books, for this order or for anything else."""
        return len(self.desk.sold()) - self._labels_before

    def label_codes(self) -> list[str]:
        shipment_id = self.order.shipment_id
        return [
            sold["tracking_code"] for sold in self.desk.sold() if sold["shipment_id"] == shipment_id
        ]

    def sent(self) -> int:
        """How often the shop has asked for the label to be sold."""
        return self._purchases() - self._sent_before

    def bookings(self) -> list[tuple[str, int, int]]:
        """What the ledger did for this order: kind, available and held, in units of its price."""
        price = self.order.price.minor
        booked = entries.entries_of(account_of(BUYER), most=9)
        return [
            (entry["kind"], entry["d_available"] // price, entry["d_held"] // price)
            for entry in sorted(booked, key=lambda entry: entry["seq"])
            if entry["kind"] != "topup"
        ]

    def _place(self) -> Order:
        quote = self.shop.quotes.quote(BUYER, SHIPMENT, fresh=True)
        rate = next(rate for rate in quote.rates if rate.carrier == "USPS")
        return self.shop.orders.place(user_id=BUYER, quote_id=quote.id, rate_id=rate.rate_id)

    def _carry(self, carrier: Any) -> None:
        self.shop.carriers.by_name[self.desk.name] = carrier

    def _purchases(self) -> int:
        calls = self.desk.world.books()["calls"]
        return calls.get(f"{self.desk.name} {self.desk.buy}", 0)


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with served(SandboxSettings(retry_divisor=600, refund_seconds=3600)) as sandbox:
        yield sandbox


@pytest.fixture
def service() -> str:
    """Named by each row of a table."""
    return EASYPOST


@pytest.fixture
def till(mongo_url: str, world: Sandbox, service: str) -> Iterator[Till]:
    client = connection.connect(mongo_url)
    indexes.ensure()
    world.behave()
    yield Till(desk_of(service, world, PATIENT), desk_of(service, world, HASTY).carrier)
    world.behave()
    connection.disconnect()
    client.close()
