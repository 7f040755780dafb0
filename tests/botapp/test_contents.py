"""Customs in the conversation: asked for where a border is crossed, shown, and changed."""

from decimal import Decimal

import pytest

from botapp.states import Place
from core.customs import ContentsType, Customs, CustomsItem
from core.money import Money
from models.order import Order
from models.quote import Quote
from tests.botapp.talk import SENDER_TEXT, TERRITORY_TEXT
from tests.fakes import PDF

SHIRTS = CustomsItem("T-shirts", 2, Money(3_000), Decimal("16.0"))
MUGS = CustomsItem("mugs", 3, Money(2_450), Decimal("12.0"), "CN", "691200")
MILITARY_TEXT = "SGT John Smith\nPSC 1234 Box 5678\nAPO, AE 09012"


def declare(talk, *typed):
    talk.reach(Place.ITEM)
    for one in typed:
        talk.say(one)


def test_a_parcel_to_a_territory_is_bought_with_its_customs_form(talk):
    talk.shop.credit(5_000)
    declare(talk, "2 T-shirts 30 USD 1 lb")

    listed = talk.text
    talk.press("Add another")
    asked = talk.text
    talk.say("3 mugs, $24.50, 12 oz, made in China, HS 6912.00")
    talk.press("Done")
    confirmed = talk.text
    for step in ("Get rates", "USPS Ground", "Pay $7.50"):
        talk.press(step)

    assert listed.startswith("<b>Customs: Gift</b>\n2 x T-shirts: $30.00, 1 lb")
    assert asked.startswith("<b>What else is in it?</b>")
    assert (
        "<b>Customs: Gift</b>\n2 x T-shirts: $30.00, 1 lb\n3 x mugs: $24.50, 12 oz, " in confirmed
    )
    assert "made in CN, HS 691200" in confirmed
    declared = Customs(ContentsType.GIFT, (SHIRTS, MUGS), "Maria O'Brien")
    assert Quote.objects.get().customs == declared
    assert Order.objects.get().customs == declared


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [(SENDER_TEXT, MILITARY_TEXT), (TERRITORY_TEXT, SENDER_TEXT)],
    ids=["to_the_military", "from_a_territory"],
)
def test_the_contents_are_asked_after_the_parcel(talk, sender, recipient):
    for said in ("/new", sender):
        talk.say(said)
    talk.press("Looks right")
    talk.say(recipient)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")

    assert talk.place == Place.CONTENTS
    assert talk.labels == [
        "Merchandise", "Gift", "Documents", "Returned goods", "Sample", "Back", "Undo", "Cancel",
    ]  # fmt: skip


def test_between_states_nobody_is_asked(talk):
    talk.reach(Place.CONFIRM)

    assert "Customs" not in talk.text
    assert "Edit contents" not in talk.labels


def test_a_thing_that_cannot_be_read_is_explained_and_none_is_added(talk):
    declare(talk, "2 T-shirts 30 USD")

    assert talk.text.startswith("How heavy is it? Add its weight")
    assert talk.place == Place.ITEM
    assert "items" not in talk.draft.data["label"]["customs"]


def test_things_heavier_than_the_parcel_are_refused_when_told_and_when_it_is_made_lighter(talk):
    declare(talk, "2 T-shirts 30 USD 1 lb", "anvil $40 1.1 lb")
    told = talk.text
    talk.press("Done")
    talk.press("Edit weight")
    talk.say("8 oz")
    talk.press("Get rates")

    assert told.startswith("The things in the parcel weigh 2 lb 1.6 oz together, but the whole")
    assert talk.text.startswith("The things in the parcel weigh 1 lb together, but the whole")
    assert talk.place == Place.CONFIRM
    assert talk.shop.carrier.quotes == 0


def test_contents_are_changed_from_the_confirm_screen(talk):
    declare(talk, "2 T-shirts 30 USD 1 lb")
    talk.press("Done")

    talk.press("Edit contents")
    talk.press("Change: Gift")
    talk.press("Sample")
    talk.press("Remove T-shirts")
    emptied = talk.text
    talk.say("1 mug $5 4 oz")
    talk.say("2 bowls $8 6 oz")
    talk.press("Back")

    assert emptied.startswith("<b>What exactly is in it?</b>")
    assert talk.place == Place.CONFIRM
    assert "<b>Customs: Sample</b>\n1 x mug: $5.00, 4 oz\n2 x bowls: $8.00, 6 oz" in talk.text


