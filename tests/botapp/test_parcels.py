"""In the chat: where a parcel is, asking for the money back, and what is told by itself."""

from datetime import date

import pytest

from botapp.language import speaking
from botapp.states import Place
from botapp.texts import orders, parcels, refused
from core.tracking import Scan, Tracked, TrackingState as State
from models.order import OrderState
from models.outbox import Note
from models.void import Void
from providers.carriers.base import VoidState
from services.voids import Obstacle
from tests.factories import NOON

YES = "Yes, give it back for $7.50"


def parcel_moves(talk, order, state, message="Arrived at <facility>"):
    scan = Scan(state, talk.shop.clock.now(), message, "HOUSTON, TX")
    talk.shop.carrier.parcels[order.tracking_code] = Tracked(
        order.tracking_code, "USPS", state, date(2026, 11, 6), (scan,)
    )
    talk.shop.clock.turn(hours=5)
    talk.shop.sweep()


def test_an_orders_page_offers_to_track_it_and_to_give_it_back(talk, order):
    shown = [
        "Label again",
        "Other formats",
        "Track",
        "Refund",
        "Send again",
        "Save",
        "Back",
        "Cancel",
    ]
    assert talk.labels == shown


def test_tracking_shows_what_is_known_and_has_the_carrier_asked(talk, order):
    parcel_moves(talk, order, State.IN_TRANSIT)
    asked = len(talk.shop.carrier.tracked)
    talk.shop.clock.turn(minutes=2)
    talk.say("/orders")
    talk.press(talk.labels[0])

    shown = talk.press("Track")
    talk.shop.work()

    assert "The carrier is being asked." in shown
    assert "Status: <b>in transit</b>\nExpected by Nov 6" in shown
    assert "Nov 2, 2:00\u202fPM UTC: Arrived at &lt;facility&gt;, HOUSTON, TX" in shown
    assert order.tracking_code in shown
    assert len(talk.shop.carrier.tracked) == asked + 1
    assert talk.press("Back").startswith(f"<b>Order {order.id}</b>")


def test_a_parcel_that_nobody_scanned_says_so(talk, order):
    assert "Status: <b>not scanned yet</b>" in talk.press("Track")
    talk.shop.work()
    assert "The carrier is being asked." in talk.press("Ask the carrier")


def test_a_refund_is_asked_for_confirmed_and_told_stage_by_stage(talk, order):
    asked = talk.press("Refund")
    before = Void.objects.count()
    done = talk.press(YES)
    at_hand = talk.labels
    talk.shop.work()
    sent = talk.text
    talk.shop.carrier.voids[order.label_id] = VoidState.REFUNDED
    talk.shop.clock.turn(hours=1)
    talk.shop.sweep()

    assert asked.startswith("<b>Give this label back?</b>\nUSPS Ground Advantage to John Smith,")
    assert "It can be given back until Dec 2." in asked
    assert before == 0
    assert done.startswith("We are asking the carrier to cancel this label.")
    assert "Status: <b>being cancelled</b>" in done
    assert "Label again" not in at_hand
    assert sent.startswith("The carrier has taken our request to cancel your label")
    assert talk.text == (
        "<b>Your label to John Smith, New York, NY is cancelled.</b> $7.50 is back: your balance "
        "is $50.00."
    )
    assert talk.labels == ["Open order", "New label", "Menu"]
    assert "Status: <b>cancelled, money is back</b>" in talk.press("Open order")
    assert "Refund: agreed, the money goes back to your balance" in talk.text
    assert "Refund" not in talk.labels
    assert talk.press("Refund status") == (
        "<b>Refund of your label to John Smith, New York, NY, $7.50</b>\n\n"
        "Nov 2, 2:00\u202fPM UTC: asked for, on its way to the carrier\n"
        "Nov 2, 2:00\u202fPM UTC: sent to the carrier, which has not decided yet\n"
        "Nov 2, 3:00\u202fPM UTC: agreed, the money goes back to your balance"
    )
    assert talk.press("Back").startswith(f"<b>Order {order.id}</b>")


def test_a_refused_refund_is_told_with_the_carriers_reason(talk, order):
    talk.press("Refund")
    talk.press(YES)
    talk.shop.work()
    talk.shop.carrier.voids[order.label_id] = VoidState.REJECTED
    talk.shop.clock.turn(hours=1)
    talk.shop.sweep()

    assert talk.text.startswith("<b>The carrier does not take back your label to John Smith, New")
    assert "You paid $7.50 for it" in talk.text


