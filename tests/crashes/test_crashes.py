"""A process that dies at any named point: the sweep brings the same end, once."""

import os
import re
from pathlib import Path

import pytest

from core import crashes
from core.money import Money
from models import ledger as entries
from models.order import OrderState
from models.payment import PaymentState
from providers.carriers.base import CarrierRefused
from tests.shop import BUYER

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'crash_at\("([^"]+)"\)')
ORDER_POINTS = [
    "order.after_insert",
    "order.after_hold",
    "order.before_purchase",
    "order.after_purchase",
    "order.after_capture",
    "order.after_done",
    "outbox.after_send",
    "ledger.after_hold",
    "ledger.after_capture",
]
PAYMENT_POINTS = [
    "payment.after_insert",
    "payment.after_invoice",
    "payment.after_top_up",
    "ledger.after_topup",
    "outbox.after_send",
]
RELEASE_POINTS = ["order.after_release", "ledger.after_release"]
BOT_POINTS = ["bot.after_ask", "bot.after_draft"]
"""Tried by journeys, where a real bot is killed at them."""


class Killed(BaseException):
    """What kill -9 is to a test in the same process: nothing more of the call happens."""


@pytest.fixture
def die_at(monkeypatch, tmp_path):
    def kill(pid, signal_number):
        assert pid == os.getpid()
        raise Killed

    def arm(point):
        monkeypatch.setattr(crashes.os, "kill", kill)
        crashes.arm(point, tmp_path / "died")
        return tmp_path / "died"

    yield arm
    crashes.arm("", None)


def survive(act, *args):
    try:
        return act(*args)
    except Killed:
        return None


def live_on(shop):
    """Everything that time brings: leases end, sweeps come by, a death in between too."""
    for _ in range(40):
        survive(shop.work)
        shop.clock.turn(seconds=20)
        survive(shop.sweep)


def test_every_named_point_is_tried_here():
    named = set()
    for folder in ("services", "tasks", "botapp"):
        for module in (ROOT / folder).rglob("*.py"):
            named |= set(NAMED.findall(module.read_text()))

    tried = {*ORDER_POINTS, *PAYMENT_POINTS, *RELEASE_POINTS, *BOT_POINTS}
    assert named <= tried
    assert {point for point in tried if not point.startswith("ledger.")} <= named


@pytest.mark.parametrize("point", ORDER_POINTS)
def test_an_order_survives_a_death(shop, die_at, point):
    shop.credit(2_500)
    quote = shop.quote()
    died = die_at(point)

    survive(shop.place, quote)
    live_on(shop)

    order = shop.orders.get(f"L-{quote.id[2:]}")
    bought = order.status is OrderState.DONE
    assert died.exists()
    assert bought or point == "order.before_purchase"
    assert order.status in {OrderState.DONE, OrderState.RELEASED}
    assert shop.balance() == ((1_750, 0) if bought else (2_500, 0))
    assert shop.carrier.calls == ([order.shipment_id] if bought else [])
    assert len([entry for entry in entries.walk() if entry["kind"] == "hold"]) == 1
    said = set(shop.told())
    assert ("label_ready" in said) == bought
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", RELEASE_POINTS)
def test_a_refused_order_survives_a_death(shop, die_at, point):
    shop.credit(2_500)
    shop.carrier.instead.append(CarrierRefused(told="no such street"))
    died = die_at(point)

    order = shop.place()
    live_on(shop)

    assert died.exists()
    assert shop.orders.get(order.id).status is OrderState.RELEASED
    assert shop.balance() == (2_500, 0)
    assert shop.told() == ["order_refused"]


@pytest.mark.parametrize("point", PAYMENT_POINTS)
def test_a_top_up_survives_a_death(shop, die_at, point):
    died = die_at(point)

    payment = survive(shop.topups.open, BUYER, Money(2_500))
    payment = payment or shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)
    live_on(shop)

    assert died.exists()
    assert shop.topups.get(payment.id).status is PaymentState.PAID
    assert shop.balance() == (2_500, 0)
    assert set(shop.told()) == {"topup_credited"}
    assert shop.verification.verify().mismatches == 0


def test_a_point_that_is_not_armed_does_nothing():
    crashes.crash_at("order.after_hold")


def test_an_armed_point_without_a_file_kills_each_time(monkeypatch):
    deaths = []
    monkeypatch.setattr(crashes.os, "kill", lambda *_: deaths.append(1))
    crashes.arm("somewhere", None)

    crashes.crash_at("somewhere")
    crashes.crash_at("somewhere")
    crashes.arm("", None)

    assert deaths == [1, 1]
