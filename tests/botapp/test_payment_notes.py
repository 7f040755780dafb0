"""Each outcome of a payment in the customer's chat: said once, and on the invoice's own screen."""

import pytest

from botapp.states import Place
from core.money import Money
from models.payment import Payment
from providers.payments.base import InvoiceState
from services.reviews import Reviews
from tests.botapp.talk import Talk

UNDERPAID, EXPIRED, PAID = InvoiceState.UNDERPAID, InvoiceState.EXPIRED, InvoiceState.PAID
UNCLEAR, REFUNDED = InvoiceState.UNCLEAR, InvoiceState.REFUNDED


@pytest.fixture
def invoice(talk: Talk) -> Payment:
    talk.reach(Place.INVOICE)
    return talk.shop.topups.get(talk.draft.data["payment"])


def arrive(talk: Talk, invoice: Payment, state: InvoiceState, cents: int) -> None:
    talk.shop.provider.say(invoice.provider_id, state, received=Money(cents))
    Payment.objects(pk=invoice.id).update_one(set__next_at=talk.shop.clock.now())
    talk.shop.topups.settle(invoice.id)
    talk.shop.work()


OVERPAID = (
    "<b>$30.00 has arrived</b>, more than the $25.00 of your invoice. All of it is yours: your "
    "balance is $30.00."
)
PART = (
    "<b>$10.00 has arrived</b>, $15.00 of the $25.00 is still missing. Your balance is $10.00. If "
    "you send the rest to the same invoice, it is added too."
)
PART_ON_SCREEN = (
    "<b>$10.00 has arrived</b> and is on your balance. $15.00 is missing: if you send it to the "
    "same invoice, it is added too."
)
REST = "<b>$15.00 more has arrived</b>, that makes $25.00 for this invoice. Your balance is $25.00."
LATE = (
    "<b>$25.00 has arrived</b>, after the invoice had expired. It is credited all the same: your "
    "balance is $25.00."
)
PAID_ON_SCREEN = "<b>Paid.</b> $25.00 is on your balance."
GO_ON = ["New label", "Menu"]


@pytest.mark.parametrize(
    ("course", "told", "labels"),
    [
        ([(PAID, 3_000)], (OVERPAID, "<b>Paid.</b> $30.00 is on your balance."), GO_ON),
        ([(UNDERPAID, 1_000)], (PART, PART_ON_SCREEN), ["Pay the missing $15.00", *GO_ON]),
        ([(UNDERPAID, 1_000), (PAID, 2_500)], (REST, PAID_ON_SCREEN), GO_ON),
        ([(EXPIRED, 0), (EXPIRED, 2_500)], (LATE, PAID_ON_SCREEN), GO_ON),
    ],
)
def test_what_arrived_is_said_and_the_invoice_follows(talk, invoice, course, told, labels):
    screen = max(talk.chat.shown)

    for state, cents in course:
        arrive(talk, invoice, state, cents)

    said, shown = told
    assert (talk.text, talk.labels) == (said, labels)
    assert talk.chat.shown[screen] == (shown, [])


def test_an_invoice_that_expired_on_screen_offers_a_new_one(talk, invoice):
    screen = max(talk.chat.shown)

    arrive(talk, invoice, EXPIRED, 0)

    assert [button.label for button in talk.chat.shown[screen][1]] == ["Top up", "Menu"]


@pytest.mark.parametrize(("cents", "word"), [(500, "Continue label"), (900, "Buy now")])
def test_only_money_that_is_enough_for_the_label_offers_to_buy_it(talk, cents, word):
    talk.reach(Place.INSUFFICIENT)
    talk.press("$25")
    invoice = talk.shop.topups.get(talk.draft.data["payment"])

    arrive(talk, invoice, UNDERPAID, cents)

    assert talk.labels[-2:] == [word, "Menu"]


def test_the_missing_rest_is_paid_on_the_page_of_the_same_invoice(talk, invoice):
    arrive(talk, invoice, UNDERPAID, 1_000)

    assert talk.button("Pay the missing $15.00")[1].url == invoice.url


def test_asking_for_a_payment_says_at_once_that_it_is_looked_for(talk, invoice):
    talk.press("Check payment")
    talk.chat.calls.clear()

    talk.press("Check payment")

    assert talk.chat.calls == ["answer_press", "typing", "edit_text", "edit_text"]
    assert talk.text.startswith("Nothing has arrived yet.")


def test_money_that_is_sent_back_is_said_and_credits_nothing(talk, invoice):
    arrive(talk, invoice, REFUNDED, 2_500)

    assert "is sending your payment of $25.00 back to you" in talk.text
    assert talk.shop.balance() == (0, 0)


def test_the_end_of_a_review_is_said(talk, invoice):
    arrive(talk, invoice, UNCLEAR, 1_200)
    reviews = Reviews(settling=talk.shop.topups.settling, audits=talk.shop.audits)

    reviews.credit_what_arrived(invoice.id, by="finance@shop.example", reason="seen on chain")
    talk.shop.work()

    assert talk.text == (
        "<b>We have looked into your payment:</b> $12.00 has arrived and is credited. Your "
        "balance is $12.00."
    )


def test_a_rejection_is_said_without_the_operators_reason(talk, invoice):
    arrive(talk, invoice, UNCLEAR, 0)
    reviews = Reviews(settling=talk.shop.topups.settling, audits=talk.shop.audits)

    reviews.reject(invoice.id, by="finance@shop.example", reason="a scam")
    talk.shop.work()

    assert talk.text == (
        "We have looked into your payment of $25.00: it can't be credited.\n"
        "If you think otherwise, /help tells whom to write to."
    )


def test_a_rejected_rest_is_said_beside_what_is_credited(talk, invoice):
    arrive(talk, invoice, UNDERPAID, 1_000)
    arrive(talk, invoice, UNCLEAR, 1_000)
    reviews = Reviews(settling=talk.shop.topups.settling, audits=talk.shop.audits)

    reviews.reject(invoice.id, by="finance@shop.example", reason="a worthless coin")
    talk.shop.work()

    assert "beside the $10.00 on your balance, nothing of it can be credited" in talk.text
    assert talk.shop.balance() == (1_000, 0)


@pytest.mark.parametrize(
    ("state", "cents", "first"),
    [(UNDERPAID, 1_000, "Pay the missing $15.00"), (PAID, 3_000, "New label")],
)
def test_the_invoice_on_screen_shows_what_arrived(talk, invoice, state, cents, first):
    talk.shop.provider.say(invoice.provider_id, state, received=Money(cents))

    talk.press("Check payment")

    assert str(Money(cents)) in talk.text
    assert talk.labels[0] == first


def test_a_rejected_invoice_on_screen_offers_a_new_one(talk, invoice):
    talk.shop.provider.say(invoice.provider_id, UNCLEAR)
    talk.press("Check payment")
    reviews = Reviews(settling=talk.shop.topups.settling, audits=talk.shop.audits)
    reviews.reject(invoice.id, by="finance@shop.example", reason="nothing came")

    talk.press("Check payment")

    assert "can't be credited" in talk.text
    assert talk.labels[0] == "Top up"
