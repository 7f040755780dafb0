"""Several labels in the making: none is overwritten, each is gone on with, each word taken back."""

from dataclasses import replace

import pytest

from botapp import unfinished
from botapp.states import Place
from botapp.texts.unfinished import title
from core.addresses import NOBODY
from models.order import Order
from models.quote import Quote
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, TERRITORY_TEXT

BOTH = f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"


def test_a_label_half_told_is_titled_by_what_is_told():
    sender = replace(NOBODY, name="Ann Lee", city="Reno", zip="99999")

    assert title(sender, NOBODY) == "From Ann Lee, Reno"


def label(talk):
    return talk.draft.data["label"]


def test_a_new_label_keeps_the_one_that_was_begun_and_says_so(talk):
    talk.reach(Place.SIZES)

    talk.say("/new")
    told, place = talk.text, talk.place
    talk.say("/start")
    talk.press("Continue label")

    assert told.startswith("Your unfinished label to New York, NY is kept.")
    assert place == Place.SENDER
    assert talk.place == Place.SIZES
    assert label(talk)["weight_oz"] == "32.0"


def test_labels_in_the_making_change_places_and_none_is_lost(talk):
    talk.reach(Place.UNFINISHED)
    listed = talk.labels

    talk.press("To John Smith, New York, NY")
    first = label(talk)["recipient"]["name"]
    talk.say("/start")
    talk.press("Unfinished: 2")
    talk.press("From Maria O'Brien, San Francisco, CA")

    assert listed[:2] == ["From Maria O'Brien, San Francisco, CA", "To John Smith, New York, NY"]
    assert first == "John Smith"
    assert "recipient" not in label(talk)
    assert [each["recipient"]["name"] for each in talk.draft.data["aside"]] == ["John Smith"]


def test_a_new_label_said_twice_sets_one_aside(talk):
    talk.reach(Place.SIZES)
    update = talk.heard({"text": "/new"})

    talk.handle(update)
    talk.handle(update)
    talk.say("/new")

    assert len(talk.draft.data["aside"]) == 1


def test_a_pair_pasted_into_the_menu_keeps_the_label_that_was_begun(talk):
    talk.reach(Place.CONFIRM)
    talk.say("/start")

    talk.say(f"{SENDER_TEXT}\n{TERRITORY_TEXT}")

    assert talk.place == Place.PAIR
    assert talk.text.startswith("Your unfinished label to New York, NY is kept.")
    assert label(talk)["recipient"]["city"] == "San Juan"
    assert "weight_oz" not in label(talk)


