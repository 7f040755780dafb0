"""What operators may have looked at again."""

import pytest

from core.jobs import Job
from core.money import Money
from models.audit import AuditEntry
from models.base import NotFound
from models.order import Order, OrderState
from models.payment import Payment, PaymentState
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.rechecks import NothingToCheck, Rechecks, can_check_order, can_check_payment
from services.topups import NoPaymentProvider
from tests.factories import NOON, OrderFactory, PaymentFactory
from tests.shop import BUYER

BY = "ann@shop.example"


@pytest.fixture
def rechecks(shop):
    return Rechecks(topups=shop.topups, audits=shop.audits, jobs=shop.jobs, clock=shop.clock)


def acts():
    return [(entry.by, entry.act, entry.subject) for entry in AuditEntry.objects]


def test_a_recheck_wakes_a_worker_and_is_due_for_the_sweep(rechecks, shop):
    order = OrderFactory(status=OrderState.UNKNOWN)

    rechecks.order(order.id, by=BY)

    assert shop.jobs.asked == [(Job.DRIVE_ORDER, order.id)]
    assert Order.objects.fetch(order.id).next_at == NOON
    assert acts() == [(BY, "re-check order", order.id)]


@pytest.mark.parametrize("status", [one for one in OrderState if not can_check_order(one)])
def test_a_finished_order_is_left_alone(rechecks, shop, status):
    order = OrderFactory(status=status)

    with pytest.raises(NothingToCheck):
        rechecks.order(order.id, by=BY)

    assert (shop.jobs.asked, acts()) == ([], [])
    assert Order.objects.fetch(order.id).next_at is None


def test_an_order_that_does_not_exist_is_not_found(rechecks):
    with pytest.raises(NotFound):
        rechecks.order("L-NONE", by=BY)


def test_a_paid_invoice_is_credited_when_an_operator_asks_and_only_once(rechecks, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)

    assert rechecks.payment(payment.id, by=BY).status is PaymentState.PAID
    with pytest.raises(NothingToCheck):
        rechecks.payment(payment.id, by=BY)

    assert shop.balance() == (2_500, 0)
    assert acts() == [(BY, "check payment", payment.id)]


def test_a_silent_provider_changes_nothing(rechecks, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.troubles.append(PaymentProviderDown(provider="oxapay"))

    with pytest.raises(PaymentProviderDown):
        rechecks.payment(payment.id, by=BY)

    assert Payment.objects.fetch(payment.id).status is PaymentState.PENDING
    assert shop.balance() == (0, 0)


def test_a_payment_of_a_provider_that_is_gone_is_refused(rechecks):
    payment = PaymentFactory(provider="cryptopay")

    with pytest.raises(NoPaymentProvider):
        rechecks.payment(payment.id, by=BY)

    assert acts() == []


def test_an_expired_invoice_may_be_asked_for_because_money_comes_late(rechecks, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.say(payment.provider_id, InvoiceState.EXPIRED)
    assert rechecks.payment(payment.id, by=BY).status is PaymentState.EXPIRED
    shop.pay(payment)

    assert rechecks.payment(payment.id, by=BY).status is PaymentState.PAID

    assert {state for state in PaymentState if can_check_payment(state)} == {
        PaymentState.PENDING,
        PaymentState.UNDERPAID,
        PaymentState.EXPIRED,
        PaymentState.REVIEW,
    }
    assert shop.balance() == (2_500, 0)
