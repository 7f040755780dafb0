"""Work that always kills its worker ends with a person; deaths that pass are forgotten."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.money import Money
from models.order import Order, OrderState
from models.outbox import Note, NoteKind, NoteState
from models.payment import Credit, Payment, PaymentRule, PaymentState
from services.attempts import DEATHS_AT_MOST, KillsItsWorker, counted
from tests.shop import BUYER
from tests.stores import own_mongo

ROOT = Path(__file__).parents[2]


def deaths(verb, subject_id, point):
    """Real processes, really killed: a `finally` must not run."""
    words = [sys.executable, "-m", "tests.crashes.dying_worker"]
    ended = subprocess.run(
        [*words, own_mongo(), verb, subject_id, point],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return int(ended.stdout.splitlines()[-1])


def test_an_order_that_kills_each_worker_ends_in_review(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.clock.turn(minutes=1)
    shop.orders.resume()

    assert deaths("order", order.id, "order.after_capture") == DEATHS_AT_MOST

    left = shop.orders.get(order.id)
    assert (left.status, left.next_at) == (OrderState.REVIEW, None)
    assert left.timeline[-1].note == f"kills_its_worker id={order.id}"
    assert Note.objects(kind=NoteKind.ORDER_REVIEW).count() == 1
    shop.alerts.watch()
    assert f"order_review:{order.id}" in {alert.id for alert in shop.alerts.open()}

    shop.orders.drive(order.id)
    assert len(shop.orders.get(order.id).timeline) == len(left.timeline)


def test_a_payment_that_kills_each_worker_ends_in_review(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)
    credit = Credit(
        amount=payment.amount, rule=PaymentRule.PAID, by="provider:oxapay", at=shop.clock.now()
    )
    Payment.objects(pk=payment.id).update_one(push__credits=credit)
    shop.clock.turn(minutes=10)
    shop.topups.resume()

    assert deaths("payment", payment.id, "payment.after_top_up") == DEATHS_AT_MOST

    left = shop.topups.get(payment.id)
    assert (left.status, left.next_at) == (PaymentState.REVIEW, None)
    assert shop.balance() == (2_500, 0)
    assert Note.objects(kind=NoteKind.TOPUP_REVIEW).count() == 1
    assert shop.topups.settle(payment.id).status is PaymentState.REVIEW


def test_a_note_that_kills_each_sender_is_given_up(shop):
    shop.outbox.put("n", BUYER, NoteKind.TOPUP_CREDITED)

    assert deaths("note", "n", "outbox.after_send") == DEATHS_AT_MOST

    left = Note.objects.fetch("n")
    assert (left.status, left.problem) == (NoteState.UNDELIVERABLE, "kills_its_worker id=n")


def test_waiting_and_errors_are_no_deaths(shop):
    """An unknown order is woken again and again, and each look ends."""
    shop.credit(2_500)
    order = shop.place()
    Order.objects(pk=order.id).update_one(set__wakes=1)

    for _ in range(3 * DEATHS_AT_MOST):
        with pytest.raises(OSError, match="away"), counted(shop.orders.get(order.id)):
            raise OSError("away")
        Order.objects(pk=order.id).update_one(max__wakes=1)

    assert shop.orders.get(order.id).wakes == 1


def test_what_no_sweep_had_to_wake_is_not_counted(shop):
    shop.credit(2_500)
    order = shop.place()

    shop.work()

    assert shop.orders.get(order.id).wakes == 0


def test_one_attempt_that_ends_clears_the_deaths_before_it(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    Payment.objects(pk=payment.id).update_one(set__wakes=DEATHS_AT_MOST)

    shop.topups.settle(payment.id)

    assert shop.topups.get(payment.id).wakes == 0
    Payment.objects(pk=payment.id).update_one(set__wakes=DEATHS_AT_MOST + 1)
    with pytest.raises(KillsItsWorker), counted(shop.topups.get(payment.id)):
        pytest.fail("it was tried once more")
