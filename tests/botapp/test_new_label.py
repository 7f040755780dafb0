"""The way from two addresses to a label."""

from dataclasses import replace
from threading import Event

import pytest

from botapp.factory import SCREENS
from botapp.states import Place
from botapp.turns import Turn
from core.money import Money
from models.order import Order
from models.outbox import Note
from providers.carriers.base import CarrierDown
from services.asking import Panel
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.fakes import PDF
from tests.shop import BUYER

ABROAD = "Ann Lee, 10 Downing St, London SW1A 2AA UK"


def test_two_pasted_addresses_and_a_parcel_become_a_label(talk):
    talk.shop.credit(2_500)

    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.press("Looks right")
    talk.say(RECIPIENT_TEXT)
    talk.press("Looks right")
    talk.say("2 lb 10x8x4")
    talk.press("Get rates")
    talk.press("USPS Priority")
    price = talk.text
    talk.press("Pay $10.50")
    talk.shop.work()

    assert price == (
        "<b>USPS Priority Mail</b> to John Smith, New York, NY\n2 days, by Nov 4\n\n"
        "<b>$10.50</b> from your balance of $25.00."
    )
    [order] = Order.objects
    assert (order.user_id, order.price.minor, order.status.value) == (BUYER, 1_050, "done")
    assert order.sender.name == "Maria O'Brien"
    assert talk.chat.files == [(f"label-{order.id}.pdf", PDF)]
    assert "Your label is ready" in talk.text
    assert "Your balance: <b>$14.50</b>" in talk.text
    assert talk.shop.balance() == (1_450, 0)


def test_a_sender_entered_field_by_field_gets_city_and_state_from_the_zip(talk):
    talk.say("/new")
    talk.press("Field by field")
    talk.say("Maria O'Brien")
    talk.press("Skip")
    talk.say("388 Townsend St")
    talk.press("Skip")
    talk.say("94107")
    talk.press("Skip")

    assert talk.place == Place.ADDRESS
    assert talk.text.startswith(
        "<b>Ship from</b>\nMaria O'Brien\n388 Townsend St\nSan Francisco, CA 94107"
    )
    assert talk.labels == ["Looks right", "Edit", "Back", "Undo", "Cancel"]


@pytest.mark.parametrize("mend", [lambda talk: None, lambda talk: talk.press("Back")])
def test_a_mistyped_zip_is_put_right_with_the_right_one(talk, mend):
    talk.say("/new")
    talk.press("Field by field")
    talk.say("Maria O'Brien")
    talk.press("Skip")
    talk.say("388 Townsend St")
    talk.press("Skip")
    talk.say("99999")
    told = talk.text

    mend(talk)
    talk.say("94107")

    assert "I don't know the ZIP 99999. Which city is it?" in told
    assert "San Francisco, CA 94107" in talk.text
    assert "Phone?" in talk.text
    talk.press("Back")
    assert "ZIP code?" in talk.text
    talk.press("Back")
    assert "Apartment, suite or floor?" in talk.text


def test_what_a_paste_lacks_is_asked_for(talk):
    talk.say("/new")
    talk.say("388 Townsend St\nSan Francisco, CA 94107")

    asked = talk.text
    talk.say("Maria O'Brien")

    assert "Full name?" in asked
    assert talk.place == Place.ADDRESS
    assert talk.draft.data["label"]["sender"]["name"] == "Maria O'Brien"


def test_a_fast_customer_may_send_the_second_address_before_the_first_is_confirmed(talk):
    talk.say("/new")
    talk.say(SENDER_TEXT)
    talk.say(RECIPIENT_TEXT)

    assert talk.text.startswith("<b>Ship to</b>\nJohn Smith")
    assert talk.draft.data["label"]["sender"]["name"] == "Maria O'Brien"


def test_the_parcel_may_be_told_before_and_after_it_is_asked_for(talk):
    both = f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"
    for said in (
        ["2 lb", SENDER_TEXT, RECIPIENT_TEXT, "10x8x4", "press:Looks right"],
        [SENDER_TEXT, "10x8x4, 2 lb", RECIPIENT_TEXT, "press:Looks right"],
        [both, "10x8x4", "2"],
        [both, "5 lb", "2 lb", "10x8x4"],
        [f"{both}\n9x9x9, 9 lb", "2 lb", "10x8x4"],
    ):
        talk.walk(["/new", *said])

        assert talk.place == Place.CONFIRM
        assert "<b>Parcel</b>\n2 lb, 10x8x4 in" in talk.text


