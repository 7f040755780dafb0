"""Reviews: an operator's word, given once, with a reason, told and audited."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.errors import Refusal
from core.money import Money
from models import ledger as entries
from models.audit import AuditEntry
from models.payment import Payment, PaymentRule, PaymentState
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.reviews import NothingArrived, NotInReview, ReasonMissing, Reviews
from tests.shop import BUYER

ANN = "ann@shop.example"
WHY = {"by": ANN, "reason": "seen on the chain"}


@pytest.fixture
def reviews(shop):
    return Reviews(settling=shop.topups.settling, audits=shop.audits)


@pytest.fixture
def payment(shop):
    """In review: something worth $12 arrived that the provider could not name."""
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(1_200))
    shop.topups.settle(payment.id)
    shop.work()
    return Payment.objects.fetch(payment.id)


def test_what_arrived_is_credited_by_name_and_with_the_reason(shop, reviews, payment):
    left = reviews.credit_what_arrived(payment.id, **WHY)
    shop.work()

    [entry] = entries.walk()
    assert (entry["d_available"], entry["by"], entry["reason"]) == (
        1_200,
        f"operator:{ANN}",
        "seen on the chain",
    )
    assert left.status is PaymentState.PAID
    step = left.timeline[-1]
    assert (step.rule, step.by) == (PaymentRule.CREDITED_BY_OPERATOR, f"operator:{ANN}")
    assert shop.balance() == (1_200, 0)
    assert shop.told() == ["topup_review", "topup_resolved"]
    audit = AuditEntry.objects.get()
    assert (audit.by, audit.act, audit.subject) == (ANN, "credit what arrived", payment.id)
    assert audit.reason == "$12.00: seen on the chain"
    assert shop.verification.verify().findings == []


def test_news_that_come_meanwhile_keep_no_operator_from_crediting(shop, reviews, payment):
    asked = shop.provider.invoice

    def ask_while_a_notice_wakes_it(provider_id):
        shop.provider.invoice = asked
        Payment.objects(pk=payment.id).update_one(set__next_at=shop.clock.now())
        return asked(provider_id)

    shop.provider.invoice = ask_while_a_notice_wakes_it
    left = reviews.credit_what_arrived(payment.id, **WHY)

    assert left.status is PaymentState.PAID
    assert shop.balance() == (1_200, 0)
    assert AuditEntry.objects.count() == 1


def test_a_second_operator_comes_too_late(shop, reviews, payment):
    reviews.credit_what_arrived(payment.id, **WHY)

    with pytest.raises(NotInReview):
        reviews.credit_what_arrived(payment.id, **WHY)
    with pytest.raises(NotInReview):
        reviews.reject(payment.id, **WHY)
    assert shop.balance() == (1_200, 0)
    assert AuditEntry.objects.count() == 1


def test_a_rejection_is_the_end_and_told(shop, reviews, payment):
    left = reviews.reject(payment.id, **WHY)
    shop.work()

    assert left.status is PaymentState.REJECTED
    assert left.timeline[-1].note == "seen on the chain"
    assert Payment.objects.fetch(payment.id).next_at is None
    assert shop.balance() == (0, 0)
    assert shop.told() == ["topup_review", "topup_rejected"]
    assert AuditEntry.objects.get().act == "reject payment"


def test_what_is_rejected_stays_so_whatever_the_provider_says_later(shop, reviews, payment):
    reviews.reject(payment.id, **WHY)
    shop.pay(payment)

    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    shop.topups.settle(payment.id)
    shop.clock.turn(hours=1)
    shop.sweep()

    assert Payment.objects.fetch(payment.id).status is PaymentState.REJECTED
    assert shop.balance() == (0, 0)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_happens(shop, reviews, payment, reason):
    for act in (reviews.credit_what_arrived, reviews.reject):
        with pytest.raises(ReasonMissing):
            act(payment.id, by=ANN, reason=reason)

    assert Payment.objects.fetch(payment.id).status is PaymentState.REVIEW
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "received"), [(InvoiceState.UNCLEAR, 0), (InvoiceState.REFUNDED, 1_200)]
)
def test_nothing_is_credited_of_nothing_or_of_what_was_sent_back(
    shop, reviews, payment, state, received
):
    shop.provider.say(payment.provider_id, state, received=Money(received))

    with pytest.raises(NothingArrived):
        reviews.credit_what_arrived(payment.id, **WHY)

    assert Payment.objects.fetch(payment.id).status is PaymentState.REVIEW
    assert shop.balance() == (0, 0)
    assert AuditEntry.objects.count() == 0


def test_what_is_credited_already_is_not_credited_again(shop, reviews):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.say(payment.provider_id, InvoiceState.UNDERPAID, received=Money(1_000))
    shop.topups.settle(payment.id)
    shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(1_700))
    shop.topups.settle(payment.id)

    left = reviews.credit_what_arrived(payment.id, **WHY)

    assert [credit.amount.minor for credit in left.credits] == [1_000, 700]
    assert shop.balance() == (1_700, 0)
    assert shop.verification.verify().findings == []


def test_a_payment_that_is_not_in_review_is_left_alone(shop, reviews):
    payment = shop.topups.open(BUYER, Money(2_500))

    with pytest.raises(NotInReview) as refusal:
        reviews.reject(payment.id, **WHY)

    assert refusal.value.facts == {"id": payment.id, "status": PaymentState.PENDING}


def test_a_provider_that_is_away_leaves_the_review_open(shop, reviews, payment):
    shop.provider.troubles.append(PaymentProviderDown())

    with pytest.raises(PaymentProviderDown):
        reviews.credit_what_arrived(payment.id, **WHY)

    assert Payment.objects.fetch(payment.id).status is PaymentState.REVIEW


@pytest.mark.parametrize("round_", range(3))
def test_eight_operators_at_once_decide_once(shop, reviews, payment, round_):
    ready = Barrier(8)

    def decide(number):
        ready.wait()
        act = reviews.reject if number % 2 else reviews.credit_what_arrived
        try:
            return act(payment.id, **WHY)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(8) as operators:
        answers = list(operators.map(decide, range(8)))
    shop.work()

    left = Payment.objects.fetch(payment.id)
    assert sum(isinstance(answer, Payment) for answer in answers) == 1
    credited = left.status is PaymentState.PAID
    assert shop.balance() == ((1_200, 0) if credited else (0, 0))
    assert left.status in {PaymentState.PAID, PaymentState.REJECTED}
    assert shop.told()[1:] == ["topup_resolved" if credited else "topup_rejected"]
    assert AuditEntry.objects.count() == 1
