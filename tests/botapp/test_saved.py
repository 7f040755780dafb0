"""What a customer keeps after use, and has at hand at the next label."""

import pytest

from botapp.screens.saved import PER_PAGE
from botapp.states import Place
from models.draft import Draft
from models.order import Order
from models.saved import SavedAddress, SavedParcel, Template
from services.saved import LIMITS, Kind, Saved
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.shop import BUYER, PARCEL, RECIPIENT, SENDER, SHIPMENT

MARIA, JOHN = "Maria O'Brien, San Francisco, CA", "John Smith, New York, NY"
BOX = "2 lb, 10x8x4 in"


@pytest.fixture
def saved(talk):
    return Saved(talk.shop.clock)


def label(talk):
    return talk.draft.data["label"]


def keep(saved):
    saved.keep_address(BUYER, RECIPIENT)
    saved.clock.turn(minutes=1)
    saved.keep_address(BUYER, SENDER)
    saved.keep_parcel(BUYER, PARCEL)
    return saved.keep_template(BUYER, "Weekly box", SHIPMENT)


def test_each_part_of_a_label_is_kept_by_one_press_after_it_was_bought(talk):
    talk.reach(Place.BUYING)
    offered = talk.labels[:4]

    for press in ("Save sender", "Save recipient", "Save parcel"):
        talk.press(press)

    assert offered == ["Save sender", "Save recipient", "Save parcel", "Save as template"]
    assert talk.text.startswith("The parcel is saved. Next time it is one tap.")
    assert talk.labels[0] == "Save as template"
    assert {kept.address.name for kept in SavedAddress.objects} == {SENDER.name, RECIPIENT.name}
    assert [kept.parcel for kept in SavedParcel.objects] == [PARCEL]
    assert talk.place == Place.BUYING