def test_another_parcel_told_at_the_price_is_never_bought_at_the_old_ones(talk):
    talk.reach(Place.PAY)

    heavier = talk.say("3 lb")
    talk.press("Get rates")
    told_at_the_rates = talk.say("12x8x4")

    assert heavier.startswith("The price may change with it: please get rates again.")
    assert "<b>Parcel</b>\n3 lb, 10x8x4 in" in heavier
    assert "<b>Parcel</b>\n3 lb, 12x8x4 in" in told_at_the_rates
    assert (talk.place, talk.draft.data["label"].keys() & {"quote", "rate"}) == (
        Place.CONFIRM,
        set(),
    )


def test_a_parcel_told_early_is_noted_and_numbers_alone_are_no_parcel(talk):
    talk.walk(("/new", SENDER_TEXT, RECIPIENT_TEXT))

    noted = talk.say("2 lb"), talk.say("10*8*4")
    alone = talk.say("2"), talk.say("1,2,3")

    assert noted[0].startswith("Noted for the parcel: 2 lb.\n\n<b>Ship to</b>")
    assert noted[1].startswith("Noted for the parcel: 2 lb, 10x8x4 in.")
    assert [each.partition("\n")[0] for each in alone] == ["Please use the buttons below."] * 2
    assert talk.press("Undo").startswith("<b>Ship to</b>")
    assert "sizes_in" not in talk.draft.data["label"]


@pytest.mark.parametrize(
    ("button", "field", "typed", "part"),
    [
        ("Edit from", "Name", "Ann Lee", "Ann Lee"),
        ("Edit to", "Street", "20 W 34th St", "20 W 34th St"),
        ("Edit to", "Apt or suite", "Apt #7 & 8", "Apt #7 &amp; 8"),
        ("Edit to", "ZIP", "90001", "Los Angeles, CA 90001"),
    ],
)
def test_any_single_field_is_edited_from_the_confirm_screen(talk, button, field, typed, part):
    talk.reach(Place.CONFIRM)

    talk.press(button)
    talk.press(field)
    talk.say(typed)

    assert talk.place == Place.CONFIRM
    assert part in talk.text


def test_weight_and_size_are_edited_from_the_confirm_screen(talk):
    talk.reach(Place.CONFIRM)

    talk.press("Edit weight")
    talk.press("5 lb")
    talk.press("Edit size")
    talk.press("10x10x10 in")

    assert talk.place == Place.CONFIRM
    assert "5 lb, 10x10x10 in" in talk.text


def test_what_a_little_less_would_reach_is_said_where_it_can_be_changed(talk):
    talk.reach(Place.CONFIRM)
    before = talk.text

    talk.press("Edit size")
    talk.say("52x20x20")

    assert "takes it too" not in before
    assert "2 in shorter or 1 in slimmer, and USPS Ground Advantage takes it too" in talk.text


def test_a_parcel_for_nobody_is_refused_with_the_least_that_would_do(talk):
    talk.reach(Place.CONFIRM)

    talk.press("Edit size")
    talk.say("86x20x20")

    assert "length plus girth" in talk.text
    assert "1 in shorter or 0.5 in slimmer, and UPS or FedEx takes it." in talk.text


def test_a_zip_of_another_state_is_explained_and_not_taken_on(talk):
    talk.reach(Place.ADDRESS)
    talk.press("Edit")
    talk.press("State")
    talk.say("NY")

    assert "The ZIP 94107 belongs to San Francisco, CA" in talk.text
    assert "Looks right" not in talk.labels


def test_the_standard_box_is_offered_up_to_ten_pounds_only(talk):
    talk.reach(Place.SIZES)
    light = talk.labels
    talk.press("Back")
    talk.say("10 lb 1 oz")

    assert light == ["10x10x10 in", "Back", "Undo", "Cancel"]
    assert talk.labels == ["Back", "Undo", "Cancel"]


def test_a_rate_is_told_once_with_its_price_on_the_button_and_its_day_above(talk):
    talk.reach(Place.RATES)

    assert talk.text == (
        "<b>Rates to New York, NY</b>\n2 lb, 10x8x4 in\n\n"
        "USPS Ground · 5 days · <b>cheapest</b>\n"
        "USPS Priority · by Nov 4\n"
        "USPS Express · by Nov 3 · <b>fastest</b>\n\n"
        "These prices hold until 12:15\u202fPM UTC."
    )
    assert talk.labels == [
        "USPS Ground · $7.50 · 5 days",
        "USPS Priority · $10.50 · 2 days",
        "USPS Express · $31.50 · 1 day",
        "Refresh",
        "Back",
        "Cancel",
    ]


