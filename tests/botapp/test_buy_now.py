"""The button under the note that money for a label has come, pressed at once or long after."""

from dataclasses import replace

import pytest

from botapp.courtesies import Courtesies
from botapp.states import Place
from models.order import Order
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.customer import wait_for

CANCELLED = "That label was cancelled before it was bought."


@pytest.fixture
def note(talk):
    """Its id and what its button sends."""
    talk.reach(Place.INSUFFICIENT)
    talk.press("$25")
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)
    talk.shop.topups.settle(payment.id)
    talk.shop.work()
    message_id, button = talk.button("Buy now")
    return message_id, button.data


def press(talk, note):
    return talk.handle(talk.pressed_data(*note))


def test_it_leads_to_the_price_and_its_note_needs_no_buttons_any_more(talk, note):
    talk.conversation = replace(talk.conversation, courtesies=Courtesies(talk.chat))

    press(talk, note)

    assert (talk.place, talk.labels[0]) == (Place.PAY, "Pay $7.50")
    assert wait_for(lambda: not talk.chat.shown[note[0]][1])


def test_after_the_purchase_it_shows_what_was_bought(talk, note):
    press(talk, note)
    talk.press("Pay $7.50")
    talk.shop.work()

    press(talk, note)

    [order] = Order.objects
    assert talk.place == Place.ORDER
    assert talk.text.startswith(f"<b>Order {order.id}</b>")
    assert talk.shop.balance() == (1_750, 0)


def test_it_takes_up_its_own_label_whatever_was_begun_since(talk, note):
    talk.walk(("/new", SENDER_TEXT, "/new", f"{RECIPIENT_TEXT}\n{SENDER_TEXT}"))

    press(talk, note)

    assert talk.place == Place.PAY
    assert "to John Smith, New York, NY" in talk.text
    assert len(talk.draft.data["aside"]) == 2


def test_it_takes_up_its_own_label_with_newer_rates_or_none_yet(talk, note):
    talk.walk(("/start", "press:Continue label", "press:Back", "press:Refresh"))
    talk.walk(("/new", SENDER_TEXT))
    press(talk, note)
    quoted_anew = talk.place, talk.text
    talk.walk(("3 lb", "/new", SENDER_TEXT))
    press(talk, note)

    assert quoted_anew[0] == Place.RATES
    assert quoted_anew[1].startswith("<b>Rates to New York, NY</b>")
    assert talk.place == Place.CONFIRM
    assert "John Smith" in talk.text


def test_it_shows_what_was_bought_at_a_newer_price(talk, note):
    talk.shop.clock.turn(minutes=16)
    press(talk, note)
    talk.walk(("press:Pay $7.50", "press:Pay $7.50"))

    press(talk, note)

    assert talk.place == Place.ORDER
    assert talk.text.startswith(f"<b>Order {Order.objects.get().id}</b>")


def test_a_label_that_was_cancelled_is_said_to_be_and_may_be_brought_back(talk, note):
    talk.walk(("/new", SENDER_TEXT, "/start", "press:Unfinished: 2"))
    talk.walk(("press:To John Smith, New York, NY", "/cancel"))

    told = press(talk, note)
    talk.walk(("press:Bring the label back", "/start"))
    back = press(talk, note)

    assert told.startswith(
        f"{CANCELLED}\nTo have it after all, tap Bring the label back in the menu."
    )
    assert "to John Smith, New York, NY" in back
    assert talk.place == Place.PAY


def test_a_cancelled_label_leads_to_no_other(talk, note):
    talk.walk(("/cancel", "/new", f"{RECIPIENT_TEXT}\n{SENDER_TEXT}"))

    told = press(talk, note)

    assert told.startswith(f"{CANCELLED}\n\n")
    assert (talk.place, Order.objects.count()) == (Place.PAIR, 0)
