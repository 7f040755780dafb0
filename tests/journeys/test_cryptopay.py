"""Top-ups through Crypto Pay, from the chat to the ledger, whatever happens to its updates."""

import pytest
import requests

from tests.journeys.steps import (
    books_agree,
    credited,
    entries_of,
    open_invoice,
    top_up,
)

pytestmark = pytest.mark.journey
CRYPTO_PAY = "Crypto Pay"


def test_money_that_came_through_crypto_pay_is_on_the_balance(shop):
    maria = shop.customer(2101)

    top_up(maria, "25", CRYPTO_PAY)

    [invoice] = [one for one in shop.sandbox.books()["invoices"] if one["amount"] == "25.00"]
    assert (invoice["provider"], invoice["status"]) == ("cryptopay", "paid")
    assert entries_of(shop, 2101) == ["topup"]
    books_agree(shop, labels={2101: 0})


@pytest.mark.parametrize(
    ("chat_id", "fault"),
    [(2102, "notice_lost"), (2103, "notice_twice"), (2104, "notice_forged")],
)
def test_whatever_happens_to_its_update_a_payment_is_credited_once(shop, chat_id, fault):
    maria = shop.customer(chat_id)
    shop.sandbox.misbehave("cryptopay", "notice", fault, times=5)

    top_up(maria, "25", CRYPTO_PAY)

    assert entries_of(shop, chat_id) == ["topup"]
    maria.say("/balance")
    maria.wait_for("Available: $25.00")
    books_agree(shop, labels={chat_id: 0})


def test_the_same_amount_at_both_providers_is_two_invoices_and_two_credits(shop):
    maria = shop.customer(2105)
    open_invoice(maria, "30", "OxaPay")
    first = maria.link("Pay $30")
    open_invoice(maria, "30", CRYPTO_PAY)
    second = maria.link("Pay $30")

    shop.sandbox.pay(first, "30")
    maria.wait_for("Your balance is $30.00")
    shop.sandbox.pay(second, "30")
    maria.wait_for("Your balance is $60.00")

    assert "/checkout/oxapay/" in first
    assert "/checkout/cryptopay/" in second
    assert entries_of(shop, 2105) == ["topup", "topup"]
    books_agree(shop, labels={2105: 0})


def test_a_provider_in_trouble_leaves_the_choice_and_the_customer_can_try_again(shop):
    maria = shop.customer(2106)
    shop.sandbox.misbehave("cryptopay", "POST /createInvoice", "error_500")

    maria.say("/topup")
    maria.wait_for("How much")
    maria.say("25")
    maria.press(CRYPTO_PAY)
    maria.press("Try again")

    maria.wait_for("Pay with the button")
    shop.sandbox.pay(maria.link("Pay $25"), "25")
    credited(maria, "25")
    assert entries_of(shop, 2106) == ["topup"]


def test_an_expired_invoice_is_said_and_credits_nothing(shop):
    maria = shop.customer(2107)
    open_invoice(maria, "25", CRYPTO_PAY)
    page = maria.link("Pay $25")

    requests.post(f"{page}/expire", timeout=10).raise_for_status()
    maria.press("Check payment")

    maria.wait_for("has expired")
    assert entries_of(shop, 2107) == []


def test_the_qr_code_of_an_invoice_arrives_as_a_picture(shop):
    maria = shop.customer(2108)
    open_invoice(maria, "25", CRYPTO_PAY)
    page = maria.link("Pay $25")

    maria.press("QR code")

    said = maria.wait_for("Scan this QR code to pay $25.00")
    assert said["photo"]
    assert page in said["caption"]
    png = shop.sandbox.get(f"/chats/2108/files/{said['photo'][-1]['file_id']}").content
    assert png.startswith(b"\x89PNG")
