"""One order of a customer with money, bought over real HTTP, and what is known of it afterwards."""

from dataclasses import dataclass
from typing import Any

from models import ledger as entries
from models.order import Order, OrderState
from providers.carriers.base import Carrier
from services.ledger import account_of
from tests.carriers.conftest import SHIPMENT, Desk
from tests.fakes import TurnedClock
from tests.shop import BUYER, TestShop

FUNDS = 100_000
FULL = "9999"
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
    """A shop at one carrier service, with one order placed; nothing is bought before `work`."""

    def __init__(self, desk: Desk, hasty: Carrier, clock: TurnedClock, carrier: str) -> None:
        self.desk, self._hasty = desk, hasty
        self.shop = TestShop(carrier=desk.carrier, clock=clock)
        self.shop.credit(FUNDS)
        desk.fund(FULL)
        self._labels_before = len(desk.sold())
        self._sent_before = self.asked(desk.buy)
        self.order = self.place(carrier)

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
        return self.asked(self.desk.buy) - self._sent_before

    def asked(self, call: str) -> int:
        """How often the carrier was asked this, by anybody."""
        return self.desk.world.books()["calls"].get(f"{self.desk.name} {call}", 0)

    def bookings(self) -> list[tuple[str, int, int]]:
        """What the ledger did for this order: kind, available and held, in units of its price."""
        price = self.order.price.minor
        booked = entries.entries_of(account_of(BUYER), most=9)
        return [
            (entry["kind"], entry["d_available"] // price, entry["d_held"] // price)
            for entry in sorted(booked, key=lambda entry: entry["seq"])
            if entry["kind"] != "topup"
        ]

    def place(self, carrier: str) -> Order:
        quote = self.shop.quotes.quote(BUYER, SHIPMENT, fresh=True)
        rate = next(rate for rate in quote.rates if rate.carrier == carrier)
        return self.shop.orders.place(user_id=BUYER, quote_id=quote.id, rate_id=rate.rate_id)

    def _carry(self, carrier: Any) -> None:
        self.shop.carriers.by_name[self.desk.name] = carrier
