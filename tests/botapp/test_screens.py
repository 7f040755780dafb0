"""Every button of every screen, and the roads that are taken seldom."""

from dataclasses import replace

import pytest

from botapp import label_draft
from botapp.states import Place
from core.chats import BadMessage
from models.order import Order
from models.payment import Payment
from models.quote import Quote
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, STEPS
from tests.shop import BUYER


@pytest.mark.parametrize("place", sorted(STEPS))
@pytest.mark.parametrize(
    "pressed", ["dance:", "open:L-NOBODY", "choose:99", "edit:moon", "amount:x"]
)
def test_a_button_that_the_screen_does_not_know_harms_nothing(talk, place, pressed):
    talk.reach(place)
    orders, payments = Order.objects.count(), Payment.objects.count()
    message_id = max(talk.chat.shown)

    talk.handle(talk.pressed_data(message_id, f"{talk.draft.version}:{pressed}"))

    assert talk.draft.screen in set(Place)
    assert (Order.objects.count(), Payment.objects.count()) == (orders, payments)
    assert talk.shop.balance()[1] in {0, 750}


@pytest.mark.parametrize("steps", [["/language", "press:English"], ["press:USPS Ground"]])
def test_what_is_kept_no_longer_is_said_to_be_and_leads_to_the_menu(talk, steps):
    talk.reach(Place.RATES)
    Quote.objects.delete()

    talk.walk(steps)

    assert talk.text.startswith("That is no longer here.\n\nBalance: ")
    assert "New label" in talk.labels


def test_a_page_far_beyond_the_first_is_a_page_like_others(talk):
    talk.reach(Place.BALANCE)
    older = f"{talk.draft.version}:older:{'9' * 40}"

    talk.handle(talk.pressed_data(max(talk.chat.shown), older))

    assert talk.place == Place.BALANCE


def test_an_address_is_pasted_anew_from_the_confirm_screen(talk):
    talk.reach(Place.CONFIRM)

    talk.press("Edit to")
    talk.press("Paste again")
    talk.say("Ann Lee\n1 Market St\nSan Francisco, CA 94105")
    talk.press("Looks right")

    assert talk.place == Place.CONFIRM
    assert "Ann Lee" in talk.text


def test_a_whole_address_said_at_the_check_replaces_the_one_shown(talk):
    talk.reach(Place.WEIGHT)
    talk.press("Back")

    talk.say(SENDER_TEXT)
    replaced = talk.text
    talk.say("no, wait")

    assert replaced.startswith("<b>Ship to</b>\nMaria O'Brien")
    assert talk.text.startswith("Please use the buttons below.")


def test_a_doubtful_field_is_pointed_out_until_it_is_changed(talk):
    talk.say("/new")
    talk.say("Maria O'Brien\n388 Townsend St\nSpringfield, CA 94107")

    told = talk.text
    talk.press("Edit")
    talk.press("City")
    talk.say("San Francisco")

    assert "The ZIP 94107 belongs to San Francisco, CA." in told
    assert "belongs" not in talk.text


def test_a_zip_that_nobody_knows_yet_has_city_and_state_asked(talk, monkeypatch):
    monkeypatch.setattr(label_draft, "city_and_state", lambda _: None)
    talk.reach(Place.FIELD)
    for word in ("Maria O'Brien", "ACME", "388 Townsend St", "Apt 20", "94107"):
        talk.say(word)

    asked = talk.text
    talk.say("San Francisco")
    talk.say("California")

    assert "I don't know the ZIP 94107. Which city is it?" in asked
    assert "Phone?" in talk.text
    assert talk.draft.data["label"]["sender"]["state"] == "CA"


def test_back_from_a_field_asks_the_one_before(talk):
    talk.reach(Place.FIELD)
    talk.say("Maria O'Brien")

    talk.press("Back")

    assert "Full name?" in talk.text


def test_editing_the_weight_can_be_left_without_a_change(talk):
    talk.reach(Place.CONFIRM)

    talk.press("Edit weight")
    talk.press("Back")
    first = talk.place
    talk.press("Edit size")
    talk.press("Back")

    assert (first, talk.place) == (Place.CONFIRM, Place.CONFIRM)


def test_sizes_may_come_with_a_better_weight(talk):
    talk.reach(Place.SIZES)

    talk.say("3 lb 12x8x4")

    assert "3 lb, 12x8x4 in" in talk.text


def test_a_parcel_too_big_for_all_is_explained_before_anybody_is_asked(talk):
    talk.reach(Place.SIZES)

    talk.say("100x40x40")

    assert talk.text.startswith("No carrier takes this parcel: its length plus girth")
    assert talk.place == Place.SIZES
    assert "sizes_in" not in talk.draft.data["label"]
    assert talk.shop.carrier.quotes == 0


