"""A newcomer buys a label, whatever is killed, lost, doubled or forged on the way."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.customer import wait_for
from tests.journeys.steps import (
    FROM,
    PARCEL,
    TO,
    books_agree,
    buy,
    credited,
    entries_of,
    label_or_money_back,
    open_invoice,
    pay_invoice,
    reach_price,
    reach_price_from_confirm,
    receive_label,
    top_up,
)

pytestmark = pytest.mark.journey
SALE = ["topup", "hold", "capture"]
NO_SALE = ["topup", "hold", "release"]
OXAPAY, CRYPTO_PAY = "OxaPay", "Crypto Pay"
BUYING = "POST /shipments/*/buy"


def labels_bought(shop):
    return len(shop.sandbox.books()["labels"])


def test_a_buyer_killed_after_the_carrier_sold_and_before_it_answered(shop):
    maria = shop.customer(2002)
    top_up(maria)
    pay = reach_price(maria)
    before = labels_bought(shop)
    shop.sandbox.misbehave("easypost", BUYING, "time_out_after", seconds=60)

    maria.press(pay)
    assert wait_for(lambda: labels_bought(shop) == before + 1)
    shop.kill("buyer")
    shop.start("buyer")

    receive_label(maria)
    assert entries_of(shop, 2002) == SALE
    books_agree(shop, labels={2002: 1})


def test_a_purchase_that_timed_out_after_it_was_made_is_asked_for_and_not_repeated(shop):
    maria = shop.customer(2003)
    top_up(maria)
    pay = reach_price(maria)
    before = labels_bought(shop)
    shop.sandbox.misbehave("easypost", BUYING, "time_out_after", seconds=60)

    maria.press(pay)

    receive_label(maria)
    assert labels_bought(shop) == before + 1
    assert entries_of(shop, 2003) == SALE
    books_agree(shop, labels={2003: 1})


def test_a_purchase_that_timed_out_before_it_was_made_gives_the_money_back(shop):
    maria = shop.customer(2004)
    top_up(maria)
    pay = reach_price(maria)
    before = labels_bought(shop)
    shop.sandbox.misbehave("easypost", BUYING, "time_out_before", seconds=60)

    maria.press(pay)

    maria.wait_for("held", anew=False)
    maria.wait_for("$25.00", 60)
    assert labels_bought(shop) == before
    assert entries_of(shop, 2004) == ["topup", "hold", "release"]
    assert maria.documents() == []
    books_agree(shop, labels={2004: 0})


def test_redis_emptied_in_the_middle_loses_nothing(shop):
    maria = shop.customer(2005)
    open_invoice(maria, "25")
    shop.flush_redis()
    pay_invoice(maria, "25")
    shop.flush_redis()
    credited(maria, "25")

    pay = reach_price(maria)
    maria.press(pay)
    shop.flush_redis()

    receive_label(maria)
    assert entries_of(shop, 2005) == SALE
    books_agree(shop, labels={2005: 1})


def test_every_update_that_comes_twice_is_heard_once(shop):
    maria = shop.customer(2006)
    shop.sandbox.misbehave("telegram", "*getUpdates", "update_twice", times=50)

    top_up(maria)
    buy(maria)

    receive_label(maria)
    assert entries_of(shop, 2006) == SALE
    books_agree(shop, labels={2006: 1})


@pytest.mark.parametrize(
    ("chat_id", "provider", "way", "fault"),
    [
        (2021, "oxapay", OXAPAY, "notice_lost"),
        (2022, "oxapay", OXAPAY, "notice_twice"),
        (2023, "oxapay", OXAPAY, "notice_forged"),
        (2024, "cryptopay", CRYPTO_PAY, "notice_lost"),
        (2025, "cryptopay", CRYPTO_PAY, "notice_twice"),
        (2026, "cryptopay", CRYPTO_PAY, "notice_forged"),
    ],
)
def test_whatever_happens_to_its_notice_a_payment_is_credited_once(
    shop, chat_id, provider, way, fault
):
    maria = shop.customer(chat_id)
    shop.sandbox.misbehave(provider, "notice", fault, times=5)

    top_up(maria, "25", way)

    assert entries_of(shop, chat_id) == ["topup"]
    maria.say("/balance")
    maria.wait_for("Available: $25.00")
    books_agree(shop, labels={chat_id: 0})


def test_the_same_amount_at_both_providers_is_two_invoices_and_two_credits(shop):
    maria = shop.customer(2031)
    open_invoice(maria, "30", OXAPAY)
    first = maria.link("Pay $30")
    open_invoice(maria, "30", CRYPTO_PAY)
    second = maria.link("Pay $30")

    shop.sandbox.pay(first, "30")
    maria.wait_for("Your balance is $30.00")
    shop.sandbox.pay(second, "30")
    maria.wait_for("Your balance is $60.00")

    assert "/checkout/oxapay/" in first
    assert "/checkout/cryptopay/" in second
    assert entries_of(shop, 2031) == ["topup", "topup"]
    books_agree(shop, labels={2031: 0})


def test_a_provider_in_trouble_leaves_the_choice_and_the_customer_can_try_again(shop):
    maria = shop.customer(2032)
    shop.sandbox.misbehave("cryptopay", "POST /createInvoice", "error_500")

    maria.say("/topup")
    maria.wait_for("How much")
    maria.say("25")
    maria.press(CRYPTO_PAY)
    maria.wait_for("The payment service doesn't answer right now.")
    maria.press(CRYPTO_PAY)

    maria.wait_for("Pay with the button")
    shop.sandbox.pay(maria.link("Pay $25"), "25")
    credited(maria, "25")
    assert entries_of(shop, 2032) == ["topup"]


def test_an_expired_invoice_is_said_and_credits_nothing(shop):
    maria = shop.customer(2033)
    open_invoice(maria, "25", CRYPTO_PAY)
    page = maria.link("Pay $25")

    requests.post(f"{page}/expire", timeout=10).raise_for_status()
    maria.press("Check payment")

    maria.wait_for("has expired")
    assert entries_of(shop, 2033) == []


def test_a_bot_killed_between_any_two_steps_forgets_nothing(shop):
    maria = shop.customer(2010)
    top_up(maria)

    maria.say("/new")
    maria.wait_for("Where do you ship from")
    shop.restart("bot")
    maria.say(FROM)
    maria.press("Looks right")
    maria.wait_for("Where does it go")
    shop.kill("bot")
    maria.say(TO)
    shop.start("bot")
    maria.press("Looks right")
    maria.wait_for("How heavy")
    shop.restart("bot")
    maria.say(PARCEL)
    pay = reach_price_from_confirm(maria)
    shop.kill("bot")
    maria.press(pay)
    shop.start("bot")

    receive_label(maria)
    assert entries_of(shop, 2010) == SALE
    books_agree(shop, labels={2010: 1})


def test_two_taps_on_pay_at_once_buy_one_label(shop):
    maria = shop.customer(2011)
    top_up(maria)
    pay = reach_price(maria)
    price = maria.wait_for("from your balance", anew=False)
    data = price["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    tap = {"message_id": price["message_id"], "data": data}

    with ThreadPoolExecutor(2) as fingers:
        list(fingers.map(lambda _: maria.sandbox.post("/chats/2011/press", tap), range(2)))

    assert pay.startswith("Pay $")
    receive_label(maria)
    assert entries_of(shop, 2011) == SALE
    books_agree(shop, labels={2011: 1})


def test_every_worker_killed_while_customers_buy_delays_and_loses_nothing(shop):
    customers = [shop.customer(2100 + number) for number in range(4)]
    for customer in customers:
        top_up(customer)
    prices = [reach_price(customer) for customer in customers]

    for customer, price in zip(customers, prices, strict=True):
        customer.press(price)
    for name in ("buyer", "worker"):
        shop.restart(name)
    labels = {customer.chat_id: label_or_money_back(customer) for customer in customers}

    for chat_id, number in labels.items():
        assert entries_of(shop, chat_id) == (SALE if number else NO_SALE)
    books_agree(shop, labels=labels)
