"""Orders: one label, one charge, whatever the carrier answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.jobs import Job
from core.modes import ApiMode
from models.label import Label
from models.order import Order, OrderState
from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds, PurchaseDoubtful
from services.ledger import InsufficientFunds
from services.quotes import QuoteExpired, RateGone, ShopClosed
from tests.fakes import PDF
from tests.shop import BUYER, LEASE, REVIEW, SETTLE

PRICE = 750
START = 2_500


@pytest.fixture
def rich(shop):
    shop.credit(START)
    return shop


def states(order_id):
    return [step.state.value for step in Order.objects.fetch(order_id).timeline]


def test_a_paid_order_becomes_one_label_and_one_charge(rich):
    order = rich.place()
    rich.work()

    order = rich.orders.get(order.id)
    assert order.status is OrderState.DONE
    assert states(order.id) == ["new", "held", "buying", "bought", "done"]
    assert rich.carrier.calls == [order.shipment_id]
    assert rich.balance() == (START - PRICE, 0)
    assert rich.told() == ["label_ready"]
    assert rich.labels.pdf(order.id) == PDF
    assert rich.verification.verify().mismatches == 0


def test_the_price_is_held_before_anything_is_bought(rich):
    rich.place()

    assert rich.balance() == (START - PRICE, PRICE)
    assert rich.carrier.calls == []
    assert rich.jobs.asked == [(Job.DRIVE_ORDER, Order.objects.first().id)]


def test_a_lost_job_is_found_by_the_sweep(rich):
    order = rich.place()
    rich.jobs.asked.clear()

    rich.sweep()
    assert rich.orders.get(order.id).status is OrderState.HELD

    rich.clock.turn(seconds=11)
    rich.sweep()
    assert rich.orders.get(order.id).status is OrderState.DONE


def test_placing_twice_is_one_order(rich):
    quote = rich.quote()

    first = rich.place(quote)
    second = rich.place(quote)
    rich.work()

    assert first.id == second.id
    assert rich.carrier.calls == [first.shipment_id]
    assert rich.balance() == (START - PRICE, 0)


def test_another_rate_of_a_quote_that_was_bought_is_refused(rich):
    quote = rich.quote()
    rich.place(quote, rate=0)

    with pytest.raises(RateGone):
        rich.place(quote, rate=1)

    assert rich.balance() == (START - PRICE, PRICE)


def test_a_stranger_cannot_buy_from_somebody_elses_quote(rich):
    quote = rich.quote()

    with pytest.raises(RateGone):
        rich.orders.place(user_id=8, quote_id=quote.id, rate_id=quote.rates[0].rate_id)

    assert Order.objects.count() == 0


def test_a_stranger_cannot_place_somebody_elses_order_again(rich):
    quote = rich.quote()
    rich.place(quote)

    with pytest.raises(RateGone):
        rich.orders.place(user_id=8, quote_id=quote.id, rate_id=quote.rates[0].rate_id)


def test_too_little_balance_is_refused_with_what_is_missing(shop):
    shop.credit(PRICE - 1)

    with pytest.raises(InsufficientFunds) as refusal:
        shop.place()

    assert refusal.value.facts["missing"].minor == 1
    assert shop.balance() == (PRICE - 1, 0)
    assert Order.objects.first().status is OrderState.REJECTED


def test_a_rejected_order_can_be_placed_again_after_a_top_up(shop):
    quote = shop.quote()
    with pytest.raises(InsufficientFunds):
        shop.place(quote)

    shop.credit(START)
    order = shop.place(quote)
    shop.work()

    assert shop.orders.get(order.id).status is OrderState.DONE
    assert shop.balance() == (START - PRICE, 0)


def test_a_rejected_order_is_left_alone_by_the_sweep(shop):
    with pytest.raises(InsufficientFunds):
        shop.place()

    for _ in range(3):
        shop.clock.turn(minutes=5)
        shop.sweep()

    order = Order.objects.first()
    assert (order.status, order.next_at) == (OrderState.REJECTED, None)
    assert shop.balance() == (0, 0)


def test_money_held_by_a_slower_hand_is_not_stuck_in_a_rejected_order(shop):
    with pytest.raises(InsufficientFunds):
        shop.place()
    order = Order.objects.first()
    shop.credit(START)
    shop.ledger.hold(BUYER, order.price, order.id)

    shop.clock.turn(minutes=5)
    shop.sweep()

    assert shop.orders.get(order.id).status is OrderState.DONE
    assert shop.balance() == (START - PRICE, 0)


def test_an_expired_quote_is_not_sold(rich):
    quote = rich.quote()
    rich.clock.turn(minutes=16)

    with pytest.raises(QuoteExpired):
        rich.place(quote)

    assert rich.balance() == (START, 0)


def test_a_quote_of_another_mode_is_not_sold(rich):
    quote = rich.quote()
    rich.modes.set_api_mode(ApiMode.PRODUCTION, by="owner")

    with pytest.raises(QuoteExpired):
        rich.place(quote)


def test_maintenance_refuses_new_orders_and_finishes_paid_ones(rich):
    paid = rich.place()
    waiting = rich.quote()

    rich.modes.set_maintenance_mode(on=True, by="owner")
    with pytest.raises(ShopClosed):
        rich.place(waiting)
    with pytest.raises(ShopClosed):
        rich.quote()
    rich.work()

    assert rich.orders.get(paid.id).status is OrderState.DONE


def test_a_refusal_gives_the_money_back_and_says_why(rich):
    rich.carrier.instead.append(CarrierRefused(told="Address is undeliverable"))

    order = rich.place()
    rich.work()

    order = rich.orders.get(order.id)
    assert order.status is OrderState.RELEASED
    assert order.refusal == "Address is undeliverable"
    assert rich.balance() == (START, 0)
    assert rich.told() == ["order_refused"]
    assert rich.verification.verify().mismatches == 0


def test_a_time_out_after_the_purchase_is_asked_for_and_never_repeated(rich):
    rich.carrier.after.append(PurchaseDoubtful())

    order = rich.place()
    rich.work()

    assert states(order.id) == ["new", "held", "buying", "unknown", "bought", "done"]
    assert rich.carrier.calls == [order.shipment_id]
    assert rich.balance() == (START - PRICE, 0)
    assert rich.told() == ["label_ready"]


def test_a_time_out_before_the_purchase_ends_in_a_release_only_after_the_settle_window(rich):
    rich.carrier.instead.append(PurchaseDoubtful())

    order = rich.place()
    rich.work()
    assert rich.orders.get(order.id).status is OrderState.UNKNOWN
    assert rich.told() == ["order_checking"]
    assert rich.balance() == (START - PRICE, PRICE)

    rich.clock.turn(seconds=SETTLE.total_seconds() - 10)
    rich.sweep()
    assert rich.orders.get(order.id).status is OrderState.UNKNOWN

    for _ in range(10):
        rich.clock.turn(seconds=60)
        rich.sweep()
    assert rich.orders.get(order.id).status is OrderState.RELEASED
    assert rich.orders.get(order.id).absent == 2
    assert rich.carrier.calls == [order.shipment_id]
    assert rich.balance() == (START, 0)
    assert rich.told() == ["order_checking", "order_refused"]


def test_once_not_found_is_not_enough(rich):
    rich.carrier.instead.append(PurchaseDoubtful())
    order = rich.place()
    rich.work()

    rich.clock.turn(seconds=SETTLE.total_seconds() + 1)
    rich.orders.drive(order.id)

    assert rich.orders.get(order.id).status is OrderState.UNKNOWN
    assert rich.orders.get(order.id).absent == 1


def test_a_label_that_turns_up_late_is_found(rich):
    rich.carrier.instead.append(PurchaseDoubtful())
    order = rich.place()
    rich.work()

    rich.carrier.buy(order.shipment_id, order.rate.rate_id)
    rich.clock.turn(seconds=60)
    rich.sweep()

    assert rich.orders.get(order.id).status is OrderState.DONE
    assert rich.balance() == (START - PRICE, 0)


def test_a_carrier_that_never_answers_leaves_the_money_held_for_an_operator(rich):
    rich.carrier.instead.append(PurchaseDoubtful())
    rich.carrier.find_instead.extend([CarrierDown()] * 10_000)
    order = rich.place()
    rich.work()

    rich.clock.turn(seconds=REVIEW.total_seconds() + 1)
    rich.sweep()

    assert rich.orders.get(order.id).status is OrderState.REVIEW
    assert rich.balance() == (START - PRICE, PRICE)
    assert rich.told() == ["order_checking", "order_review"]


def test_a_carrier_that_is_away_is_tried_again_and_the_timeline_says_so(rich):
    rich.carrier.instead.append(CarrierDown())

    order = rich.place()
    rich.work()
    assert rich.orders.get(order.id).status is OrderState.HELD

    rich.clock.turn(seconds=30)
    rich.sweep()
    assert states(order.id) == ["new", "held", "buying", "held", "buying", "bought", "done"]
    assert rich.balance() == (START - PRICE, 0)


def test_a_refusal_of_a_second_call_is_asked_about_before_it_is_believed(rich):
    rich.carrier.instead.extend([CarrierDown(), CarrierRefused(told="already")])

    order = rich.place()
    rich.work()
    rich.clock.turn(seconds=30)
    rich.sweep()

    assert rich.orders.get(order.id).status is OrderState.UNKNOWN
    assert rich.balance() == (START - PRICE, PRICE)


def test_a_carrier_that_stays_away_ends_in_review(rich):
    rich.carrier.instead.extend([CarrierDown()] * 100)
    order = rich.place()
    rich.work()

    for _ in range(60):
        rich.clock.turn(minutes=6)
        rich.sweep()

    order = rich.orders.get(order.id)
    assert (order.status, order.attempts) == (OrderState.REVIEW, 30)
    assert rich.balance() == (START - PRICE, PRICE)


def test_a_buyer_that_never_came_back_is_asked_about_after_its_lease(rich):
    order = rich.place()
    Order.objects.move(
        order,
        OrderState.BUYING,
        at=rich.clock.now(),
        inc__fence=1,
        inc__attempts=1,
        set__bought_after=rich.clock.now(),
        set__lease_until=rich.clock.now() + LEASE,
        set__next_at=rich.clock.now() + LEASE,
    )
    rich.carrier.buy(order.shipment_id, order.rate.rate_id)

    rich.work()
    assert rich.orders.get(order.id).status is OrderState.BUYING

    rich.clock.turn(seconds=LEASE.total_seconds())
    rich.sweep()
    assert rich.orders.get(order.id).status is OrderState.DONE
    assert rich.carrier.calls == [order.shipment_id]


def test_an_answer_that_comes_after_the_release_voids_the_label(rich):
    order = rich.place()
    real_buy = rich.carrier.buy

    def slow_buy(shipment_id, rate_id):
        Order.objects(pk=order.id).update_one(set__status=OrderState.RELEASED)
        return real_buy(shipment_id, rate_id)

    rich.carrier.buy = slow_buy
    rich.work()

    assert rich.carrier.voided == [order.shipment_id]
    assert rich.orders.get(order.id).status is OrderState.RELEASED


def test_an_answer_that_others_found_first_changes_nothing(rich):
    order = rich.place()
    real_buy = rich.carrier.buy

    def slow_buy(shipment_id, rate_id):
        bought = real_buy(shipment_id, rate_id)
        rich.clock.turn(seconds=LEASE.total_seconds() + 1)
        rich.orders.drive(order.id)
        return bought

    rich.carrier.buy = slow_buy
    rich.work()

    assert rich.orders.get(order.id).status is OrderState.DONE
    assert rich.carrier.voided == []
    assert rich.balance() == (START - PRICE, 0)


def test_a_closing_under_another_kind_stops_the_order_for_an_operator(rich):
    order = rich.place()
    rich.ledger.release(BUYER, order.price, order.id, reason="by mistake")

    rich.work()

    assert rich.orders.get(order.id).status is OrderState.REVIEW
    assert rich.told() == ["order_review"]


def test_a_failed_download_changes_no_money_and_is_repeated(rich):
    rich.carrier.file_instead.append(CarrierDown())

    order = rich.place()
    rich.work()
    with pytest.raises(CarrierDown):
        rich.labels.pdf(order.id)

    assert rich.orders.get(order.id).status is OrderState.DONE
    assert rich.balance() == (START - PRICE, 0)
    assert Label.objects.count() == 0
    assert rich.labels.pdf(order.id) == PDF
    assert Label.objects.fetch(order.id).size == len(PDF)


def test_a_customers_orders_come_newest_first(rich):
    first = rich.place()
    rich.clock.turn(seconds=1)
    second = rich.place()

    assert [order.id for order in rich.orders.of_user(BUYER)] == [second.id, first.id]
    assert rich.orders.of_user(8) == []
    assert rich.clock.now() - first.created_at == timedelta(seconds=1)


def test_not_found_counts_only_after_this_carriers_own_settle_window(rich):
    longer = replace(rich.orders.purchase.patience, settle_of={"easypost": 2 * SETTLE})
    orders = replace(rich.orders, purchase=replace(rich.orders.purchase, patience=longer))
    rich.carrier.instead.append(PurchaseDoubtful(provider="easypost"))
    order = rich.place()
    orders.drive(order.id)

    for _ in range(3):
        rich.clock.turn(seconds=SETTLE.seconds / 2)
        orders.drive(order.id)
    early = rich.orders.get(order.id)
    rich.clock.turn(seconds=SETTLE.seconds / 2)
    orders.drive(order.id)
    orders.drive(order.id)

    assert (early.status, early.absent) == (OrderState.UNKNOWN, 0)
    assert rich.orders.get(order.id).status is OrderState.RELEASED


def test_an_order_waits_while_our_own_account_is_empty_and_goes_on_by_itself(rich):
    rich.carrier.instead += [NoFunds(provider="easypost"), NoFunds(provider="easypost")]

    order = rich.place()
    rich.work()
    waiting = rich.orders.get(order.id)
    first = (waiting.status, rich.balance(), rich.told())
    for minutes in (1, 2):
        rich.clock.turn(minutes=minutes)
        rich.sweep()
        rich.work()

    assert first == (OrderState.HELD, (START - PRICE, PRICE), ["order_waits"])
    assert states(order.id)[-3:] == ["buying", "bought", "done"]
    assert rich.told() == ["order_waits", "label_ready"]
    assert rich.balance() == (START - PRICE, 0)
    assert list(rich.carrier.sold) == [order.shipment_id]


def test_an_order_that_waited_too_long_for_our_account_gives_its_money_back(rich):
    rich.carrier.instead += [NoFunds(provider="easypost") for _ in range(60)]

    order = rich.place()
    rich.work()
    for _ in range(45):
        rich.clock.turn(minutes=10)
        rich.sweep()
        rich.work()

    assert rich.orders.get(order.id).status is OrderState.RELEASED
    assert rich.balance() == (START, 0)
    assert rich.told()[0] == "order_waits"
    assert rich.told()[-1] == "order_refused"
    assert rich.carrier.sold == {}


def test_a_review_that_nobody_came_to_tell_of_is_told_by_the_sweep_and_once(rich):
    order = rich.place()
    rich.jobs.asked.clear()
    Order.objects(pk=order.id).update_one(
        set__status=OrderState.REVIEW, set__next_at=rich.clock.now()
    )

    rich.sweep()
    left = rich.orders.get(order.id)
    rich.clock.turn(days=1)
    rich.sweep()

    assert (left.status, left.next_at) == (OrderState.REVIEW, None)
    assert rich.told() == ["order_review"]
    assert rich.balance() == (START - PRICE, PRICE)
