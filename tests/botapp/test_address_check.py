"""The carrier's opinion of an address: offered once, never forced, and never in the way."""

import pytest

from botapp.states import Place
from providers.carriers.base import CarrierDown, Checked, Verdict
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.shop import RECIPIENT, SENDER

TOWNSEND, FIFTH = SENDER.street, RECIPIENT.street
NOT_FOUND = Checked(Verdict.UNDELIVERABLE, None, ("Address <not> found",))
NO_FLAT = Checked(Verdict.DOUBTFUL, None, ("Apartment number is missing",))


def test_a_good_address_is_checked_without_a_word(talk):
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.press("Looks right")

    assert talk.place == Place.RECIPIENT
    assert talk.shop.carrier.checked == [TOWNSEND]
    assert "notice" not in talk.draft.data


def test_a_correction_is_shown_beside_what_was_written(talk):
    talk.reach(Place.VERDICT)

    assert talk.text == (
        "The carrier writes this address differently.\n\n"
        "<b>Ship from</b>\nMaria O'Brien\n388 Townsend St\nSan Francisco, CA 94107\n\n"
        "<b>Corrected</b>\nMaria O'Brien\n388 TOWNSEND AVE\nSan Francisco, CA 94107"
    )
    assert talk.labels == ["Use corrected", "Keep mine", "Edit", "Back", "Undo", "Cancel"]


def test_a_correction_that_is_taken_changes_the_place_and_not_who_lives_there(talk):
    talk.reach(Place.VERDICT)

    talk.press("Use corrected")

    sender = talk.draft.data["label"]["sender"]
    assert talk.place == Place.RECIPIENT
    assert (sender["name"], sender["street"]) == ("Maria O'Brien", "388 TOWNSEND AVE")
    assert talk.shop.carrier.checked == [TOWNSEND]


def test_an_address_that_is_kept_goes_on_the_label_as_typed_and_is_not_asked_about_again(talk):
    talk.reach(Place.VERDICT)
    talk.press("Keep mine")

    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")
    talk.press("Get rates")

    assert talk.place == Place.RATES
    assert talk.draft.data["label"]["sender"]["street"] == TOWNSEND
    assert talk.shop.carrier.checked == [TOWNSEND, FIFTH]


def test_an_edited_address_is_checked_anew(talk):
    talk.reach(Place.VERDICT)

    talk.press("Edit")
    talk.press("Street")
    talk.say("390 Townsend St")
    talk.press("Looks right")

    assert talk.place == Place.RECIPIENT
    assert talk.shop.carrier.checked == [TOWNSEND, "390 Townsend St"]


def test_an_undeliverable_address_must_be_corrected(talk):
    talk.shop.carrier.checks[TOWNSEND] = NOT_FOUND
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.press("Looks right")
    told, labels = talk.text, talk.labels

    talk.handle(talk.pressed_data(max(talk.chat.shown), f"{talk.draft.version}:keep:"))
    forced = talk.place
    talk.say("Ann Lee\n1 Market St\nSan Francisco, CA 94105")

    assert told.startswith(
        "The carrier can't deliver to this address. Please correct it.\n\n"
        "The carrier says: Address &lt;not&gt; found\n\n<b>Ship from</b>"
    )
    assert labels == ["Edit", "Back", "Undo", "Cancel"]
    assert forced == Place.VERDICT
    assert talk.place == Place.ADDRESS
    assert talk.text.startswith("<b>Ship from</b>\nAnn Lee\n1 Market St")


def test_a_doubtful_address_may_be_kept(talk):
    talk.shop.carrier.checks[FIFTH] = NO_FLAT
    talk.reach(Place.RECIPIENT)
    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    told, labels = talk.text, talk.labels

    talk.press("Keep mine")

    assert told.startswith(
        "The carrier is not sure about this address.\n\n"
        "The carrier says: Apartment number is missing\n\n<b>Ship to</b>"
    )
    assert labels == ["Keep mine", "Edit", "Back", "Undo", "Cancel"]
    assert talk.place == Place.WEIGHT


def test_when_the_carrier_is_away_the_address_goes_on_and_that_is_said_once(talk):
    talk.shop.carrier.check_instead.append(CarrierDown(provider="easypost"))
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.press("Looks right")
    told = talk.text
    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")
    later = talk.text
    talk.press("Get rates")

    assert told.startswith("The address could not be checked just now.")
    assert "Where does it go?" in told
    assert "could not be checked" not in later
    assert talk.place == Place.RATES
    assert talk.shop.carrier.checked == [TOWNSEND, FIFTH]


def test_whoever_types_ahead_is_asked_before_the_rates(talk):
    talk.shop.correct(SENDER, street="388 TOWNSEND AVE")
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")

    talk.press("Get rates")
    asked = talk.place, talk.text
    talk.press("Use corrected")

    assert asked[0] == Place.VERDICT
    assert "<b>Ship from</b>" in asked[1]
    assert talk.place == Place.CONFIRM
    assert "388 TOWNSEND AVE" in talk.text
    assert talk.shop.carrier.quotes == 0


def test_the_next_address_said_at_a_correction_is_the_recipients(talk):
    talk.reach(Place.VERDICT)

    talk.say(RECIPIENT_TEXT)

    assert talk.text.startswith("<b>Ship to</b>\nJohn Smith")
    assert talk.draft.data["label"]["sender"]["street"] == TOWNSEND


def test_a_button_of_an_older_verdict_shows_where_the_customer_is(talk):
    talk.reach(Place.VERDICT)
    message_id, button = talk.button("Use corrected")
    talk.press("Keep mine")

    talk.handle(talk.pressed_data(message_id, button.data))

    assert talk.place == Place.RECIPIENT
    assert talk.draft.data["label"]["sender"]["street"] == TOWNSEND


def test_a_draft_that_forgot_the_opinion_still_leads_on(talk):
    talk.reach(Place.VERDICT)
    talk.draft.update(unset__data__label__checks=1)

    shown = talk.say("hello")
    talk.press("Keep mine")

    assert "Is this right?" in shown
    assert talk.place == Place.RECIPIENT


def test_where_one_shipped_from_before_is_not_checked_again(talk):
    talk.reach(Place.BUYING)
    talk.shop.carrier.checked.clear()
    talk.shop.correct(SENDER, street="388 TOWNSEND AVE")
    talk.say("/new")

    talk.press("Maria O'Brien, San Francisco, CA")
    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")
    talk.press("Get rates")

    assert talk.place == Place.RATES
    assert talk.shop.carrier.checked == [FIFTH]


@pytest.mark.parametrize(
    ("pasted", "offered", "shown"),
    [
        ("Arlo Finch\n203 Spruce St\nBoulder, CO 80202", "Denver, CO", "Denver, CO 80202"),
        ("Tess Moss\n77 Pearl St\nHartford, CT 90210", "Beverly Hills, CA", "CA 90210"),
    ],
)
def test_the_place_of_the_zip_is_offered_where_another_was_written(talk, pasted, offered, shown):
    talk.say("/new")
    talk.say(pasted)
    told = talk.text

    talk.press(f"Use {offered}")

    assert told.count("ZIP") == 1
    assert f"belongs to {offered}." in told
    assert shown in talk.text
    assert talk.labels == ["Looks right", "Edit", "Back", "Undo", "Cancel"]