def test_turning_back_asks_nobody(talk, order):
    talk.press("Refund")

    assert talk.press("Back").startswith(f"<b>Order {order.id}</b>")
    assert Void.objects.count() == 0


def test_a_scan_before_the_last_word_keeps_the_label_from_being_given_back(talk, order):
    talk.press("Refund")
    message_id, button = talk.button(YES)
    parcel_moves(talk, order, State.IN_TRANSIT)

    talk.handle(talk.pressed_data(message_id, button.data))

    told = "The carrier has scanned this label: a used one is not taken back."
    assert talk.chat.shown[message_id][0] == told
    assert Void.objects.count() == 0


def test_a_scanned_label_offers_no_refund(talk, order):
    parcel_moves(talk, order, State.IN_TRANSIT)
    talk.say("/orders")
    talk.press(talk.labels[0])

    assert talk.labels == [
        "Label again",
        "Other formats",
        "Track",
        "Send again",
        "Save",
        "Back",
        "Cancel",
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.ACCEPTED, "accepted by the carrier"),
        (State.IN_TRANSIT, "in transit"),
        (State.OUT_FOR_DELIVERY, "out for delivery"),
        (State.AVAILABLE_FOR_PICKUP, "waiting to be picked up"),
        (State.DELIVERED, "delivered"),
        (State.FAILURE, "could not be delivered"),
        (State.RETURN_TO_SENDER, "on its way back to the sender"),
    ],
)
def test_each_move_is_told_with_its_scan_and_the_way_to_the_order(talk, order, state, words):
    parcel_moves(talk, order, state)

    assert talk.text == (
        f"<b>Your parcel to John Smith, New York, NY: {words}.</b>\n\n"
        "Nov 2, 2:00\u202fPM UTC: Arrived at &lt;facility&gt;, HOUSTON, TX\n"
        f"Tracking: <code>{order.tracking_code}</code>"
    )
    assert talk.press("Open order").startswith(f"<b>Order {order.id}</b>")


def test_an_unused_label_is_offered_back_and_the_offer_leads_to_its_page(talk, order):
    talk.shop.sweep()
    talk.shop.clock.turn(days=27, hours=1)
    talk.shop.sweep()

    assert talk.text.startswith("<b>Your label to John Smith, New York, NY was never used?</b>")
    assert "until Dec 2, 12:00\u202fPM UTC, and get $7.50" in talk.text
    talk.press("Open order")
    assert "Refund" in talk.labels


def test_a_void_that_needs_a_person_is_told(talk, order):
    talk.shop.carrier.voids[order.label_id] = VoidState.NOT_APPLICABLE
    talk.press("Refund")
    talk.press(YES)
    talk.shop.work()

    assert "A person is looking into it." in talk.text


def test_a_note_of_somebody_elses_order_leads_to_the_menu(talk, order):
    talk.shop.orders.get(order.id).modify(set__user_id=8)

    shown = talk.handle(talk.pressed_data(1, f"note:order:{order.id}"))

    assert talk.place == Place.MENU
    assert order.id not in shown


def test_an_order_without_a_label_offers_neither(talk):
    talk.reach(Place.BUYING)
    talk.say("/orders")
    talk.press(talk.labels[0])

    assert talk.labels == ["Send again", "Save", "Back", "Cancel"]
    assert Note.objects.count() == 0


def test_every_state_and_every_obstacle_has_words():
    assert all(parcels.state(state) for state in State)
    assert all(orders.status(state) for state in OrderState)
    told = {str(refused.not_voidable({"reason": reason})) for reason in Obstacle}
    assert len(told) == len(Obstacle)


def test_a_scan_without_words_goes_by_its_state():
    assert (
        parcels.scan_line(Scan(State.IN_TRANSIT, NOON, "", ""))
        == "Nov 2, 12:00\u202fPM UTC: in transit"
    )


def test_what_a_carrier_writes_in_english_is_told_to_others_in_their_own_words():
    scan = Scan(State.IN_TRANSIT, NOON, "Arrived at facility", "SAN JUAN, PR")

    with speaking("es"):
        told = parcels.scan_line(scan)

    assert parcels.scan_line(scan) == "Nov 2, 12:00\u202fPM UTC: Arrived at facility, SAN JUAN, PR"
    assert told == "2 nov, 12:00 UTC: en camino, SAN JUAN, PR"
