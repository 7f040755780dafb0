"""A label that is ticked is bought when its money comes: once, at its price, or it is asked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from botapp.states import Place
from core.modes import ApiMode
from core.money import Money
from models.order import Order
from models.payment import Payment
from providers.carriers.base import CarrierDown
from providers.payments.base import InvoiceState
from services.drafts import Drafts
from services.ledger import InsufficientFunds, account_of
from tests.botapp.talk import SENDER_TEXT
from tests.crashes.deaths import die_at, survive
from tests.shop import BUYER

__all__ = ["die_at"]

WISH = "Buy at once when paid"
TICK, TICKED = f"☐ {WISH}", f"☑ {WISH}"
NOT_BOUGHT = "The money is here, but I have <b>not</b> bought your label by myself."
BOUGHT = "As you wished, I am buying USPS Ground Advantage to New York, NY for $7.50."


@pytest.fixture
def ticked(talk):
    """Waits for $7.50, at its invoice of $25."""
    talk.reach(Place.INSUFFICIENT)
    talk.press(TICK)
    talk.press("$25")
    return talk


def invoice_of(talk):
    return talk.shop.topups.get(talk.draft.data["payment"])


def arrive(talk, cents=2_500, state=InvoiceState.PAID, payment=None):
    payment = payment or invoice_of(talk)
    talk.shop.provider.say(payment.provider_id, state, received=Money(cents))
    talk.shop.topups.settle(payment.id)
    talk.shop.work()


def texts(talk):
    return [text for text, _ in talk.chat.told]


def said(talk, words):
    return sum(words in text for text in texts(talk))


def assert_bought_once(talk, left):
    [order] = Order.objects
    assert (order.status, order.price) == ("done", Money(750))
    assert (said(talk, BOUGHT), len(talk.chat.files), said(talk, NOT_BOUGHT)) == (1, 1, 0)
    assert "label" not in talk.draft.data
    assert talk.shop.balance() == (left, 0)
    assert talk.shop.verification.verify().mismatches == 0


def assert_asked(talk, why):
    assert Order.objects(status__ne="rejected").count() == 0
    assert [text for text in texts(talk) if NOT_BOUGHT in text] == [f"{NOT_BOUGHT}\n\n{why}"]
    assert "at_once" not in talk.draft.data["label"]
    assert talk.shop.balance() == (2_500, 0)


def test_the_tick_is_shown_with_what_it_promises_and_taken_back_by_the_same_button(talk):
    talk.reach(Place.INSUFFICIENT)

    on = talk.press(TICK), talk.labels
    off = talk.press(TICKED), talk.labels

    promise = "I buy it as soon as the money is here, if it costs no more by then."
    assert (promise in on[0], on[1][-3:]) == (True, [TICKED, "Back", "Cancel"])
    assert (promise in off[0], off[1][-3:]) == (False, [TICK, "Back", "Cancel"])


def test_a_credit_buys_what_is_ticked_once_however_often_it_is_settled(ticked):
    payment = invoice_of(ticked)

    for _ in range(3):
        arrive(ticked, payment=payment)
    ticked.shop.at_once.buy(BUYER)
    ticked.shop.work()

    assert said(ticked, "<b>$25.00 has arrived.</b>") == 1
    assert_bought_once(ticked, left=1_750)


@pytest.mark.parametrize("untick", [False, True])
def test_what_is_not_ticked_waits_for_the_customer(talk, untick):
    talk.reach(Place.INSUFFICIENT)
    for button in (TICK, TICKED) if untick else ():
        talk.press(button)
    talk.press("$25")

    arrive(talk)

    assert Order.objects.count() == 0
    assert said(talk, NOT_BOUGHT) == 0
    assert talk.labels == ["Buy now", "Menu"]


def test_a_part_that_is_not_enough_asks_nobody_and_the_rest_buys(ticked):
    payment, asked = invoice_of(ticked), ticked.shop.carrier.quotes
    ticked.shop.clock.turn(minutes=30)

    arrive(ticked, 700, InvoiceState.UNDERPAID)
    before = Order.objects.count(), said(ticked, NOT_BOUGHT), ticked.labels[-2:]
    in_vain = ticked.shop.carrier.quotes - asked
    arrive(ticked, payment=payment)

    assert (before, in_vain) == ((0, 0, ["Continue label", "Menu"]), 0)
    assert_bought_once(ticked, left=1_750)


def test_a_customer_who_presses_check_payment_sees_it_bought(ticked):
    ticked.shop.pay(invoice_of(ticked))

    ticked.press("Check payment")
    ticked.shop.work()

    assert_bought_once(ticked, left=1_750)


def test_where_the_price_was_shown_the_purchase_is_and_old_buttons_do_nothing(ticked):
    payment = invoice_of(ticked)
    ticked.say("/start")
    ticked.press("Continue label")
    screen, stale = max(ticked.chat.shown), ticked.pressed(TICKED)

    arrive(ticked, payment=payment)
    ticked.handle(stale)

    assert ticked.place == Place.BUYING
    assert ticked.chat.shown[screen][0].startswith("<b>Bought:</b> USPS Ground Advantage")
    assert_bought_once(ticked, left=1_750)


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_label_set_aside_is_bought_and_the_one_in_hand_stays(ticked, minutes):
    payment = invoice_of(ticked)
    ticked.walk(("/new", SENDER_TEXT))
    ticked.shop.clock.turn(minutes=minutes)

    arrive(ticked, payment=payment)

    assert (ticked.place, ticked.draft.data["aside"]) == (Place.ADDRESS, [])
    assert ticked.draft.data["label"]["sender"]["zip"] == "94107"
    assert (Order.objects.get().status, said(ticked, BOUGHT)) == ("done", 1)


def test_two_top_ups_at_once_buy_one_label(ticked):
    first = invoice_of(ticked)
    ticked.walk(("/topup", "press:$50"))

    settle_at_once(ticked, first, invoice_of(ticked))

    assert_bought_once(ticked, left=6_750)


def settle_at_once(talk, *payments):
    meeting = Barrier(len(payments))
    for payment in payments:
        talk.shop.pay(payment)

    def settle(payment):
        meeting.wait(10)
        talk.shop.topups.settle(payment.id)

    with ThreadPoolExecutor(len(payments)) as workers:
        list(workers.map(settle, payments))
    talk.shop.work()


@pytest.mark.parametrize(
    "point", ["payment.after_top_up", "payment.after_note", "at_once.after_place"]
)
def test_a_death_between_the_credit_and_its_end_delays_the_purchase(ticked, die_at, point):
    payment = invoice_of(ticked)
    ticked.shop.pay(payment)
    died = die_at(point)

    survive(ticked.shop.topups.settle, payment.id)
    placed = Order.objects.count()
    ticked.shop.clock.turn(minutes=1)
    ticked.shop.sweep()

    assert (died.exists(), placed) == (True, int(point == "at_once.after_place"))
    assert_bought_once(ticked, left=1_750)


def test_money_that_comes_later_buys_what_costs_less_by_then(ticked):
    agreed = ticked.draft.data["label"]["quote"]
    ticked.shop.clock.turn(hours=3)
    ticked.shop.carrier.costs["GroundAdvantage"] = 650

    arrive(ticked)

    [order] = Order.objects
    assert (order.status, order.price) == ("done", Money(700))
    assert order.quote_id != agreed
    assert said(ticked, "I am buying USPS Ground Advantage to New York, NY for $7.00.") == 1
    assert (len(ticked.chat.files), ticked.shop.balance()) == (1, (1_800, 0))


def test_later_two_top_ups_at_once_buy_one_label(ticked):
    first = invoice_of(ticked)
    ticked.walk(("/topup", "press:$50"))
    ticked.shop.clock.turn(minutes=30)

    settle_at_once(ticked, first, invoice_of(ticked))

    assert_bought_once(ticked, left=6_750)


def test_a_death_after_asking_anew_delays_the_purchase(ticked, die_at):
    payment = invoice_of(ticked)
    ticked.shop.clock.turn(minutes=30)
    ticked.shop.pay(payment)
    died = die_at("at_once.after_quote")

    survive(ticked.shop.topups.settle, payment.id)
    placed = Order.objects.count()
    ticked.shop.clock.turn(minutes=1)
    ticked.shop.sweep()

    assert (died.exists(), placed) == (True, 0)
    assert_bought_once(ticked, left=1_750)


def dearer(talk):
    talk.shop.clock.turn(minutes=30)
    talk.shop.carrier.costs["GroundAdvantage"] = 701


def silent(talk):
    talk.shop.clock.turn(minutes=30)
    talk.shop.carrier.quote_instead = [CarrierDown(provider="easypost")]


def in_the_other_mode(talk):
    talk.shop.clock.turn(minutes=30)
    talk.shop.modes.set_api_mode(ApiMode.PRODUCTION, by="owner@shop.example")


def at_the_very_moment(talk):
    """Somebody else may still be buying from the price that has just expired."""
    talk.shop.clock.turn(minutes=15)


def a_day_later(talk):
    talk.shop.clock.turn(days=1)


def begun_already(talk):
    quote_id, rate_id = talk.draft.data["label"]["at_once"]
    with pytest.raises(InsufficientFunds):
        talk.shop.orders.place(user_id=BUYER, quote_id=quote_id, rate_id=rate_id)
    talk.shop.clock.turn(minutes=30)


CHANGES = [
    dearer,
    silent,
    in_the_other_mode,
    at_the_very_moment,
    a_day_later,
    begun_already,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_would_not_be_the_same_is_asked_about_anew(ticked, change):
    change(ticked)

    arrive(ticked)

    assert_asked(ticked, "Its price has expired. I ask the carrier for today's before you pay.")


def test_a_price_that_has_expired_is_bought_when_the_customer_says_so(ticked):
    ticked.shop.clock.turn(minutes=15)
    arrive(ticked)

    for button in ("Buy now", "Pay $7.50", "Pay $7.50"):
        ticked.press(button)
    ticked.shop.work()
    assert Order.objects.get().status == "done"


@pytest.mark.parametrize(
    "steps",
    [
        ["press:Back"],
        ["press:Back", "press:USPS Priority"],
        ["press:Back", "press:Refresh"],
        ["press:Back", "press:Back", "press:Edit to"],
    ],
)
def test_a_label_that_has_changed_since_is_asked_about(ticked, steps):
    payment = invoice_of(ticked)
    ticked.walk(("/start", "press:Continue label", *steps))
    asked = ticked.shop.carrier.quotes
    ticked.shop.clock.turn(minutes=30)

    arrive(ticked, payment=payment)

    assert_asked(ticked, "You have changed it since. Please look at it once more.")
    assert ticked.shop.carrier.quotes == asked


def test_a_label_that_changes_while_the_carriers_are_asked_keeps_its_new_rates(ticked, monkeypatch):
    payment, quoted = invoice_of(ticked), ticked.shop.carrier._quoted
    steps = iter([("/start", "press:Continue label", "press:Back", "press:Refresh")])

    def slowly(reference):
        for walk in steps:
            ticked.walk(walk)
        return quoted(reference)

    ticked.shop.clock.turn(minutes=30)
    monkeypatch.setattr(ticked.shop.carrier, "_quoted", slowly)
    arrive(ticked, payment=payment)

    assert_asked(ticked, "You have changed it since. Please look at it once more.")
    assert "rate" not in ticked.draft.data["label"]


def test_a_cancelled_label_is_not_bought(ticked):
    payment = invoice_of(ticked)
    ticked.walk(("/cancel",))

    arrive(ticked, payment=payment)

    assert (Order.objects.count(), said(ticked, NOT_BOUGHT)) == (0, 0)


def test_a_closed_shop_buys_nothing_by_itself(ticked):
    ticked.shop.modes.set_maintenance_mode(on=True, by="owner@shop.example")

    arrive(ticked)

    closed = "We are closed for maintenance for a little while."
    assert [closed in text for text in texts(ticked) if NOT_BOUGHT in text] == [True]
    assert Order.objects.count() == 0


def test_a_frozen_account_buys_nothing_then_or_later(ticked):
    ticked.shop.freezes.freeze(account_of(BUYER), ["a finding"])

    arrive(ticked)
    ticked.shop.freezes.clear(account_of(BUYER), by="finance@shop.example", reason="looked into")
    ticked.shop.clock.turn(minutes=1)
    ticked.shop.sweep()

    frozen = "We are checking your account"
    assert [frozen in text for text in texts(ticked) if NOT_BOUGHT in text] == [True]
    assert Order.objects.count() == 0


def test_a_price_that_has_expired_cannot_be_ticked(talk):
    talk.reach(Place.INSUFFICIENT)
    talk.shop.clock.turn(minutes=15)

    assert talk.press(TICK).startswith("These prices have expired.")

    assert TICK in talk.labels


def test_a_customer_who_moves_on_meanwhile_loses_nothing_of_what_they_said(ticked, monkeypatch):
    payment, keep = invoice_of(ticked), Drafts.keep
    words = iter([SENDER_TEXT])

    def late(drafts, draft, **changes):
        for word in words:
            ticked.walk(("/new", word))
        keep(drafts, draft, **changes)

    monkeypatch.setattr(Drafts, "keep", late)
    arrive(ticked, payment=payment)

    assert ticked.place == Place.ADDRESS
    assert ticked.draft.data["label"]["sender"]["zip"] == "94107"
    assert (Order.objects.get().status, said(ticked, BOUGHT)) == ("done", 1)


def test_an_amount_whose_draft_a_purchase_moves_meanwhile_opens_one_invoice(ticked, monkeypatch):
    before, keep = invoice_of(ticked), Drafts.keep
    dollars = iter([3_000])
    ticked.walk(("/topup",))

    def late(drafts, draft, **changes):
        for cents in dollars:
            [opened] = Payment.objects(pk__ne=before.id)
            arrive(ticked, cents, payment=opened)
        keep(drafts, draft, **changes)

    monkeypatch.setattr(Drafts, "keep", late)
    ticked.say("30")

    assert [payment.amount for payment in Payment.objects()] == [Money(2_500), Money(3_000)]
    assert (ticked.place, invoice_of(ticked).status) == (Place.INVOICE, "paid")
    assert (Order.objects.get().status, said(ticked, BOUGHT)) == ("done", 1)
