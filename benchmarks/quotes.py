"""Q: a whole quote of three carriers, against what the slowest of them takes by itself."""

from benchmarks.carriers import slow_carriers
from benchmarks.desk import PARCEL, RECIPIENT, SENDER, Desk
from benchmarks.rates import Effort, Measured, compare
from core.ids import new_id
from core.modes import ApiMode
from core.shipments import Shipment

SECONDS = {"USPS": 0.25, "UPS": 0.35, "FedEx": 0.5}
SLOWEST = max(SECONDS, key=lambda name: SECONDS[name])
TIMES = 8
USER = 1


def quotes_against_the_slowest_carrier(effort: Effort) -> Measured:
    """How many times as long a quote takes; 1.0 would cost no more than the slowest answer."""
    shipment = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)
    desk = Desk()
    desk.customer(USER)
    with slow_carriers(SECONDS) as carriers:
        quotes = desk.quotes_of(carriers)
        slowest = carriers.get(SLOWEST, ApiMode.TEST)

        def quote(_: int, __: int) -> None:
            made = quotes.quote(USER, shipment, fresh=True)
            assert {rate.carrier for rate in made.rates} == set(SECONDS), made.complaints

        def ask(_: int, __: int) -> None:
            slowest.quote(shipment, reference=new_id("Q"))

        found = compare(quote, ask, threads=1, times=effort.of(TIMES), rounds=effort.rounds)
    return Measured(
        1 / found.ratio,
        {"quote_seconds": 1 / found.ours, "slowest_carrier_seconds": 1 / found.bare},
    )
