"""A label is tracked as its parcel moves, or given back, with real processes and webhooks."""

import pytest

from tests.customer import wait_for
from tests.journeys.steps import PATIENCE, buy, entries_of, receive_label, top_up

pytestmark = pytest.mark.journey
SALE = ["topup", "hold", "capture"]


def bought(shop, chat_id):
    """A customer with a label, and its tracking code."""
    maria = shop.customer(chat_id)
    top_up(maria)
    buy(maria)
    receive_label(maria)
    with shop.database() as client:
        store = client.get_default_database()
        done = {"user_id": chat_id, "status": "done"}
        assert wait_for(lambda: store.orders.count_documents(done) == 1)
        return maria, store.orders.find_one(done)["tracking_code"]


def open_order(maria):
    maria.say("/orders")
    maria.wait_for("Your orders")
    maria.press("1")
    maria.wait_for("Order L-")


def test_a_label_is_given_back_and_its_price_comes_when_the_carrier_says_so(shop):
    maria, code = bought(shop, 3001)
    open_order(maria)
    maria.press("Refund")
    maria.press("Yes, give it back")
    maria.wait_for("The carrier has taken our request", PATIENCE)
    before = entries_of(shop, 3001)

    shop.sandbox.post(f"/tracking/{code}/refund", {"status": "refunded"})

    maria.wait_for("is cancelled.", PATIENCE)
    assert before == SALE
    assert entries_of(shop, 3001) == [*SALE, "refund"]
    [label] = [each for each in shop.sandbox.books()["labels"] if each["tracking_code"] == code]
    assert label["status"] == "refunded"
    assert shop.verify_ledger()["mismatches"] == 0


def test_a_parcels_moves_arrive_by_themselves_once_each(shop):
    maria, code = bought(shop, 3002)

    for status, told in (("in_transit", "in transit."), ("delivered", "delivered.")):
        for _ in range(2):
            shop.sandbox.post(f"/tracking/{code}", {"status": status})
        maria.wait_for(told, PATIENCE)

    moves = [message for message in maria.messages() if "Your parcel to" in str(message)]
    assert len(moves) == 2
    open_order(maria)
    buttons = str(maria.messages()[-1])
    assert "Track" in buttons
    assert "Refund" not in buttons
