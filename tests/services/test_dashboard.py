"""The day in numbers, and what needs a person."""

from datetime import timedelta

import pytest

from core.money import Money
from models.order import OrderState
from models.outbox import NoteState
from models.payment import PaymentState
from models.void import VoidStage
from services.dashboard import Attention, Concern, Dashboard, Tally
from services.ledger import Cause, Ledger
from tests.factories import (
    NOON,
    AdjustmentFactory,
    FreezeFactory,
    NoteFactory,
    OrderFactory,
    OrphanFactory,
    PaymentFactory,
    TrailFactory,
    VoidFactory,
    post_order,
)
from tests.fakes import TurnedClock


@pytest.fixture
def dashboard(shop):
    return Dashboard(shop.clock)


def test_a_day_without_work_is_all_zero(dashboard):
    day = dashboard.today()

    assert (day.labels, day.test_labels, day.revenue, day.cost) == (0, 0, Money(0), Money(0))
    assert (day.margin, day.topped_up, dict(day.topups)) == (Money(0), Money(0), {})
    assert day.refunds == dashboard.held() == Tally(0, Money(0))
    assert dashboard.attention() == []


def test_the_day_counts_what_was_captured_topped_up_and_given_back(dashboard):
    post_order(OrderFactory(done=True))
    post_order(OrderFactory(done=True, mode="production", cost=Money(900)))
    post_order(OrderFactory(status=OrderState.RELEASED), close="release")
    refunded = {"label_id": "L-1", "order_id": "L-1", "cause": Cause("carrier:easypost", "void")}
    Ledger(TurnedClock(NOON)).refund(7, Money(500), **refunded)

    day = dashboard.today()

    assert (day.labels, day.test_labels) == (2, 1)
    assert (day.revenue, day.cost, day.margin) == (Money(2_160), Money(1_900), Money(260))
    assert dict(day.topups) == {"oxapay": Tally(3, Money(3_240))}
    assert day.refunds == Tally(2, Money(1_580))


def test_a_day_begins_at_midnight_utc(dashboard):
    midnight = NOON.replace(hour=0)
    post_order(OrderFactory(done=True), at=midnight - timedelta(milliseconds=1))
    post_order(OrderFactory(done=True), at=midnight)

    day = dashboard.today()

    assert (day.since, day.labels, day.revenue) == (midnight, 1, Money(1_080))


def test_unfinished_orders_hold_money_and_finished_ones_do_not(dashboard):
    for status in OrderState:
        OrderFactory(status=status)

    assert dashboard.held() == Tally(6, Money(6 * 1_080))


def test_what_machines_cannot_put_right_is_named_the_longest_waiting_first(dashboard):
    payment = PaymentFactory(status=PaymentState.REVIEW)
    first, second = OrderFactory.create_batch(2, status=OrderState.REVIEW)
    lost = OrderFactory(status=OrderState.UNKNOWN, moved_at=NOON - timedelta(minutes=10))
    refused = NoteFactory(status=NoteState.UNDELIVERABLE)
    stuck = NoteFactory(status=NoteState.SENDING, next_at=NOON - timedelta(minutes=5))

    assert dashboard.attention() == [
        Attention(Concern.PAYMENTS_IN_REVIEW, 1, (payment.id,)),
        Attention(Concern.ORDERS_IN_REVIEW, 2, (first.id, second.id)),
        Attention(Concern.ORDERS_UNKNOWN, 1, (lost.id,)),
        Attention(Concern.NOTES_UNDELIVERABLE, 1, (refused.id,)),
        Attention(Concern.NOTES_OVERDUE, 1, (stuck.id,)),
    ]


def test_what_machines_still_work_on_needs_nobody(dashboard):
    OrderFactory(status=OrderState.UNKNOWN, moved_at=NOON - timedelta(minutes=9))
    NoteFactory(status=NoteState.SENDING, next_at=NOON - timedelta(minutes=4))
    NoteFactory(status=NoteState.UNDELIVERABLE, created_at=NOON - timedelta(days=2))
    NoteFactory(status=NoteState.SENT)

    assert dashboard.attention() == []


def test_what_waits_for_an_operators_word_is_named_until_it_is_said(dashboard):
    void = VoidFactory(status=VoidStage.REVIEW)
    used = VoidFactory(status=VoidStage.GRANTED, scanned_at=NOON)
    VoidFactory(status=VoidStage.GRANTED, scanned_at=NOON, seen_at=NOON)
    VoidFactory(status=VoidStage.DENIED, scanned_at=NOON)
    stalled = TrailFactory(stalled_at=NOON)
    TrailFactory(stalled_at=NOON, seen_at=NOON)
    adjustment = AdjustmentFactory()
    AdjustmentFactory(status="posted")
    frozen = FreezeFactory()
    lost = OrphanFactory()
    OrphanFactory(status="closed")

    assert dashboard.attention() == [
        Attention(Concern.VOIDS_IN_REVIEW, 1, (void.id,)),
        Attention(Concern.VOIDS_USED, 1, (used.id,)),
        Attention(Concern.PARCELS_STALLED, 1, (stalled.id,)),
        Attention(Concern.ADJUSTMENTS_WAITING, 1, (adjustment.id,)),
        Attention(Concern.ACCOUNTS_FROZEN, 1, (frozen.account,)),
        Attention(Concern.ORPHANS_LOST, 1, (lost.id,)),
    ]