def test_a_rate_bought_under_another_name_meanwhile_is_chosen_again(talk):
    talk.reach(Place.PAY)
    label = talk.draft.data["label"]
    quote = talk.shop.quotes.get(label["quote"])
    other = next(rate for rate in quote.rates if rate.rate_id != label["rate"])
    talk.shop.orders.place(user_id=BUYER, quote_id=quote.id, rate_id=other.rate_id)

    talk.press("Pay $7.50")

    assert talk.text.startswith("That service is not offered any more.")
    assert talk.place == Place.CONFIRM
    assert Order.objects.count() == 1


def test_a_changed_price_is_shown_and_confirmed(talk):
    talk.reach(Place.PAY)
    dearer = talk.shop.carrier.quote
    talk.shop.carrier.quote = lambda *args, **more: _dearer(dearer(*args, **more))
    talk.shop.clock.turn(minutes=16)

    talk.press("Pay $7.50")

    assert "The price has changed from $7.50 to $14.70." in talk.text
    assert talk.button("Pay $14.70")
    assert Order.objects.count() == 0


def test_a_service_no_longer_offered_leads_back_to_the_rates(talk):
    talk.reach(Place.PAY)
    quote = talk.shop.carrier.quote
    talk.shop.carrier.quote = lambda *args, **more: _without_the_last(quote(*args, **more))
    talk.shop.clock.turn(minutes=16)

    talk.press("Pay $7.50")

    assert talk.text.startswith("That service is not offered any more.")
    assert talk.place == Place.RATES


def test_money_spent_elsewhere_meanwhile_leads_to_a_top_up(talk):
    talk.reach(Place.PAY, cents=1_000)
    talk.shop.place(rate=0)

    talk.press("Pay $7.50")

    assert talk.place == Place.INSUFFICIENT
    assert talk.shop.balance() == (250, 750)


def test_money_that_arrives_while_the_customer_looks_turns_into_buy_now(talk):
    talk.reach(Place.INSUFFICIENT)
    talk.shop.credit(2_500)

    talk.say("hello")
    talk.handle(talk.pressed_data(max(talk.chat.shown), f"{talk.draft.version}:menu:"))
    talk.press("Continue label")

    assert talk.place == Place.PAY


def test_a_short_balance_shows_buy_now_once_it_is_enough(talk):
    talk.reach(Place.INSUFFICIENT)
    talk.shop.credit(2_500)
    talk.say("hello")

    shown = talk.labels
    talk.press("Buy now")

    assert shown == ["Buy now", "Back", "Cancel"]
    assert talk.place == Place.PAY


def test_an_amount_may_be_typed_where_money_is_missing(talk):
    talk.reach(Place.INSUFFICIENT)

    talk.say("$40,50")
    talk.press("Back")
    talk.press("Back")

    assert Payment.objects.get().amount.minor == 4_050
    assert talk.place == Place.INSUFFICIENT


def test_a_sender_with_a_phone_keeps_it(talk):
    for word in ("/new", f"{SENDER_TEXT}\n415-555-2671", RECIPIENT_TEXT):
        talk.say(word)
    for step in ("Looks right", "1 lb", "10x10x10 in", "Get rates"):
        talk.press(step)

    assert talk.shop.quotes.get(talk.draft.data["label"]["quote"]).sender.phone == "+14155552671"


def test_an_edit_that_telegram_refuses_becomes_a_new_message(talk):
    talk.reach(Place.CONFIRM)
    count = len(talk.chat.shown)
    talk.chat.troubles["edit_text"] = [BadMessage(told="x"), BadMessage(told="x")]

    talk.press("Get rates")

    assert len(talk.chat.shown) == count + 1
    assert talk.text.startswith("<b>Rates to New York, NY</b>")


def test_an_update_given_up_is_apologised_for(talk):
    talk.conversation.apologise(talk.heard({"text": "x"}))
    talk.conversation.apologise(talk.keep({"poll": {}}))

    assert talk.text.startswith("Sorry, I could not handle your last message.")
    assert len(talk.chat.shown) == 1


def test_held_money_is_shown_in_the_menu(talk):
    talk.reach(Place.BUYING)

    talk.press("Menu")

    assert talk.text.startswith("Balance: <b>$42.50</b>, and $7.50 held for labels on their way.")


def test_a_refused_order_on_screen_says_how_it_ended(talk):
    talk.reach(Place.BUYING)
    Order.objects.update(set__status="released")

    talk.say("hello")

    assert "not bought, money is back" in talk.text


def test_the_invoice_opens_the_providers_page(talk):
    talk.reach(Place.INVOICE)

    assert talk.button("Pay $25.00")[1].url == "http://pay/track-0"


def _dearer(quoted):
    return replace(
        quoted,
        rates=tuple(replace(rate, cost=rate.cost + rate.cost) for rate in quoted.rates),
    )


def _without_the_last(quoted):
    return replace(quoted, rates=quoted.rates[:-1])
