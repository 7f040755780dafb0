"""Both addresses in one message: the shortest way to a label."""

import pytest

from botapp.states import Place
from models.inbox import Update
from models.order import Order
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.fakes import PDF

BOTH = f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"
PAIR_SHOWN = (
    "<b>Ship from</b>\nMaria O'Brien\n388 Townsend St\nSan Francisco, CA 94107\n\n"
    "<b>Ship to</b>\nJohn Smith\n350 5th Ave\nNew York, NY 10118\n\n"
    "Is this right? Then send the weight and the size, for example <code>2 lb 10x8x4</code>."
)


def test_a_pasted_pair_becomes_a_label_within_six_messages(talk):
    talk.shop.credit(2_500)

    talk.say("/new")
    talk.say(BOTH)
    shown = talk.text
    talk.say("2 lb 10x8x4")
    talk.press("Get rates")
    talk.press("USPS Ground")
    talk.press("Pay $7.50")
    talk.shop.work()

    assert shown == PAIR_SHOWN
    assert Update.objects.count() <= 6
    assert [data for _, data in talk.chat.files] == [PDF]
    [order] = Order.objects
    assert (order.sender.name, order.recipient.name) == ("Maria O'Brien", "John Smith")


def test_a_pair_with_its_parcel_needs_no_command_and_goes_straight_to_confirm(talk):
    talk.say("/start")

    talk.say(f"From: {SENDER_TEXT}\nTo: {RECIPIENT_TEXT}\nParcel: 2 lb 10x8x4")

    assert talk.place == Place.CONFIRM
    assert "2 lb, 10x8x4 in" in talk.text
    assert talk.draft.data["label"]["recipient"]["name"] == "John Smith"


@pytest.mark.parametrize("place", [Place.RECIPIENT, Place.ADDRESS, Place.PAIR])
def test_a_pair_is_heard_wherever_an_address_is(talk, place):
    talk.reach(place)

    talk.say(f"{RECIPIENT_TEXT}\n{SENDER_TEXT}")

    assert talk.place == Place.PAIR
    assert talk.text.startswith("<b>Ship from</b>\nJohn Smith")


def test_a_pair_is_swapped_and_each_side_edited_in_place(talk):
    talk.reach(Place.PAIR)

    talk.press("Swap")
    talk.press("Edit to")
    talk.press("Name")
    talk.say("Ann Lee")
    shown = talk.text
    talk.press("Looks right")

    assert shown.startswith("<b>Ship from</b>\nJohn Smith")
    assert "<b>Ship to</b>\nAnn Lee\n388 Townsend St" in shown
    assert talk.place == Place.WEIGHT


def test_what_is_doubtful_or_wrong_in_a_pair_is_said_before_anything_else(talk):
    talk.say("/new")

    talk.say(f"{SENDER_TEXT}\nJohn Smith\n350 5th Ave\nSpringfield, NY 10118\n2 lb 10x8x4")
    doubted = talk.text
    talk.say(f"{SENDER_TEXT.replace('CA', 'NV')}\n{RECIPIENT_TEXT}")

    assert "Please have a second look at: to: city." in doubted
    assert "The ZIP 94107 is not in NV." in talk.text
    assert "Looks right" not in talk.labels
    talk.say("2 lb 10x8x4")
    assert talk.place == Place.PAIR


def test_what_a_pair_lacks_is_asked_for(talk):
    talk.say("/new")

    talk.say(f"388 Townsend St\nSan Francisco, CA 94107\n\n{RECIPIENT_TEXT}")
    asked = talk.text
    talk.say("Maria O'Brien")

    assert asked == ("<b>Ship from</b>\n388 Townsend St\nSan Francisco, CA 94107\n\nFull name?")
    assert talk.text == PAIR_SHOWN


@pytest.mark.parametrize(
    ("alone", "answer"),
    [
        ("Ann Lee\n1 Market St\nDenver, CO 80202", "Please use the buttons below."),
        ("Mario Rossi\nVia Roma 1\n20121 Milano MI, Italy", "That looks like an address abroad."),
    ],
)
def test_one_address_alone_is_not_taken_for_the_weight_of_a_pair(talk, alone, answer):
    talk.reach(Place.PAIR)

    talk.say(alone)

    assert talk.text.startswith(answer)
    assert talk.text.endswith(PAIR_SHOWN)
    assert {"Edit from", "Edit to"} <= set(talk.labels)


def test_a_parcel_too_big_for_all_leaves_the_pair_untold(talk):
    talk.say("/new")

    talk.say(f"{BOTH}\n2 lb 100x40x40")

    assert talk.place == Place.SENDER
    assert talk.text.startswith("No carrier takes this parcel")
    assert "recipient" not in talk.draft.data.get("label", {})
