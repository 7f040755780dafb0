"""A process that dies at any named point: the sweep brings the same end, once."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from core import crashes
from core.money import Money
from models import ledger as entries
from models.adjustment import Adjustment, AdjustmentState
from models.audit import AuditEntry
from models.notice import Notice
from models.order import OrderState
from models.payment import PaymentState
from providers.carriers.base import CarrierRefused
from providers.payments.base import InvoiceState
from services.adjustments import RefundedBefore
from services.ledger import Cause
from services.reviews import Reviews
from tests.crashes.deaths import survive
from tests.crashes.test_file_crashes import BATCH_POINTS, EXPORT_POINTS
from tests.crashes.test_label_crashes import DENIED_POINTS, TRACKING_POINTS, VOID_POINTS
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
RENEWAL_POINTS = ["order.before_renewed", "order.after_renewed"]
PAYMENT_POINTS = [
    "payment.after_insert",
    "payment.after_invoice",
    "payment.after_decision",
    "payment.after_top_up",
    "payment.after_note",
    "ledger.after_topup",
    "outbox.after_send",
]
NOTICE_POINTS = ["notice.after_keep", "notice.after_act"]
RELEASE_POINTS = ["order.after_release", "ledger.after_release"]
PARTS_POINTS = ["payment.after_decision", "payment.after_top_up", "payment.after_note"]
REJECTION_POINTS = ["review.after_rejection"]
ADJUSTMENT_POINTS = [
    "adjustment.after_insert",
    "adjustment.after_entry",
    "ledger.after_adjustment",
    "outbox.after_send",
]
REFUND_POINTS = ["refund.after_entry", "ledger.after_refund"]
BOT_POINTS = ["bot.after_ask", "bot.after_draft", "webhook.after_keep"]
"""Tried by journeys, where a real process is killed at them."""
TICK_POINTS = ["at_once.after_quote", "at_once.after_place"]
"""Tried in `tests/botapp/test_at_once.py`, by whoever ticked."""


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

    tried = {*ORDER_POINTS, *PAYMENT_POINTS, *RELEASE_POINTS, *REJECTION_POINTS, *BOT_POINTS}
    tried |= {*RENEWAL_POINTS, *TICK_POINTS}
    tried |= {*ADJUSTMENT_POINTS, *REFUND_POINTS, *NOTICE_POINTS}
    tried |= {*VOID_POINTS, *DENIED_POINTS, *TRACKING_POINTS, *BATCH_POINTS, *EXPORT_POINTS}
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


@pytest.mark.parametrize("point", [*RENEWAL_POINTS, "order.before_purchase"])
def test_an_order_of_a_known_rate_survives_a_death(shop, die_at, point):
    shop.credit(2_500)
    shop.quote()
    order = shop.place(shop.quote(fresh=False))
    died = die_at(point)

    live_on(shop)

    order = shop.orders.get(order.id)
    bought = order.status is OrderState.DONE
    assert died.exists()
    assert bought or (point, order.status) == ("order.before_purchase", OrderState.RELEASED)
    assert shop.carrier.calls == ([order.shipment_id] if bought else [])
    assert shop.balance() == ((1_750, 0) if bought else (2_500, 0))
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


@pytest.mark.parametrize("point", NOTICE_POINTS)
def test_a_notice_survives_a_death_when_nothing_else_would_have_the_payment_looked_at(
    shop, die_at, point
):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)
    shop.topups.settle(payment.id)
    shop.provider.say(payment.provider_id, InvoiceState.PAID, received=Money(4_000))
    died = die_at(point)

    survive(lambda: shop.topups.notice("oxapay", f"{payment.provider_id} more".encode(), {}))
    live_on(shop)

    assert died.exists()
    assert shop.balance() == (4_000, 0)
    assert Notice.objects.get().next_at is None
    assert shop.told() == ["topup_credited", "topup_rest"]
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", PARTS_POINTS)
@pytest.mark.parametrize("death", [1, 2])
def test_a_top_up_in_parts_survives_a_death_at_either(shop, die_at, point, death):
    payment = shop.topups.open(BUYER, Money(2_500))
    parts = [(InvoiceState.UNDERPAID, 1_000), (InvoiceState.PAID, 2_500)]

    for number, (state, cents) in enumerate(parts, 1):
        shop.provider.say(payment.provider_id, state, received=Money(cents))
        if number == death:
            died = die_at(point)
        live_on(shop)

    assert died.exists()
    assert shop.topups.get(payment.id).status is PaymentState.PAID
    assert [entry["d_available"] for entry in entries.walk()] == [1_000, 1_500]
    assert shop.told() == ["topup_underpaid", "topup_rest"]
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", PARTS_POINTS)
def test_an_operators_credit_survives_a_death(shop, die_at, point):
    payment = in_review(shop)
    reviews = Reviews(settling=shop.topups.settling, audits=shop.audits)
    died = die_at(point)

    survive(lambda: reviews.credit_what_arrived(payment.id, by="ann", reason="seen"))
    live_on(shop)

    assert died.exists()
    assert shop.topups.get(payment.id).status is PaymentState.PAID
    assert [(entry["d_available"], entry["by"]) for entry in entries.walk()] == [
        (1_200, "operator:ann")
    ]
    assert shop.told() == ["topup_review", "topup_resolved"]
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", REJECTION_POINTS)
def test_a_rejection_survives_a_death(shop, die_at, point):
    payment = in_review(shop)
    reviews = Reviews(settling=shop.topups.settling, audits=shop.audits)
    died = die_at(point)

    survive(lambda: reviews.reject(payment.id, by="ann", reason="nothing came"))
    live_on(shop)

    left = shop.topups.get(payment.id)
    assert died.exists()
    assert (left.status, left.next_at) == (PaymentState.REJECTED, None)
    assert left.timeline[-1].by == "operator:ann"
    assert shop.balance() == (0, 0)
    assert shop.told() == ["topup_review", "topup_rejected"]


def in_review(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(1_200))
    shop.topups.settle(payment.id)
    shop.work()
    return payment


@pytest.mark.parametrize("point", ADJUSTMENT_POINTS)
def test_an_adjustment_survives_a_death(shop, die_at, point):
    died = die_at(point)

    survive(
        lambda: shop.adjustments.adjust(BUYER, Money(500), Cause("ann", "sorry"), form=UUID(int=1))
    )
    live_on(shop)

    assert died.exists()
    assert shop.balance() == (500, 0)
    assert Adjustment.objects.get().status is AdjustmentState.POSTED
    assert set(shop.told()) == {"balance_adjusted"}
    assert AuditEntry.objects.count() == 1
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", REFUND_POINTS)
def test_a_refund_survives_a_death_when_it_is_asked_for_again(shop, die_at, point):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    died = die_at(point)

    survive(lambda: shop.adjustments.refund_label(order.id, Cause("ann", "late")))
    with pytest.raises(RefundedBefore):
        shop.adjustments.refund_label(order.id, Cause("ann", "late"))
    live_on(shop)

    assert died.exists()
    assert shop.balance() == (2_500, 0)
    assert shop.told() == ["label_ready", "label_refunded"]
    assert AuditEntry.objects.count() == 1


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