def test_after_a_purchase_the_next_pair_is_the_next_label(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()

    talk.say(f"{SENDER_TEXT}\n{TERRITORY_TEXT}")

    assert talk.place == Place.PAIR
    assert talk.text.startswith("<b>Ship from</b>\nMaria O'Brien")
    assert label(talk)["recipient"]["city"] == "San Juan"
    assert "aside" not in talk.draft.data


def test_sending_again_goes_straight_to_confirm_and_keeps_the_label_that_was_begun(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.say("/new")
    talk.say(TERRITORY_TEXT)
    talk.say("/orders")
    talk.press(talk.labels[0])

    talk.press("Send again")

    assert talk.place == Place.CONFIRM
    assert "2 lb, 10x8x4 in" in talk.text
    [aside] = talk.draft.data["aside"]
    assert aside["sender"]["name"] == "Ana Rivera"
    assert Order.objects.count() == 1


def test_one_label_too_many_is_refused_and_nothing_is_lost(talk):
    for _ in range(unfinished.MOST):
        talk.say("/new")
        talk.say(BOTH)

    talk.say("/new")

    assert talk.text.startswith("You have 10 unfinished labels.")
    assert talk.place == Place.PAIR
    assert len(talk.draft.data["aside"]) == unfinished.MOST - 1


def test_a_label_set_aside_is_forgotten_after_thirty_days(talk):
    talk.reach(Place.UNFINISHED)
    talk.shop.clock.turn(days=31)

    talk.say("hello")

    assert talk.labels == ["From Maria O'Brien, San Francisco, CA", "New label", "Back", "Cancel"]


def test_a_cancelled_label_is_brought_back(talk):
    talk.reach(Place.CONFIRM)
    before = label(talk)

    talk.press("Cancel")
    cancelled = "label" in talk.draft.data
    talk.press("Bring the label back")

    assert not cancelled
    assert talk.place == Place.CONFIRM
    assert label(talk) == before


def test_nothing_is_left_to_be_brought_back_once_a_new_label_is_begun(talk):
    talk.reach(Place.CONFIRM)
    talk.press("Cancel")
    talk.say("/new")

    talk.say("/start")

    assert talk.labels[0] == "New label"


@pytest.mark.parametrize(
    ("place", "words", "at"),
    [
        (Place.SENDER, [SENDER_TEXT], Place.SENDER),
        (Place.RECIPIENT, [RECIPIENT_TEXT], Place.RECIPIENT),
        (Place.WEIGHT, ["2 lb"], Place.WEIGHT),
        (Place.SIZES, ["10x8x4"], Place.SIZES),
        (Place.PAIR, ["press:Swap"], Place.PAIR),
        (Place.VERDICT, ["press:Use corrected"], Place.VERDICT),
        (Place.FIELD, ["Maria O'Brien"], Place.FIELD),
        (Place.CONFIRM, ["press:Edit to", "press:Name", "Ann Lee"], Place.FIELD),
        (Place.ITEM, ["2 T-shirts 30 USD 1 lb"], Place.ITEM),
    ],
)
def test_what_was_told_last_is_taken_back_where_it_was_told(talk, place, words, at):
    told = ("sender", "recipient", "weight_oz", "sizes_in", "customs")
    talk.reach(place)
    before = {name: label(talk).get(name) for name in told}

    for word in words:
        talk.press(word.removeprefix("press:")) if word.startswith("press:") else talk.say(word)
    changed = {name: label(talk).get(name) for name in told}
    talk.press("Undo")

    assert changed != before
    assert {name: label(talk).get(name) for name in told} == before
    assert talk.place == at


def test_undo_goes_back_word_by_word_and_then_is_not_offered(talk):
    talk.say("/new")
    talk.say(BOTH)
    talk.say("2 lb")
    talk.say("10x8x4")

    talk.press("Undo")
    talk.press("Undo")
    talk.press("Undo")

    assert talk.place == Place.SENDER
    assert "sender" not in label(talk)
    assert "Undo" not in talk.labels
    version = talk.draft.version
    talk.handle(talk.pressed_data(max(talk.chat.shown), f"{version}:undo:"))
    assert talk.place == Place.SENDER


def test_undo_pressed_twice_by_one_update_takes_back_one_word(talk):
    talk.say("/new")
    talk.say(BOTH)
    talk.say("2 lb")
    talk.say("10x8x4")
    update = talk.pressed("Undo")

    talk.handle(update)
    talk.handle(update)

    assert talk.place == Place.SIZES
    assert label(talk)["weight_oz"] == "32.0"


def test_undo_never_reaches_into_another_label(talk):
    talk.reach(Place.UNFINISHED)
    talk.press("To John Smith, New York, NY")

    talk.press("Undo")
    taken_back = label(talk)

    assert "sender" not in taken_back
    assert [each["sender"]["name"] for each in talk.draft.data["aside"]] == ["Maria O'Brien"]


@pytest.mark.parametrize("place", [Place.RATES, Place.INSUFFICIENT])
def test_a_label_whose_prices_are_kept_no_longer_is_gone_on_with(talk, place):
    talk.reach(place, cents=0)
    talk.say("/start")
    Quote.objects.delete()

    talk.press("Continue label")
    talk.press("Get rates")

    assert talk.place == Place.RATES


def test_so_is_one_of_several(talk):
    talk.reach(Place.RATES)
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.say("/start")
    Quote.objects.delete()

    talk.press("Unfinished: 2")
    talk.press("To John Smith, New York, NY")

    assert talk.place == Place.CONFIRM