def test_an_expired_price_is_asked_again_and_confirmed_anew(talk):
    talk.reach(Place.PAY)
    talk.shop.clock.turn(minutes=16)

    talk.press("Pay $7.50")

    assert talk.place == Place.PAY
    assert "has expired. I asked the carrier again: it is still $7.50." in talk.text
    assert Order.objects.count() == 0
    talk.press("Pay $7.50")
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_shown_and_confirmed(talk):
    talk.reach(Place.PAY)
    talk.shop.clock.turn(minutes=16)
    talk.shop.carrier.costs["GroundAdvantage"] = 900

    talk.press("Pay $7.50")

    assert "The price has changed from $7.50 to $9.50." in talk.text
    assert Order.objects.count() == 0
    talk.press("Pay $9.50")
    assert Order.objects.get().price == Money(950)


def test_an_expired_price_is_matched_with_the_same_service_of_another_provider(talk):
    talk.reach(Place.PAY)
    talk.shop.clock.turn(minutes=16)
    talk.shop.add_carrier("shipengine", usps_ground_advantage=600)

    talk.press("Pay $7.50")

    assert "The price has changed from $7.50 to $6.50." in talk.text


def test_who_did_not_answer_in_time_is_named_beside_the_rates(talk):
    hang = Event()
    talk.shop.add_carrier("USPS").quote = lambda *_, **__: hang.wait(10)
    talk.shop.add_carrier("shipengine").quote_instead.append(CarrierDown(provider="shipengine"))
    rating = replace(talk.shop.rating, panel=Panel(0.3))
    talk.conversation = replace(
        talk.conversation,
        shop=replace(talk.conversation.shop, quotes=replace(talk.shop.quotes, rating=rating)),
    )

    talk.reach(Place.RATES)
    hang.set()

    assert (
        "<b>fastest</b>\n\nUSPS did not answer in time.\n"
        "ShipEngine could not give its rates.\n\nThese prices" in talk.text
    )


def test_of_many_rates_a_few_are_shown_at_first_and_a_carrier_opens_all_of_its_own(talk):
    talk.shop.add_carrier("shipengine", MediaMail=600).times["MediaMail"] = (4, None)
    talk.add_ups()
    talk.reach(Place.RATES)
    turn = Turn.of(talk.draft, talk.conversation.shop, 0)
    rows = [[button.label for button in row] for row in SCREENS[Place.RATES].show(turn).rows]
    assert rows == [
        ["USPS Media Mail · $6.50 · 4 days"],
        ["UPS Ground · $10.00"],
        ["USPS Priority · $10.50 · 2 days"],
        ["USPS Express · $31.50 · 1 day"],
        ["USPS: 4", "UPS: 2"],
        ["At most 2 days", "Refresh"],
        ["Back", "Cancel"],
    ]
    assert "Showing 4 of 6 rates." in talk.text
    assert "UPS Ground" not in talk.text

    talk.press("USPS: 4")
    assert "USPS Ground · 5 days\nUSPS Priority · by Nov 4\n" in talk.text
    assert not any(label.startswith("UPS ") for label in talk.labels)
    talk.press("At most 2 days")
    assert talk.labels[2] == "UPS Next Day Air · $42.00 · 1 day"
    talk.press("Back")

    assert "Showing 4 of 6 rates." in talk.text
    talk.press("Back")
    assert talk.place == Place.CONFIRM


