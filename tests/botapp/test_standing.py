"""Messages that customers have left behind, and that say how things stand all the same."""

import pytest

from botapp.standing import MOST
from botapp.states import Place
from models.batch import Batch
from providers.payments.base import InvoiceState
from tests.batches import mixed, table
from tests.botapp.talk import SENDER_TEXT


def shown_of(talk, message_id):
    text, buttons = talk.chat.shown[message_id]
    return text, [button.label for button in buttons]


def pay(talk):
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)
    talk.shop.topups.settle(payment.id)
    talk.shop.work()


@pytest.mark.parametrize("words", [["/new"], ["/new", SENDER_TEXT], ["thank you"]])
def test_an_invoice_that_a_customer_has_left_with_words_is_paid_all_the_same(talk, words):
    talk.reach(Place.INVOICE)
    invoice = max(talk.chat.shown)
    talk.walk(words)

    pay(talk)

    assert shown_of(talk, invoice) == ("<b>Paid.</b> $25.00 is on your balance.", [])
    assert talk.text == "<b>$25.00 has arrived.</b> Your balance is $25.00."


def test_money_on_its_way_is_said_anew_to_who_has_gone_on(talk):
    talk.reach(Place.INVOICE)
    invoice = max(talk.chat.shown)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.say("/new")
    talk.shop.provider.say(payment.provider_id, InvoiceState.SEEN)

    talk.shop.topups.settle(payment.id)
    talk.shop.work()

    assert "Your payment of $25.00 is on its way." in talk.text
    assert shown_of(talk, invoice) == (talk.text, [])
    assert max(talk.chat.shown) != invoice


@pytest.mark.parametrize("goes_on", [(), ("/new",)])
@pytest.mark.parametrize("old", [False, True])
def test_what_has_taken_the_invoices_place_stays(talk, old, goes_on):
    """The customer has pressed a button of it, at once or when it was an old one already."""
    talk.reach(Place.INVOICE)
    invoice, cancel = talk.button("Cancel")
    if old:
        talk.say("/orders")
    talk.handle(talk.pressed_data(invoice, cancel.data))
    taken = talk.chat.shown[invoice]

    talk.walk(goes_on)

    pay(talk)

    assert talk.chat.shown[invoice] == taken
    assert talk.text.startswith("<b>$25.00 has arrived.</b>")


def test_a_file_is_followed_when_its_customer_goes_on_with_something_else(talk):
    talk.send("orders.csv", table(mixed(2, 0)))
    talk.press("Looks right")
    talk.say(SENDER_TEXT)
    file = max(talk.chat.shown)
    talk.say("/new")

    while Batch.objects(next_at__ne=None).count():
        talk.shop.work()
        talk.shop.clock.turn(seconds=4)
        talk.shop.batch_driving.resume()

    text, labels = shown_of(talk, file)
    assert text.startswith("<b>2 of 2 rows can be bought, for $15.00.</b>")
    assert labels == []
    assert "Where do you ship from?" in shown_of(talk, talk.draft.message_id)[0]


def test_only_the_last_ones_are_remembered(talk):
    for _ in range(MOST + 2):
        talk.reach(Place.INVOICE)

    talk.say("/new")

    assert len(talk.draft.data["standing"]) == MOST