def test_ten_things_fill_the_form(talk):
    declare(talk, *["card $1 0.5 oz"] * 10)

    full = talk.labels
    talk.say("one card more $1 0.5 oz")

    assert "Add another" not in full
    assert talk.text.startswith("A customs form has room for 10 kinds of things.")
    assert len(talk.draft.data["label"]["customs"]["items"]) == 10


def test_an_address_behind_a_border_said_later_has_the_contents_asked(talk):
    talk.reach(Place.CONFIRM)
    talk.press("Edit to")
    talk.press("Paste again")
    talk.say(TERRITORY_TEXT)

    talk.press("Looks right")
    asked = talk.place
    talk.press("Back")
    talk.press("Back")
    confirm = talk.place
    talk.press("Get rates")

    assert (asked, confirm) == (Place.CONTENTS, Place.CONFIRM)
    assert talk.place == Place.CONTENTS
    assert talk.shop.carrier.quotes == 0


def test_a_form_told_before_is_not_sent_between_states(talk):
    declare(talk, "2 T-shirts 30 USD 1 lb")
    talk.press("Done")
    talk.press("Edit to")
    talk.press("Paste again")
    talk.say("John Smith\n350 5th Ave\nNew York, NY 10118")
    talk.press("Looks right")

    confirmed = talk.text
    talk.press("Get rates")

    assert "Customs" not in confirmed
    assert Quote.objects.get().customs is None


def test_a_past_order_is_sent_again_with_its_form(talk):
    talk.shop.credit(5_000)
    declare(talk, "2 T-shirts 30 USD 1 lb")
    for step in ("Done", "Get rates", "USPS Ground", "Pay $7.50"):
        talk.press(step)
    talk.say("/orders")
    talk.press(talk.labels[0])

    talk.press("Send again")

    assert talk.place == Place.CONFIRM
    assert "<b>Customs: Gift</b>\n2 x T-shirts: $30.00, 1 lb" in talk.text


def test_what_a_thing_is_called_is_escaped(talk):
    declare(talk, "2 <b>mugs</b> & bowls $5 4 oz")

    assert "2 x &lt;b&gt;mugs&lt;/b&gt; &amp; bowls: $5.00, 4 oz" in talk.text


def test_rates_of_a_draft_from_before_customs_are_refused_with_the_way_out(talk):
    declare(talk, "2 T-shirts 30 USD 1 lb")
    for step in ("Done", "Get rates"):
        talk.press(step)
    draft = talk.draft
    draft.update(unset__data__label__customs=True)

    talk.press("Refresh")

    assert talk.text.startswith("This parcel needs a customs form.")
    assert talk.place == Place.RATES
    talk.press("Back")
    talk.press("Get rates")
    assert talk.place == Place.CONTENTS


def test_every_way_back_from_the_things_leads_to_the_menu(talk):
    declare(talk, "2 T-shirts 30 USD 1 lb")
    talk.press("Done")

    walked = [talk.place]
    while talk.place != Place.MENU and len(walked) < 20:
        talk.press("Back")
        walked.append(talk.place)

    assert walked[:4] == [Place.CONFIRM, Place.ITEMS, Place.CONTENTS, Place.SIZES]
    assert walked[-1] == Place.MENU


def test_the_customs_forms_follow_the_label_and_come_again_with_it(talk):
    talk.shop.carrier.form_urls = ("http://form/1",)
    talk.shop.credit(5_000)
    declare(talk, "2 T-shirts 30 USD 1 lb")
    for step in ("Done", "Get rates", "USPS Ground", "Pay $7.50"):
        talk.press(step)

    talk.shop.work()
    talk.shop.sweep()
    [order] = Order.objects
    form = (f"customs-{order.id}-1.pdf", PDF + b"http://form/1")
    first = list(talk.chat.files)
    captions = [text for text, _ in talk.chat.shown.values()]
    talk.say("/orders")
    talk.press(talk.labels[0])
    talk.press("Label again")
    talk.shop.work()
    talk.shop.sweep()

    assert first == [(f"label-{order.id}.pdf", PDF), form]
    assert any(told.startswith("<b>A customs form</b> for your label to Ana") for told in captions)
    assert talk.chat.files[2:] == [
        (f"label-{order.id}.pdf", "file-1"),
        (f"customs-{order.id}-1.pdf", "file-1"),
    ]
    assert talk.shop.carrier.fetched.count("http://form/1") == 1