def test_a_past_order_is_sent_again_as_a_new_label(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.say("/orders")
    talk.press(talk.labels[0])

    talk.press("Send again")

    assert talk.place == Place.CONFIRM
    assert "388 Townsend St" in talk.text
    assert "2 lb, 10x8x4 in" in talk.text
    talk.press("Get rates")
    assert talk.place == Place.RATES


def test_a_price_that_moved_leads_back_to_the_same_shipment(talk):
    talk.shop.credit(5_000)
    talk.reach(Place.CONFIRM)
    talk.shop.quote()
    talk.press("Get rates")
    talk.press("USPS Ground")
    talk.press("Pay $7.50")
    talk.shop.carrier.costs["GroundAdvantage"] = 1_000
    talk.shop.work()
    told = talk.text

    talk.press("Open order")
    talk.press("Send again")
    talk.press("Get rates")
    talk.press("Refresh")

    assert "has become dearer than what you confirmed" in told
    assert "USPS Ground · $10.50 · 5 days" in talk.labels


def test_expired_rates_offer_a_refresh(talk):
    talk.reach(Place.RATES)
    talk.shop.clock.turn(minutes=16)
    talk.say("hello")

    expired = talk.text
    talk.press("Refresh")

    assert "These prices have expired" in expired
    assert talk.labels[0] == "USPS Ground · $7.50 · 5 days"
    assert talk.shop.carrier.quotes == 2


def test_too_little_money_leads_through_a_top_up_back_to_the_price(talk):
    talk.shop.credit(300)
    talk.reach(Place.INSUFFICIENT)
    told = talk.text
    talk.press("Top up $5.00")
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)
    talk.shop.topups.settle(payment.id)
    talk.shop.work()

    arrived = talk.text
    talk.press("Buy now")

    assert "<b>$4.50</b> is missing" in told
    assert arrived == "<b>$5.00 has arrived.</b> Your balance is $8.00."
    assert talk.place == Place.PAY
    assert "$7.50</b> from your balance of $8.00" in talk.text


def test_cancel_drops_the_label_and_says_so(talk):
    talk.reach(Place.SIZES)

    talk.press("Cancel")

    assert talk.place == Place.MENU
    assert talk.text.startswith("Cancelled. Nothing was bought.")
    assert "Continue label" not in talk.labels
    assert "label" not in talk.draft.data


def test_the_last_sender_is_offered_next_time(talk):
    talk.reach(Place.BUYING)
    talk.say("/new")

    talk.press("Maria O'Brien, San Francisco, CA")

    assert talk.place == Place.RECIPIENT


def test_a_label_again_is_free_and_comes_from_storage(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.say("/orders")
    talk.press(talk.labels[0])

    update = talk.pressed("Label again")
    talk.handle(update)
    talk.handle(update)
    talk.shop.work()

    assert len(talk.chat.files) == 2
    assert talk.chat.files[1][1] == "file-1"
    assert "Your label once more" in talk.text
    assert Note.objects.count() == 2
    assert len(talk.shop.carrier.calls) == 1


def test_the_statement_tells_each_movement_and_turns_its_pages(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    for number in range(7):
        talk.shop.credit(100, provider_id=f"more-{number}")

    newest = talk.say("/balance")
    talk.press("Older")
    oldest, labels = talk.text, talk.labels
    talk.press("Newer")

    assert newest.split("\n\n")[2] == "Nov 2 · +$1.00 → <b>$49.50</b>\ntop-up"
    assert newest.split("\n\n")[-1] == (
        "Nov 2 → <b>$42.50</b>\nlabel to John Smith, New York bought for the held $7.50"
    )
    assert oldest.split("\n\n")[-2:] == [
        "Nov 2 · -$7.50 → <b>$42.50</b>\nheld for a label to John Smith, New York",
        "Nov 2 · +$50.00 → <b>$50.00</b>\ntop-up",
    ]
    assert labels == ["Newer", "Top up", "CSV", "Back", "Cancel"]
    assert talk.text == newest


def test_orders_turn_their_pages_and_are_shown_to_their_owner_only(talk):
    talk.shop.credit(10_000)
    orders = [talk.shop.place() for _ in range(6)]
    for number, order in enumerate(orders):
        order.update(set__created_at=talk.shop.clock.now().replace(day=number + 1))
    other = talk.shop.place()
    other.update(set__user_id=8)

    talk.say("/orders")
    newest, told = talk.labels, talk.text
    talk.press("Older")
    oldest = talk.labels
    message_id, button = talk.button("Newer")
    stolen = button.data.replace("newer:", f"open:{other.id}")
    talk.handle(talk.pressed_data(message_id, stolen))

    assert "Nov 6" in told.splitlines()[2]
    assert newest == ["1", "2", "3", "4", "5", "Older", "New label", "Back", "Cancel"]
    assert oldest == ["6", "Newer", "New label", "Back", "Cancel"]
    assert other.id not in talk.text
    assert talk.place == Place.MENU


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place.RECIPIENT, ABROAD),
        (Place.ADDRESS, ABROAD),
        (Place.PAIR, f"From:\n{SENDER_TEXT}\nTo:\n{ABROAD}"),
    ],
)
def test_an_address_abroad_is_told_where_we_ship_and_nothing_else_is_asked(talk, place, text):
    talk.reach(place)
    before = talk.draft.data["label"]

    talk.say(text)

    assert "We ship within the United States only" in talk.text
    assert (talk.place, talk.draft.data["label"]) == (place, before)
