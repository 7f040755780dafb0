"""Top-ups: the provider's API is believed, each payment is credited once, everything is told."""

from datetime import timedelta

import pytest

from core.jobs import Job
from core.money import Money
from models.notice import Notice
from models.payment import Payment, PaymentState
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.quotes import ShopClosed
from services.settling import NoPaymentProvider
from services.topups import AmountOutOfRange, TooManyInvoices
from tests.shop import BUYER

AMOUNT = Money(2_500)


@pytest.fixture
def payment(shop):
    return shop.topups.open(BUYER, AMOUNT)


def state(payment):
    return Payment.objects.fetch(payment.id).status


def test_a_top_up_opens_with_an_invoice_to_pay(shop, payment):
    assert payment.status is PaymentState.PENDING
    assert payment.url == "http://pay/track-0"
    assert shop.balance() == (0, 0)
    assert [step.state.value for step in payment.timeline] == ["new", "pending"]


def test_a_paid_invoice_is_credited_and_told_once(shop, payment):
    shop.pay(payment)

    for _ in range(3):
        shop.topups.settle(payment.id)
    shop.work()

    assert state(payment) is PaymentState.PAID
    assert shop.balance() == (2_500, 0)
    assert shop.told() == ["topup_credited"]
    assert shop.verification.verify().mismatches == 0


def test_an_unpaid_invoice_credits_nothing(shop, payment):
    assert shop.topups.settle(payment.id).status is PaymentState.PENDING

    assert shop.balance() == (0, 0)
    assert shop.told() == []


def test_money_on_its_way_is_told_once(shop, payment):
    shop.provider.say(payment.provider_id, InvoiceState.SEEN)

    shop.topups.settle(payment.id)
    shop.topups.settle(payment.id)
    shop.work()

    assert shop.told() == ["topup_seen"]
    assert shop.balance() == (0, 0)


def test_a_signed_notice_only_has_the_provider_asked(shop, payment):
    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    shop.work()

    assert Notice.objects.count() == 1
    assert shop.balance() == (0, 0)

    shop.pay(payment)
    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    shop.work()

    assert Notice.objects.count() == 1
    assert shop.balance() == (2_500, 0)


def test_a_notice_whose_job_was_lost_is_found_by_the_sweep(shop, payment):
    shop.clock.turn(seconds=1)
    shop.pay(payment)
    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    shop.jobs.asked.clear()

    shop.sweep()

    assert shop.balance() == (2_500, 0)


def test_a_notice_of_an_unknown_invoice_is_kept_and_credits_nothing(shop):
    shop.topups.notice("oxapay", b"nobody", {})

    shop.jobs.asked.clear()
    shop.topups.read_notices()
    [kept] = Notice.objects
    assert (kept.handled_at, kept.next_at) == (shop.clock.now(), None)
    assert shop.jobs.asked == []


def test_a_notice_of_an_unknown_provider_is_refused(shop):
    with pytest.raises(NoPaymentProvider):
        shop.topups.notice("paypal", b"1", {})

    assert Notice.objects.count() == 0


def test_a_repeated_notice_after_the_credit_wakes_nobody(shop, payment):
    shop.pay(payment)
    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    shop.work()

    shop.topups.notice("oxapay", payment.provider_id.encode(), {})

    assert shop.jobs.asked == []
    assert shop.balance() == (2_500, 0)


def test_news_after_the_credit_is_looked_at_once(shop, payment):
    shop.pay(payment)
    shop.topups.settle(payment.id)
    shop.work()

    shop.topups.notice("oxapay", f"{payment.provider_id} more".encode(), {})
    shop.work()

    assert Payment.objects.fetch(payment.id).next_at is None
    assert shop.balance() == (2_500, 0)
    assert shop.told() == ["topup_credited"]


def test_every_notice_lost_is_only_a_delay(shop, payment):
    shop.pay(payment)

    shop.sweep()
    assert shop.balance() == (0, 0)

    shop.clock.turn(seconds=6)
    shop.sweep()
    assert shop.balance() == (2_500, 0)


