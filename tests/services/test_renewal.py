"""A rate known from before gets a shipment of its own, and costs what was confirmed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.money import Money
from models import ledger as entries
from models.order import OrderState
from providers.carriers.base import CarrierDown, CarrierRefused, PurchaseDoubtful
from services.quotes import RateGone
from services.renewal import PATIENCE
from tests.shop import BUYER, SETTLE, TOLERANCE

PRICE = 750
START = 2_500


@pytest.fixture
def known(shop):
    """A shop whose carrier's answer is known, and somebody with money."""
    shop.credit(START)
    shop.quote()
    return shop


def place(shop, **changes):
    """An order of a rate that came from the cache."""
    quote = shop.quote(fresh=False)
    shop.carrier.costs.update(changes)
    return shop.orders.place(user_id=BUYER, quote_id=quote.id, rate_id=quote.rates[0].rate_id)


def ended(shop, order):
    """Nothing was bought, nothing is charged, and the customer was told once."""
    order = shop.orders.get(order.id)
    assert order.status is OrderState.RELEASED
    assert shop.carrier.calls == []
    assert shop.balance() == (START, 0)
    assert shop.told() == ["order_refused"]
    assert shop.verification.verify().mismatches == 0
    return order


def test_a_fresh_shipment_is_written_down_and_then_bought(known):
    order = place(known)
    assert (order.shipment_id, order.rate_id, order.reference) == ("", "", "")

    known.work()

    done = known.orders.get(order.id)
    assert done.status is OrderState.DONE
    assert (known.carrier.quotes, known.carrier.calls) == (2, [done.shipment_id])
    assert done.shipment_id == f"shp_{known.carrier.references[1]}"
    assert known.carrier.sold[done.shipment_id].rate_id == done.rate_id
    assert done.reference == known.carrier.references[1]
    assert [step.note for step in done.timeline if "anew" in step.note] == ["offered anew at $7.00"]
    assert known.balance() == (START - PRICE, 0)


def test_what_was_confirmed_is_not_rewritten_and_paying_again_changes_nothing(known):
    order = place(known)
    known.work()

    again = known.orders.place(user_id=BUYER, quote_id=order.quote_id, rate_id=order.rate.rate_id)

    assert (again.id, again.rate, again.price) == (order.id, order.rate, order.price)
    assert len(known.carrier.calls) == 1
    assert known.balance() == (START - PRICE, 0)
    with pytest.raises(RateGone):
        known.orders.place(user_id=BUYER, quote_id=order.quote_id, rate_id=again.rate_id)


def test_two_customers_of_one_known_answer_buy_two_shipments(known):
    other = 8
    known.users.meet(other, first_name="Ann", username="ann", language="en")
    known.credit(START, user_id=other, provider_id="theirs")
    first, shipment = place(known), known.quote().shipment
    quote = known.quotes.quote(other, shipment)
    second = known.orders.place(user_id=other, quote_id=quote.id, rate_id=quote.rates[0].rate_id)

    known.work()

    shipments = {known.orders.get(order.id).shipment_id for order in (first, second)}
    assert len(shipments) == 2
    assert set(known.carrier.sold) == shipments


@pytest.mark.parametrize("cents", [1, 300, 700, 700 + TOLERANCE.minor])
def test_a_price_that_fell_or_rose_a_little_is_charged_as_confirmed(known, cents):
    order = place(known, GroundAdvantage=cents)

    known.work()

    assert known.orders.get(order.id).status is OrderState.DONE
    assert known.balance() == (START - PRICE, 0)
    assert {entry["d_held"] for entry in entries.walk() if entry["kind"] == "capture"} == {-PRICE}


def test_a_price_that_rose_more_ends_the_order_and_the_money_is_back(known):
    order = place(known, GroundAdvantage=701 + TOLERANCE.minor)

    known.work()

    done = ended(known, order)
    assert done.refusal == "price_moved"
    assert "from $7.00 to $7.26" in [step.note for step in done.timeline]


def test_after_a_price_that_rose_the_customer_may_quote_and_buy_anew(known):
    place(known, GroundAdvantage=800)
    known.work()

    quote = known.quote()
    order = known.place(quote)
    known.work()

    assert quote.rates[0].price == Money(850)
    assert known.orders.get(order.id).status is OrderState.DONE
    assert known.balance() == (START - 850, 0)


def test_a_service_that_is_gone_ends_the_order(known):
    order = place(known)
    del known.carrier.costs["GroundAdvantage"]

    known.work()

    assert ended(known, order).refusal == "service_gone"


def test_a_refusal_ends_the_order_in_the_carriers_words(known):
    order = place(known)
    known.carrier.quote_instead.append(CarrierRefused(provider="easypost", told="No such ZIP."))

    known.work()

    assert ended(known, order).refusal == "No such ZIP."


def test_a_carrier_that_is_down_is_asked_again_later(known):
    order = place(known)
    known.carrier.quote_instead.append(CarrierDown(provider="easypost"))
    known.work()
    waiting = known.orders.get(order.id)
    assert (waiting.status, known.balance()) == (OrderState.HELD, (START - PRICE, PRICE))

    known.clock.moment = waiting.next_at
    known.sweep()

    assert known.orders.get(order.id).status is OrderState.DONE
    assert known.balance() == (START - PRICE, 0)


def test_a_carrier_that_stays_down_does_not_keep_the_money_for_long(known):
    order = place(known)
    known.carrier.quote_instead += [CarrierDown(provider="easypost")] * 99

    for _ in range(60):
        known.sweep()
        known.clock.turn(seconds=30)

    assert ended(known, order).refusal == "carrier_silent"
    assert known.orders.get(order.id).moved_at - order.created_at < PATIENCE + timedelta(minutes=5)
    assert known.carrier.quotes < 30


def test_an_unknown_purchase_is_looked_for_under_the_fresh_shipment(known):
    order = place(known)
    known.carrier.after.append(PurchaseDoubtful(provider="easypost"))
    known.work()

    known.clock.turn(seconds=SETTLE.total_seconds())
    known.sweep()

    done = known.orders.get(order.id)
    assert done.status is OrderState.DONE
    assert known.carrier.calls == [done.shipment_id]
    assert known.carrier.quotes == 2


def test_a_hand_that_comes_late_changes_nothing_of_a_renewed_order(known):
    order = place(known)
    known.work()
    done = known.orders.get(order.id)
    known.carrier.costs["GroundAdvantage"] = 5_000

    stale = known.orders.renewal.renew(order)

    assert stale is None
    assert known.orders.get(order.id).to_mongo() == done.to_mongo()


def test_the_account_that_was_quoted_goes_before_a_cheaper_one(known):
    quote = known.quote(fresh=False)
    real = known.carrier._quoted

    def two_accounts(reference):
        quoted = real(reference)
        cheaper = [replace(one, carrier_account="ca_2", cost=Money(100)) for one in quoted.rates]
        return replace(quoted, rates=(*cheaper, *quoted.rates))

    known.carrier._quoted = two_accounts
    order = known.orders.place(user_id=BUYER, quote_id=quote.id, rate_id=quote.rates[0].rate_id)
    known.work()

    assert "offered anew at $7.00" in [step.note for step in known.orders.get(order.id).timeline]
