"""The table of purchase outcomes: whatever a carrier does, one label or none, and money to match.

Each row is a fault on the wire. The real adapters meet it over HTTP in the real services.
"""

from dataclasses import dataclass, replace
from itertools import product
from threading import Event

import pytest

from models.order import Order, OrderState
from services.purchase import ATTEMPTS_AT_MOST
from tests.carriers.conftest import EASYPOST, SHIPENGINE, SHIPSTATION
from tests.purchases.conftest import EMPTY, HASTY
from tests.shop import BUYER
from tests.till import FULL, FUNDS

HELD = ("hold", -1, 1)
CAPTURED, RELEASED = ("capture", 0, -1), ("release", 1, -1)
READY, REFUSED, CHECKING = "label_ready", "order_refused", "order_checking"
WAITS, REVIEW = "order_waits", "order_review"
BOTH, ALL = (EASYPOST, SHIPENGINE), (EASYPOST, SHIPENGINE, SHIPSTATION)
WORDED_OTHERWISE = frozenset({"error_500", "error_500_after", "refusal"})
"""By the newer of ShipEngine's editions. Both are bought from by the same code, so after a first
purchase it is asked only about these.
"""
IN_TIME, TOO_LATE = 0.1, 3 * HASTY


def _and(told: tuple[str, ...]) -> str:
    return " and ".join(told)


@dataclass(frozen=True)
class End:
    """How an order ends, in words and in our own books."""

    words: str
    labels: int
    status: OrderState
    bookings: tuple[tuple[str, int, int], ...]


SOLD = End("one label, charged once", 1, OrderState.DONE, (HELD, CAPTURED))
UNSOLD = End("no label, the money back", 0, OrderState.RELEASED, (HELD, RELEASED))
KEPT = End("no label, the money held for an operator", 0, OrderState.REVIEW, (HELD,))
KEPT_SOLD = End("one label, the money held for an operator", 1, OrderState.REVIEW, (HELD,))


@dataclass(frozen=True)
class Row:
    """A fault, and what has to come of it; `sent` is how often the label was asked for."""

    words: str
    fault: str
    end: End
    told: tuple[str, ...]
    sent: int = 1
    seconds: float | None = None

    @property
    def hangs(self) -> bool:
        return self.fault.startswith("time_out") or self.seconds == TOO_LATE

    def __str__(self) -> str:
        return f"{self.words}: {self.end.words}, told {_and(self.told)}"


@dataclass(frozen=True)
class Silence:
    """What keeps the shop from hearing whether the label that it has asked for was sold."""

    words: str
    fault: str
    seconds: float | None = None
    sold: bool = False

    @property
    def end(self) -> End:
        return SOLD if self.sold else UNSOLD

    @property
    def told(self) -> tuple[str, ...]:
        return (CHECKING, READY if self.sold else REFUSED)

    def __str__(self) -> str:
        done = "it sold" if self.sold else "it did not sell"
        return f"{self.words} when asked what {done}: {self.end.words}, told {_and(self.told)}"


FIRST = (
    Row("hangs before it sells", "time_out_before", UNSOLD, (CHECKING, REFUSED)),
    Row("sells and hangs", "time_out_after", SOLD, (READY,)),
    Row("breaks the line before it sells", "reset_before", UNSOLD, (CHECKING, REFUSED)),
    Row("sells and breaks the line", "reset_after", SOLD, (READY,)),
    Row("fails before it sells", "error_500", UNSOLD, (CHECKING, REFUSED)),
    Row("sells and says that it failed", "error_500_after", SOLD, (READY,)),
    Row("asks for a slower pace", "rate_limit", SOLD, (READY,), sent=2),
    Row("answers garbage", "garbage", UNSOLD, (CHECKING, REFUSED)),
    Row("is slow", "slow", SOLD, (READY,), seconds=IN_TIME),
    Row("sells after we hung up", "slow", SOLD, (CHECKING, READY), seconds=TOO_LATE),
    Row("finds our account empty", "no_funds", SOLD, (WAITS, READY), sent=2),
    Row("knows no such rate", "refusal", UNSOLD, (REFUSED,)),
)
PROCESSING = Row(
    "is long in making it", "label_processing", SOLD, (CHECKING, READY), seconds=TOO_LATE
)
SECOND = tuple(
    replace(row, told=(CHECKING, REFUSED)) if row.fault == "refusal" else row for row in FIRST
)
"""A refusal of any but the first call proves nothing: the carrier is asked what it sold."""
SILENCES = (
    Silence("hangs before it looks", "time_out_before"),
    Silence("looks and hangs", "time_out_after"),
    Silence("breaks the line before it looks", "reset_before"),
    Silence("looks and breaks the line", "reset_after"),
    Silence("fails before it looks", "error_500"),
    Silence("looks and says that it failed", "error_500_after"),
    Silence("asks for a slower pace", "rate_limit"),
    Silence("answers garbage", "garbage"),
    Silence("is too slow", "slow", TOO_LATE),
)
ASKED = tuple(replace(silence, sold=sold) for silence, sold in product(SILENCES, (True, False)))


