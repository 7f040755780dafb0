"""An order in review ends by an operator's word, and never against the carrier's."""

import pytest

from models.audit import AuditEntry
from models.base import NotFound
from models.order import Order, OrderState
from providers.carriers.base import CarrierDown, PurchaseDoubtful
from services.attempts import DEATHS_AT_MOST
from services.audits import ReasonMissing
from services.ledger import Cause
from services.order_reviews import (
    LabelFound,
    LabelNotFound,
    NothingHeld,
    OrderNotInReview,
    OrderReviews,
)
from tests.factories import OrderFactory
from tests.shop import REVIEW

ANN = Cause("operator:ann", "the carrier's dashboard shows none")


@pytest.fixture
def reviews(shop):
    return OrderReviews(
        purchase=shop.orders.purchase, ledger=shop.ledger, audits=shop.audits, jobs=shop.jobs
    )


def left_in_review(shop, *, sold=False):
    """An order whose carrier never said what became of it, and answers again now."""
    shop.credit(2_500)
    silence = shop.carrier.after if sold else shop.carrier.instead
    silence.append(PurchaseDoubtful())
    shop.carrier.find_instead.extend([CarrierDown()] * 100)
    order = shop.place()
    shop.work()
    shop.clock.turn(seconds=REVIEW.total_seconds() + 1)
    shop.sweep()
    shop.carrier.find_instead.clear()
    assert shop.orders.get(order.id).status is OrderState.REVIEW
    return order


def test_a_label_that_was_sold_after_all_is_taken_and_charged(shop, reviews):
    order = left_in_review(shop, sold=True)

    reviews.ask_again(order.id, ANN)
    shop.work()

    order = shop.orders.get(order.id)
    assert (order.status, shop.balance()) == (OrderState.DONE, (1_750, 0))
    assert [step.by for step in order.timeline if step.state is OrderState.BOUGHT] == [ANN.by]
    assert len(shop.carrier.calls) == 1
    [entry] = AuditEntry.objects
    assert (entry.act, entry.subject, entry.reason) == ("take label", order.id, ANN.reason)


def test_money_for_a_label_that_nobody_sold_is_given_back_once(shop, reviews):
    order = left_in_review(shop)

    reviews.give_back(order.id, ANN)
    shop.work()
    with pytest.raises(OrderNotInReview):
        reviews.give_back(order.id, ANN)

    assert shop.orders.get(order.id).status is OrderState.RELEASED
    assert shop.balance() == (2_500, 0)
    assert shop.told()[-1] == "order_refused"
    assert [entry.act for entry in AuditEntry.objects] == ["give money back"]


def test_nothing_is_done_against_the_carriers_word(shop, reviews):
    sold = left_in_review(shop, sold=True)
    with pytest.raises(LabelFound):
        reviews.give_back(sold.id, ANN)
    shop.carrier.sold.clear()
    with pytest.raises(LabelNotFound):
        reviews.ask_again(sold.id, ANN)

    assert shop.orders.get(sold.id).status is OrderState.REVIEW
    assert shop.balance() == (1_750, 750)
    assert AuditEntry.objects.count() == 0


def test_while_the_carrier_is_away_nothing_is_decided(shop, reviews):
    order = left_in_review(shop)
    shop.carrier.find_instead.extend([CarrierDown()] * 2)

    for decide in (reviews.ask_again, reviews.give_back):
        with pytest.raises(CarrierDown):
            decide(order.id, ANN)

    assert shop.orders.get(order.id).status is OrderState.REVIEW


def test_only_an_order_in_review_is_decided_and_only_with_a_reason(shop, reviews):
    order = left_in_review(shop)
    done = OrderFactory(done=True)
    empty = OrderFactory(status=OrderState.REVIEW, user_id=8)

    for decide in (reviews.ask_again, reviews.give_back):
        with pytest.raises(ReasonMissing):
            decide(order.id, Cause(ANN.by, " "))
        with pytest.raises(OrderNotInReview):
            decide(done.id, ANN)
        with pytest.raises(NotFound):
            decide("L-NOBODYS", ANN)
    with pytest.raises(NothingHeld):
        reviews.give_back(empty.id, ANN)


def test_an_order_that_killed_its_workers_goes_on_after_the_decision(shop, reviews):
    order = left_in_review(shop, sold=True)
    Order.objects(pk=order.id).update_one(set__wakes=DEATHS_AT_MOST + 1)

    reviews.ask_again(order.id, ANN)
    shop.work()

    assert shop.orders.get(order.id).status is OrderState.DONE