def test_all_of_a_label_is_kept_by_one_press_under_its_pdf(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    under_the_pdf = talk.labels

    update = talk.pressed("Save for next time")
    talk.handle(update)
    talk.handle(update)

    assert under_the_pdf == ["New label", "Menu", "Save for next time"]
    assert talk.text.startswith("Both addresses and the parcel are saved.")
    assert talk.labels == ["Save as template", "Back", "Cancel"]
    assert (SavedAddress.objects.count(), SavedParcel.objects.count()) == (2, 1)


def test_nothing_is_offered_under_a_pdf_once_all_of_it_is_kept(talk, saved):
    keep(saved)
    talk.reach(Place.BUYING)

    talk.shop.work()

    assert talk.labels == ["New label", "Menu"]


def test_a_label_of_what_is_kept_is_three_presses_to_confirm(talk, saved):
    keep(saved)

    talk.say("/new")
    offered = talk.labels
    talk.press(MARIA)
    offered_then = talk.labels
    talk.press(JOHN)
    talk.press(BOX)

    assert offered == [MARIA, JOHN, "Field by field", "Templates", "Back", "Cancel"]
    assert offered_then == [JOHN, "Field by field", "Back", "Undo", "Cancel"]
    assert talk.place == Place.CONFIRM
    assert label(talk)["sender"]["street"] == "388 Townsend St"
    talk.press("Get rates")
    assert talk.place == Place.RATES
    assert talk.shop.carrier.quotes == 1


def test_the_most_used_come_first_and_a_press_handled_twice_is_one_use(talk, saved):
    keep(saved)
    talk.say("/new")
    update = talk.pressed(JOHN)
    before = Draft.objects.get(pk=BUYER)

    talk.handle(update)
    before.save()
    talk.handle(update)
    talk.say("/new")

    assert [kept.uses for kept in SavedAddress.objects.order_by("-uses")] == [1, 0]
    assert talk.labels[:2] == [JOHN, MARIA]


def test_a_saved_parcel_says_that_a_pair_is_right(talk, saved):
    keep(saved)
    talk.reach(Place.PAIR)

    talk.press(BOX)

    assert talk.place == Place.CONFIRM


@pytest.mark.parametrize(
    ("kind", "place", "more"),
    [
        (Kind.ADDRESS, Place.RECIPIENT, "All saved addresses"),
        (Kind.PARCEL, Place.WEIGHT, "All saved parcels"),
        (Kind.PARCEL, Place.PAIR, "All saved parcels"),
    ],
)
def test_beyond_the_first_few_all_of_them_can_be_turned_over(talk, saved, kind, place, more):
    for number in range(1, PER_PAGE + 2):
        kept = (
            saved.keep_address(BUYER, _named(number))
            if kind is Kind.ADDRESS
            else saved.keep_parcel(BUYER, _weighing(number))
        )
        saved.use(kind, BUYER, kept.key, by="x")
        talk.shop.clock.turn(minutes=1)
    talk.reach(place)
    talk.press(more)
    first = talk.labels
    talk.press("Next")
    last = talk.labels
    talk.press(last[0])

    assert len(first) == PER_PAGE + 3
    assert last[1:] == ["Previous", "Back", "Cancel"]
    if kind is Kind.ADDRESS:
        assert (talk.place, label(talk)["recipient"]["name"]) == (Place.WEIGHT, "Customer 1")
    else:
        assert label(talk)["weight_oz"] == "16"
        assert talk.place == (Place.PAIR if place is Place.PAIR else Place.CONFIRM)


def test_back_from_all_of_them_leads_to_the_step_that_asked(talk, saved):
    for number in range(PER_PAGE):
        saved.keep_address(BUYER, _named(number))
    talk.reach(Place.RECIPIENT)

    talk.press("All saved addresses")
    talk.press("Back")

    assert talk.place == Place.RECIPIENT


def test_a_template_is_named_at_confirm_and_used_later(talk):
    talk.reach(Place.CONFIRM)
    talk.press("Save as template")
    asked = talk.labels
    talk.say("  Weekly   box ")
    told, place = talk.text, talk.place

    talk.say("/templates")
    talk.press("Weekly box")
    shown = talk.text
    talk.press("New label from it")

    assert asked == ["John Smith", "Back", "Cancel"]
    assert told.startswith("Saved as Weekly box. Use it with /templates.")
    assert place == Place.CONFIRM
    assert shown.startswith("<b>Weekly box</b>\n\n<b>Ship from</b>\nMaria O'Brien")
    assert talk.place == Place.CONFIRM
    assert talk.text.startswith("Your unfinished label to New York, NY is kept.")
    assert len(talk.draft.data["aside"]) == 1
    assert Template.objects.get().uses == 1


def test_a_template_of_a_past_order_may_have_the_recipients_name(talk):
    talk.reach(Place.BUYING)
    talk.say("/orders")
    talk.press("1")
    talk.press("Save")
    talk.press("Save as template")

    talk.press("John Smith")

    assert talk.place == Place.SAVE
    assert Template.objects.get().shipment == Order.objects.get().shipment
    talk.press("Back")
    assert talk.place == Place.ORDER


def test_a_name_that_is_taken_is_asked_for_again_and_the_same_update_keeps_one(talk, saved):
    saved.keep_template(BUYER, "Weekly box", _to_maria())
    talk.reach(Place.CONFIRM)
    talk.press("Save as template")

    talk.say("weekly BOX")
    refused = talk.text
    update, before = talk.heard({"text": "Daily"}), Draft.objects.get(pk=BUYER)
    talk.handle(update)
    before.save()
    talk.handle(update)

    assert refused.startswith("You have a template called weekly BOX already.")
    assert sorted(kept.name for kept in Template.objects) == ["Daily", "Weekly box"]
    assert talk.place == Place.CONFIRM


def test_what_is_kept_is_renamed_and_deleted_only_when_confirmed(talk, saved):
    keep(saved)
    talk.say("/start")
    talk.press("Saved")
    talk.press("Addresses: 2")
    talk.press(JOHN)

    talk.press("Rename")
    talk.say("Warehouse <1>")
    renamed = talk.text
    talk.press("Delete")
    asked = talk.text
    talk.press("Back")
    kept = SavedAddress.objects.count()
    talk.press("Delete")
    update = talk.pressed("Yes, delete")
    talk.handle(update)
    talk.handle(update)

    assert renamed.startswith("<b>Warehouse &lt;1&gt;</b>\n\nJohn Smith\n350 5th Ave")
    assert "Delete Warehouse &lt;1&gt;, New York, NY?" in asked
    assert kept == 2
    assert talk.text.startswith("Deleted.")
    assert talk.labels == [MARIA, "Back", "Cancel"]
    assert [each.address for each in SavedAddress.objects] == [SENDER]


def test_a_kept_address_begins_a_label_on_either_side(talk, saved):
    keep(saved)
    for _ in range(2):
        talk.say("/start")
        talk.press("Saved")
        talk.press("Addresses: 2")
        talk.press(JOHN)
        talk.press("Ship to here" if talk.draft.data.get("label") is None else "Ship from here")

    assert label(talk)["sender"]["name"] == "John Smith"
    assert talk.place == Place.RECIPIENT
    [aside] = talk.draft.data["aside"]
    assert aside["recipient"]["name"] == "John Smith"


def test_a_screen_of_what_was_deleted_elsewhere_shows_the_menu(talk, saved):
    template = keep(saved)
    talk.say("/templates")
    update = talk.pressed("Weekly box")
    saved.delete(Kind.TEMPLATE, BUYER, template.key)

    talk.handle(update)

    assert "What would you like to do?" in talk.text


def test_one_too_many_is_told_and_the_label_goes_on(talk, monkeypatch):
    monkeypatch.setitem(LIMITS, Kind.ADDRESS, 0)
    talk.reach(Place.BUYING)

    talk.press("Save sender")

    assert talk.text.startswith("You have 0 saved addresses, that is all there may be.")
    assert SavedAddress.objects.count() == 0
    assert talk.place == Place.BUYING


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["/start", "press:Saved"], "<b>Nothing is saved yet.</b>"),
        (["/templates"], "<b>You have no templates yet.</b>"),
    ],
)
def test_who_keeps_nothing_is_told_how_to_and_led_to_a_label(talk, steps, told):
    talk.walk(steps)
    shown, offered = talk.text, talk.labels
    talk.press("New label")

    assert shown.startswith(told)
    assert offered == ["New label", "Back", "Cancel"]
    assert talk.place == Place.SENDER


def test_an_optional_field_is_emptied_from_the_confirm_screen(talk):
    talk.say("/new")
    talk.say(f"{SENDER_TEXT}\nmaria@obrien.us\n{RECIPIENT_TEXT}\n2 lb 10x8x4")

    talk.press("Edit from")
    talk.press("E-mail")
    talk.press("Leave empty")

    assert talk.place == Place.CONFIRM
    assert label(talk)["sender"]["email"] == ""


def _named(number):
    return type(SENDER)(**SENDER.as_dict() | {"name": f"Customer {number}"})


def _weighing(pounds):
    return type(PARCEL)(*PARCEL.sizes_in, weight_oz=PARCEL.weight_oz / 2 * pounds)


def _to_maria():
    return type(SHIPMENT)(sender=RECIPIENT, recipient=SENDER, parcel=PARCEL)