def table(name, rows, services):
    """Every row at every carrier service; at the newer edition of one, what it words otherwise."""
    cases = [*product(services, rows)]
    if SHIPSTATION not in services:
        cases += [(SHIPSTATION, row) for row in rows if row.fault in WORDED_OTHERWISE]
    return pytest.mark.parametrize(
        ("service", name), cases, ids=[f"{service} {row}" for service, row in cases]
    )


def order_fault(till, row):
    if row.fault == "no_funds":
        till.desk.fund(EMPTY)
    elif row.fault == "refusal":
        Order.objects(pk=till.order.id).update_one(set__rate_id="se-1")
    else:
        till.misbehave(till.desk.buy, row.fault, row.seconds)
    if row.hangs and row is not PROCESSING:
        till.hurry("buy")


def attempt(till, row):
    """The next purchase meets the row's fault; after it, all is well."""
    order_fault(till, row)
    till.work()
    till.calm_down()
    till.desk.fund(FULL)
    if row.seconds == TOO_LATE:
        Event().wait(TOO_LATE)


def must_have_ended(till, end, told, sent):
    left = till.order
    assert left.status is end.status
    assert till.labels() == len(till.label_codes()) == end.labels
    assert till.bookings() == [*end.bookings]
    available, held = (sum(column) for column in list(zip(*end.bookings, strict=True))[1:])
    price = left.price.minor
    assert till.shop.balance() == (FUNDS + price * available, price * held)
    assert till.shop.notes.told == [(kind, BUYER) for kind in told]
    assert till.sent() == sent
    assert till.shop.verification.verify().findings == []
    if end is SOLD:
        assert [left.tracking_code] == till.label_codes()


@table("row", FIRST, ALL)
def test_a_first_purchase_at(till, service, row):
    attempt(till, row)

    till.settle(seconds=61)

    must_have_ended(till, row.end, row.told, row.sent)


@table("row", [PROCESSING], ALL[1:])
def test_a_purchase_at(till, service, row):
    attempt(till, row)

    till.settle(seconds=61)

    must_have_ended(till, row.end, row.told, row.sent)


@table("row", SECOND, BOTH)
def test_a_second_purchase_at(till, service, row):
    till.misbehave(till.desk.buy, "rate_limit", None)
    waiting = till.work()
    sent_first = till.sent()
    till.shop.clock.turn(seconds=61)

    attempt(till, row)
    till.settle(seconds=61)

    assert (waiting, sent_first) == (OrderState.HELD, 1)
    must_have_ended(till, row.end, row.told, 1 + row.sent)


@table("silence", ASKED, BOTH)
def test_a_doubtful_purchase_at(till, service, silence):
    till.misbehave(till.desk.buy, "reset_after" if silence.sold else "reset_before", None)
    till.misbehave(till.desk.finding, silence.fault, silence.seconds)
    if silence.seconds or silence.fault.startswith("time_out"):
        till.hurry("find")

    doubtful = till.work()
    till.calm_down()
    till.settle(seconds=61)

    assert doubtful is OrderState.UNKNOWN
    must_have_ended(till, silence.end, silence.told, sent=1)


@pytest.mark.parametrize(
    ("fault", "end"), [("reset_after", KEPT_SOLD), ("reset_before", KEPT)], ids=str
)
@pytest.mark.parametrize("service", ALL)
def test_a_purchase_that_nobody_can_tell_about_for_a_day_is_an_operators(till, fault, end):
    till.misbehave(till.desk.buy, fault, None)
    till.misbehave(till.desk.finding, "error_500", None, times=1_000)

    till.work()
    till.settle(hours=3)

    must_have_ended(till, end, (CHECKING, REVIEW), sent=1)


@pytest.mark.parametrize("service", BOTH)
def test_a_purchase_that_is_never_let_in_is_an_operators_and_its_customer_is_told(till, service):
    till.misbehave(till.desk.buy, "rate_limit", None, times=1_000)

    till.work()
    till.settle(minutes=6)

    must_have_ended(till, KEPT, (REVIEW,), sent=ATTEMPTS_AT_MOST)
