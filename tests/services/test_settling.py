"""Settling: what each report of the provider means, and every part of the money exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock

import pytest

from core.money import Money
from models import ledger as entries
from models.outbox import Note
from models.payment import Payment, PaymentRule, PaymentState
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.ledger import LedgerBusy
from services.settling import Settling
from tests.shop import BUYER

AMOUNT = Money(2_500)
PAID, UNDERPAID, EXPIRED = InvoiceState.PAID, InvoiceState.UNDERPAID, InvoiceState.EXPIRED
SEEN, REFUNDED, UNCLEAR = InvoiceState.SEEN, InvoiceState.REFUNDED, InvoiceState.UNCLEAR


@pytest.fixture
def payment(shop):
    return shop.topups.open(BUYER, AMOUNT)


@pytest.fixture
def told(shop, payment):
    """The provider says this, somebody asks, and a worker does what follows."""

    def tell(state, received=0, **lies):
        shop.provider.say(payment.provider_id, state, received=Money(received), **lies)
        Payment.objects(pk=payment.id).update_one(set__next_at=shop.clock.now())
        shop.topups.settle(payment.id)
        shop.work()
        return Payment.objects.fetch(payment.id)

    return tell


RULES = [
    (
        "the whole amount",
        [(PAID, 2_500)],
        (PaymentState.PAID, [2_500], [PaymentRule.PAID], ["topup_credited"]),
    ),
    (
        "accepted by hand at the provider, which lists no coins",
        [(PAID, 0)],
        (PaymentState.PAID, [2_500], [PaymentRule.PAID], ["topup_credited"]),
    ),
    (
        "too much",
        [(PAID, 3_100)],
        (PaymentState.PAID, [3_100], [PaymentRule.OVERPAID], ["topup_overpaid"]),
    ),
    (
        "too little",
        [(UNDERPAID, 1_000)],
        (PaymentState.UNDERPAID, [1_000], [PaymentRule.UNDERPAID], ["topup_underpaid"]),
    ),
    (
        "too little by the time it expired",
        [(EXPIRED, 1_000)],
        (PaymentState.UNDERPAID, [1_000], [PaymentRule.UNDERPAID], ["topup_underpaid"]),
    ),
    (
        "too little is said, but not how little",
        [(UNDERPAID, 0)],
        (PaymentState.REVIEW, [], [PaymentRule.UNCLEAR], ["topup_review"]),
    ),
    (
        "in parts, the first of which was final",
        [(UNDERPAID, 1_000), (SEEN, 1_000), (PAID, 2_500)],
        (
            PaymentState.PAID,
            [1_000, 1_500],
            [PaymentRule.UNDERPAID, PaymentRule.PAID_IN_PARTS],
            ["topup_underpaid", "topup_rest"],
        ),
    ),
    (
        "in three parts, the last one late and too much",
        [(UNDERPAID, 1_000), (UNDERPAID, 1_400), (EXPIRED, 2_600)],
        (
            PaymentState.PAID,
            [1_000, 400, 1_200],
            [PaymentRule.UNDERPAID, PaymentRule.UNDERPAID, PaymentRule.PAID_IN_PARTS],
            ["topup_underpaid", "topup_underpaid", "topup_rest"],
        ),
    ),
    (
        "in parts before any was final",
        [(SEEN, 1_000), (PAID, 2_500)],
        (
            PaymentState.PAID,
            [2_500],
            [PaymentRule.PAID],
            ["topup_seen", "topup_credited"],
        ),
    ),
    (
        "late, while the provider goes on to say expired",
        [(EXPIRED, 0), (EXPIRED, 2_500)],
        (
            PaymentState.PAID,
            [2_500],
            [PaymentRule.EXPIRED, PaymentRule.PAID_LATE],
            ["topup_expired", "topup_late"],
        ),
    ),
    (
        "late, and the provider calls it paid",
        [(EXPIRED, 0), (SEEN, 0), (PAID, 2_500)],
        (
            PaymentState.PAID,
            [2_500],
            [PaymentRule.EXPIRED, PaymentRule.PAID_LATE],
            ["topup_expired", "topup_seen", "topup_late"],
        ),
    ),
    (
        "more on a paid one",
        [(PAID, 2_500), (PAID, 3_000)],
        (
            PaymentState.PAID,
            [2_500, 500],
            [PaymentRule.PAID, PaymentRule.PAID_IN_PARTS],
            ["topup_credited", "topup_rest"],
        ),
    ),
    (
        "a coin or a status that we can't value",
        [(UNCLEAR, 0), (UNCLEAR, 0)],
        (PaymentState.REVIEW, [], [PaymentRule.UNCLEAR], ["topup_review"]),
    ),
    (
        "what was unclear becomes clear",
        [(UNCLEAR, 0), (PAID, 2_500)],
        (
            PaymentState.PAID,
            [2_500],
            [PaymentRule.UNCLEAR, PaymentRule.PAID],
            ["topup_review", "topup_credited"],
        ),
    ),
    (
        "a part is credited and then its rest is unclear",
        [(UNDERPAID, 1_000), (UNCLEAR, 0), (UNDERPAID, 1_000)],
        (
            PaymentState.UNDERPAID,
            [1_000],
            [PaymentRule.UNDERPAID, PaymentRule.UNCLEAR, PaymentRule.SETTLED],
            ["topup_underpaid", "topup_review"],
        ),
    ),
    (
        "sent back by the provider before we credited",
        [(SEEN, 0), (REFUNDED, 2_500)],
        (
            PaymentState.REVIEW,
            [],
            [PaymentRule.REFUNDED],
            ["topup_seen", "topup_refunded"],
        ),
    ),
    (
        "sent back after we credited",
        [(PAID, 2_500), (REFUNDED, 2_500), (REFUNDED, 2_500)],
        (
            PaymentState.PAID,
            [2_500],
            [PaymentRule.PAID, PaymentRule.REFUNDED_AFTER_CREDIT],
            ["topup_credited"],
        ),
    ),
    (
        "in review for good, whatever it says without money",
        [(UNCLEAR, 0), (EXPIRED, 0)],
        (PaymentState.REVIEW, [], [PaymentRule.UNCLEAR], ["topup_review"]),
    ),
    (
        "unclear after all was paid",
        [(PAID, 2_500), (UNCLEAR, 2_500)],
        (PaymentState.PAID, [2_500], [PaymentRule.PAID], ["topup_credited"]),
    ),
    (
        "less than it said before",
        [(UNDERPAID, 1_000), (UNDERPAID, 900)],
        (PaymentState.UNDERPAID, [1_000], [PaymentRule.UNDERPAID], ["topup_underpaid"]),
    ),
]


@pytest.mark.parametrize(
    ("course", "expected"), [pytest.param(*row[1:], id=row[0]) for row in RULES]
)
def test_each_course_of_a_payment_has_its_rule(shop, payment, told, course, expected):
    for state, received in course:
        told(state, received)
        told(state, received)

    status, credits_, rules, notes = expected
    left = Payment.objects.fetch(payment.id)
    assert left.status is status
    assert [credit.amount.minor for credit in left.credits] == credits_
    assert left.booked == len(credits_)
    assert [step.rule for step in left.timeline if step.rule] == rules
    assert shop.told() == notes
    assert shop.balance() == (sum(credits_), 0)
    assert shop.verification.verify().findings == []


def test_what_arrived_is_told_with_the_part_and_the_whole(payment, told):
    told(UNDERPAID, 1_000)
    told(PAID, 2_500)

    facts = [note.facts for note in Note.objects.order_by("id")]
    assert facts == [
        {"payment_id": payment.id, "credited": 1_500, "total": 2_500},
        {"payment_id": payment.id, "credited": 1_000, "total": 1_000},
    ]


def test_each_part_has_a_key_of_its_own_and_says_who(payment, told):
    told(UNDERPAID, 1_000)
    told(UNDERPAID, 2_000)
    told(PAID, 2_500)

    booked = [(entry["key"], entry["d_available"], entry["by"]) for entry in entries.walk()]
    assert booked == [
        ("topup:oxapay:track-0", 1_000, "provider:oxapay"),
        ("topup:oxapay:track-0:1", 1_000, "provider:oxapay"),
        ("topup:oxapay:track-0:2", 500, "provider:oxapay"),
    ]


@pytest.mark.parametrize("lie", [{"amount": Money(250_000)}, {"payment_id": "T-other"}])
def test_an_invoice_that_is_not_the_one_we_made_credits_nothing(shop, told, lie):
    left = told(PAID, 250_000, **lie)

    assert left.status is PaymentState.REVIEW
    assert left.timeline[-1].rule is PaymentRule.DIFFERENT
    assert shop.balance() == (0, 0)
    assert shop.told() == ["topup_review"]


def test_an_invoice_that_turns_into_another_takes_nothing_back(shop, told):
    told(PAID, 2_500)

    left = told(PAID, 9_900, payment_id="T-other")

    assert left.status is PaymentState.PAID
    assert shop.balance() == (2_500, 0)
    assert shop.told() == ["topup_credited"]


def test_an_underpaid_one_is_watched_until_three_days_after_expiry(shop, payment, told):
    told(UNDERPAID, 1_000)
    assert Payment.objects.fetch(payment.id).next_at > shop.clock.now()

    shop.clock.turn(hours=74)
    left = told(UNDERPAID, 1_000)

    assert left.next_at is None
    assert left.status is PaymentState.UNDERPAID


def test_a_paid_one_is_not_asked_about_unless_something_woke_it(shop, payment, told):
    left = told(PAID, 2_500)
    shop.provider.say(payment.provider_id, PAID, received=Money(9_900))

    assert shop.topups.check(left).credited == AMOUNT
    assert shop.balance() == (2_500, 0)


def test_a_paid_one_that_was_woken_is_asked_again_when_the_provider_is_away(shop, payment, told):
    told(PAID, 2_500)
    shop.provider.troubles.append(PaymentProviderDown())
    told(PAID, 3_000)
    assert shop.balance() == (2_500, 0)

    shop.clock.turn(minutes=11)
    shop.sweep()

    assert shop.balance() == (3_000, 0)


def test_a_decision_that_was_not_booked_is_booked_before_anything_is_asked(
    shop, payment, monkeypatch
):
    def refuse(*_, **__):
        raise LedgerBusy(account="u:7:USD", key="k")

    shop.pay(payment)
    with monkeypatch.context() as broken:
        broken.setattr(type(shop.ledger), "top_up", refuse)
        assert shop.topups.settle(payment.id).status is PaymentState.PENDING
    assert shop.balance() == (0, 0)
    assert Payment.objects.fetch(payment.id).unbooked != {}
    assert shop.verification.verify().findings == []

    shop.provider.troubles.append(PaymentProviderDown())
    shop.topups.settle(payment.id)

    assert shop.balance() == (2_500, 0)
    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID


def test_news_of_more_is_heard_while_an_earlier_part_waits_to_be_booked(shop, payment, monkeypatch):
    def refuse(*_, **__):
        raise LedgerBusy(account="u:7:USD", key="k")

    shop.pay(payment)
    with monkeypatch.context() as broken:
        broken.setattr(type(shop.ledger), "top_up", refuse)
        shop.topups.settle(payment.id)
    shop.provider.say(payment.provider_id, PAID, received=Money(3_000))

    shop.topups.notice("oxapay", f"{payment.provider_id} paid".encode(), {})
    shop.work()

    assert shop.balance() == (3_000, 0)
    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID


def test_news_of_more_is_heard_while_an_older_report_is_on_its_way(shop, payment, monkeypatch):
    def told_late(provider_id):
        monkeypatch.undo()
        older = shop.provider.invoice(provider_id)
        shop.provider.say(provider_id, PAID, received=Money(3_000))
        shop.topups.notice("oxapay", f"{provider_id} paid".encode(), {})
        return older

    shop.pay(payment)
    monkeypatch.setattr(shop.provider, "invoice", told_late)

    shop.topups.settle(payment.id)
    shop.work()

    assert shop.balance() == (3_000, 0)
    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID


def test_two_hands_with_reports_of_different_age_credit_the_newer_once(shop, payment):
    old = Payment.objects.fetch(payment.id)
    shop.provider.say(payment.provider_id, UNDERPAID, received=Money(1_000))
    late_hand = shop.provider.made[payment.provider_id]
    shop.pay(payment)
    shop.topups.settle(payment.id)

    shop.provider.made[payment.provider_id] = late_hand
    shop.topups.check(old)

    assert shop.balance() == (2_500, 0)
    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID


def test_a_hand_that_closes_leaves_what_another_decided_meanwhile(shop, payment, told):
    """The first one booked its part; the second decided on more, and died."""
    told(UNDERPAID, 1_000)
    first = Payment.objects.fetch(payment.id)
    Payment.objects(pk=payment.id).update_one(set__booked=0)
    first.booked = 0
    Payment.objects(pk=payment.id).update_one(
        push__credits=first.credits[0], set__next_at=shop.clock.now()
    )

    shop.topups.settling.book(first)

    assert Payment.objects.fetch(payment.id).booked == 0
    assert Payment.objects.fetch(payment.id).next_at is not None
    shop.sweep()
    assert Payment.objects.fetch(payment.id).booked == 2
    assert shop.balance() == (2_000, 0)


@pytest.mark.parametrize("round_", range(3))
def test_eight_hands_on_a_growing_amount_credit_every_cent_once(shop, payment, round_):
    growing = iter([*range(300, 2_500, 300), *[2_500] * 8])
    turns = Lock()

    def look(_):
        with turns:
            cents = next(growing)
            state = PAID if cents == AMOUNT.minor else UNDERPAID
            shop.provider.say(payment.provider_id, state, received=Money(cents))
        shop.topups.settle(payment.id)

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(look, range(16)))
    shop.work()
    shop.clock.turn(minutes=11)
    shop.sweep()

    left = Payment.objects.fetch(payment.id)
    assert (left.status, left.booked) == (PaymentState.PAID, len(left.credits))
    assert sum(entry["d_available"] for entry in entries.walk()) == 2_500
    assert shop.balance() == (2_500, 0)
    assert len(shop.told()) == len(left.credits)
    assert shop.verification.verify().findings == []


def test_a_provider_whose_key_was_taken_away_only_delays(shop, payment):
    del shop.topups.providers["oxapay"]

    left = shop.topups.settle(payment.id)

    assert left.status is PaymentState.PENDING
    assert Payment.objects.fetch(payment.id).next_at == shop.clock.now() + timedelta(seconds=5)


def test_more_money_told_of_before_the_first_part_is_booked_is_not_forgotten(
    shop, payment, monkeypatch
):
    real, pauses = Settling.book, []

    def hear_of_more_before_booking(settling, decided):
        if not pauses and decided.credits:
            pauses.append(decided.id)
            shop.provider.say(payment.provider_id, PAID, received=Money(5_000))
            shop.topups.notice("oxapay", payment.provider_id.encode(), {})
        return real(settling, decided)

    monkeypatch.setattr(Settling, "book", hear_of_more_before_booking)
    shop.provider.say(payment.provider_id, PAID, received=AMOUNT)
    shop.topups.settle(payment.id)
    shop.work()

    kept = Payment.objects.fetch(payment.id)
    assert pauses == [payment.id]
    assert [credit.amount.minor for credit in kept.credits] == [2_500, 2_500]
    assert shop.balance() == (5_000, 0)
