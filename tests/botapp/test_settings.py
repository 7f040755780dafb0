"""What customers are told of parcels, and when: chosen in the chat."""

from botapp.states import Place
from core.quiet import QuietHours
from core.tracking import TrackingState as State
from models.order import Order
from tests.botapp.test_parcels import parcel_moves
from tests.shop import BUYER


def chosen(talk):
    user = talk.shop.users.get(BUYER)
    return user.hears_of_parcels, user.quiet, user.zone


def test_parcel_news_is_turned_off_and_on(talk):
    shown = talk.say("/settings")
    off = talk.press("Turn parcel news off")
    silent = chosen(talk)
    talk.press("Turn parcel news on")

    assert "News of your parcels: <b>on</b>\nQuiet hours: <b>none</b>" in shown
    assert "News of your parcels: <b>off</b>" in off
    assert silent == (False, None, "")
    assert chosen(talk) == (True, None, "")


def test_quiet_hours_need_a_zone_and_ask_for_it(talk):
    talk.say("/settings")
    asked = talk.press("10 PM - 8 AM")
    talk.press("Back")
    unfinished = talk.text
    talk.press("Time zone")
    done = talk.press("Pacific 4:00\u202fAM")
    offered = [[button.label for button in row] for row in talk.chat.told[-1][1]]
    talk.press("No quiet hours")

    assert asked.startswith("<b>Where is your clock?</b>")
    assert "Quiet hours: <b>10 PM - 8 AM</b>, once you have chosen a time zone" in unfinished
    assert "Quiet hours: <b>10 PM - 8 AM</b>, Pacific time" in done
    assert offered[1:3] == [["9 PM - 7 AM", "11 PM - 9 AM"], ["No quiet hours", "Time zone"]]
    assert "Quiet hours: <b>none</b>\nTime zone: <b>Pacific</b>" in talk.text
    assert chosen(talk) == (True, None, "America/Los_Angeles")


def test_hours_are_changed_without_asking_for_the_zone_again(talk):
    talk.shop.users.meet(BUYER, first_name="Maria", username="", language="en")
    talk.shop.users.choose_zone(BUYER, "America/New_York")
    talk.say("/start")
    talk.press("Notifications")

    talk.press("11 PM - 9 AM")

    assert talk.place == Place.SETTINGS
    assert chosen(talk)[1] == QuietHours(23, 9)


def test_a_press_handled_twice_leaves_what_it_says(talk):
    talk.say("/settings")
    press = talk.pressed("Turn parcel news off")

    talk.handle(press)
    talk.handle(press)

    assert chosen(talk)[0] is False


def test_hours_are_told_by_the_customers_own_clock_once_it_is_known(talk):
    before = talk.reach(Place.RATES) or talk.text
    talk.walk(("/settings", "press:Time zone", "press:Hawaii 2:00\u202fAM", "/start"))
    after = talk.press("Continue label")
    talk.shop.credit(5_000)
    talk.walk(("press:USPS Ground", "press:Pay $7.50"))
    talk.shop.work()
    talk.shop.clock.turn(hours=19)
    parcel_moves(talk, Order.objects.get(), State.IN_TRANSIT)

    assert "These prices hold until 12:15\u202fPM UTC." in before
    assert "These prices hold until 2:15\u202fAM." in after
    assert "Nov 2, 9:00\u202fPM: Arrived at" in talk.text


def test_at_night_money_and_labels_are_told_at_once_and_a_parcel_in_the_morning(talk):
    talk.walk(("/settings", "press:11 PM - 9 AM", "press:Moscow 3:00\u202fPM"))
    talk.shop.clock.turn(hours=8)

    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.walk(("/topup", "press:$25"))
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)
    talk.shop.topups.settle(payment.id)
    talk.shop.work()
    by_night = told(talk, "Your label is ready"), told(talk, "<b>$25.00 has arrived.</b>")
    parcel_moves(talk, Order.objects.get(), State.IN_TRANSIT)
    asleep = told(talk, "<b>Your parcel to John Smith, New York, NY: ")
    talk.shop.clock.turn(hours=5)
    talk.shop.sweep()

    assert by_night == (1, 1)
    assert asleep == 0
    assert told(talk, "<b>Your parcel to John Smith, New York, NY: in transit.</b>") == 1


def told(talk, words):
    return sum(words in text for text, _ in talk.chat.told)