def test_questions_grow_rarer_and_end_three_days_after_expiry(shop, payment):
    asked = []
    for _ in range(2_000):
        due = Payment.objects.fetch(payment.id).next_at
        if due is None:
            break
        asked.append(due)
        shop.clock.moment = max(due, shop.clock.moment)
        shop.topups.settle(payment.id)

    assert asked[1] - asked[0] == timedelta(seconds=5)
    assert asked[-1] - asked[-2] == timedelta(minutes=10)
    assert Payment.objects.fetch(payment.id).next_at is None
    assert asked[-1] > payment.expires_at + timedelta(hours=71)


def test_a_provider_that_is_away_delays_and_loses_nothing(shop, payment):
    shop.provider.troubles.append(PaymentProviderDown())
    shop.pay(payment)

    assert shop.topups.settle(payment.id).status is PaymentState.PENDING

    shop.clock.turn(seconds=30)
    shop.sweep()
    assert shop.balance() == (2_500, 0)


def test_who_waits_for_an_answer_hears_that_the_provider_is_away(shop, payment):
    shop.provider.troubles.append(PaymentProviderDown())

    with pytest.raises(PaymentProviderDown):
        shop.topups.check(payment)


@pytest.mark.parametrize("cents", [1, 499, 500_001])
def test_an_amount_out_of_range_is_refused_with_the_range(shop, cents):
    with pytest.raises(AmountOutOfRange) as refusal:
        shop.topups.open(BUYER, Money(cents))

    assert refusal.value.facts == {"least": Money(500), "most": Money(500_000)}
    assert Payment.objects.count() == 0


def test_an_open_invoice_for_the_same_amount_is_offered_again(shop, payment):
    assert shop.topups.open(BUYER, AMOUNT).id == payment.id

    shop.clock.turn(hours=2)
    assert shop.topups.open(BUYER, AMOUNT).id != payment.id


def test_a_fourth_open_invoice_is_refused(shop):
    for cents in (500, 600, 700):
        shop.topups.open(BUYER, Money(cents))

    with pytest.raises(TooManyInvoices) as refused:
        shop.topups.open(BUYER, Money(800))
    assert refused.value.facts["amounts"] == [Money(500), Money(600), Money(700)]
    assert shop.topups.open(8, Money(800)).status is PaymentState.PENDING


def test_a_provider_that_is_away_at_the_opening_leaves_something_to_try_again(shop):
    shop.provider.troubles.append(PaymentProviderDown())
    with pytest.raises(PaymentProviderDown):
        shop.topups.open(BUYER, AMOUNT)

    payment = shop.topups.open(BUYER, AMOUNT)

    assert payment.status is PaymentState.PENDING
    assert Payment.objects.count() == 1


def test_a_payment_that_never_got_its_invoice_ends_quietly(shop):
    shop.provider.troubles.append(PaymentProviderDown())
    with pytest.raises(PaymentProviderDown):
        shop.topups.open(BUYER, AMOUNT)

    shop.clock.turn(minutes=1)
    shop.sweep()

    payment = Payment.objects.get()
    assert (payment.status, payment.next_at) == (PaymentState.EXPIRED, None)
    assert shop.told() == []
    assert shop.topups.settle(payment.id).status is PaymentState.EXPIRED


def test_maintenance_refuses_new_top_ups_and_settles_open_ones(shop, payment):
    shop.modes.set_maintenance_mode(on=True, by="owner")
    shop.pay(payment)

    with pytest.raises(ShopClosed):
        shop.topups.open(BUYER, Money(3_000))
    shop.topups.settle(payment.id)

    assert shop.balance() == (2_500, 0)


def test_the_sweep_asks_for_each_due_payment_once(shop, payment):
    shop.clock.turn(minutes=5)

    shop.topups.resume()
    shop.topups.resume()

    assert shop.jobs.asked == [(Job.SETTLE_PAYMENT, payment.id)]
