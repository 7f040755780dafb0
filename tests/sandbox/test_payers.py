"""What payers can do with an invoice, what its state becomes, and what the shop is told."""

import hashlib
import hmac

import pytest
import requests

from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from tests.customer import wait_for
from tests.sandbox.world import OXAPAY_KEY, information, invoiced


def signed(heard):
    expected = hmac.new(b"demo-oxapay-key", heard.body, hashlib.sha512).hexdigest()
    return heard.headers["HMAC"] == expected


def pay(sandbox, invoice, amount, confirmations="now"):
    sandbox.pay(invoice["payment_url"], amount, confirmations)


def expire(sandbox, invoice):
    sandbox.post(f"/checkout/oxapay/{invoice['track_id']}/expire", {})


@pytest.mark.parametrize(
    ("amounts", "status", "paid"),
    [
        (["12.50"], "paid", "12.50"),
        (["6.25"], "underpaid", "6.25"),
        (["6.25", "6.25"], "paid", "12.50"),
        (["20.01"], "paid", "20.01"),
        (["12.50", "12.50"], "paid", "25.00"),
        (["12.49"], "underpaid", "12.49"),
    ],
)
def test_the_state_follows_what_arrived(sandbox, shop, amounts, status, paid):
    invoice = invoiced(sandbox, shop)

    for amount in amounts:
        pay(sandbox, invoice, amount)

    [book] = sandbox.books()["invoices"]
    assert (book["status"], book["paid"]) == (status, paid)
    known = information(sandbox, invoice)
    assert known["status"] == status
    assert [one["value"] for one in known["txs"]] == [float(amount) for amount in amounts]
    heard = shop.hears(len(amounts))
    assert heard[-1].json["status"] == status.title()
    assert all(signed(notice) for notice in heard)


def test_a_little_less_is_enough_within_the_coverage(sandbox, shop):
    invoice = invoiced(sandbox, shop, amount=100, under_paid_coverage=2.5)

    pay(sandbox, invoice, "97.50")

    assert information(sandbox, invoice)["status"] == "paid"


def test_looking_at_the_page_makes_a_new_invoice_a_waiting_one(sandbox, shop):
    invoice = invoiced(sandbox, shop)

    page = requests.get(invoice["payment_url"], timeout=5)

    assert page.status_code == 200
    assert information(sandbox, invoice)["status"] == "waiting"
    assert shop.hears(1, seconds=0.2) == []


def test_unconfirmed_money_is_paying_and_then_paid(sandbox, shop):
    invoice = invoiced(sandbox, shop)

    pay(sandbox, invoice, "12.50", "later")
    seen = information(sandbox, invoice)
    sandbox.post(f"/checkout/oxapay/{invoice['track_id']}/confirm", {})

    assert (seen["status"], seen["txs"][0]["status"]) == ("paying", "confirming")
    known = information(sandbox, invoice)
    assert (known["status"], known["txs"][0]["status"]) == ("paid", "confirmed")
    shop.hears(2)
    assert shop.statuses() == ["Paying", "Paid"]


def test_the_same_amount_sent_again_as_confirmed_is_the_same_money(sandbox, shop):
    invoice = invoiced(sandbox, shop)

    pay(sandbox, invoice, "12.50", "later")
    pay(sandbox, invoice, "12.50", "now")

    assert len(information(sandbox, invoice)["txs"]) == 1
    assert sandbox.books()["invoices"][0]["paid"] == "12.50"


def test_confirmations_come_by_themselves_in_the_end():
    client = create_app(SandboxSettings(confirm_seconds=0.2)).test_client()
    wishes = {"amount": 5, "lifetime": 15}
    made = client.post("/oxapay/v1/payment/invoice", json=wishes, headers=OXAPAY_KEY).json["data"]
    later = {"amount": "5", "confirmations": "later"}

    state = client.post(f"/checkout/oxapay/{made['track_id']}/pay", json=later).json

    assert (state["status"], state["paid"], state["waiting"]) == ("paying", "0", 1)
    assert wait_for(lambda: client.get("/world/books").json["invoices"][0]["status"] == "paid", 5)


def test_an_invoice_that_nobody_paid_expires_and_says_so_once(sandbox, shop):
    invoice = invoiced(sandbox, shop)

    expire(sandbox, invoice)
    expire(sandbox, invoice)

    assert information(sandbox, invoice)["status"] == "expired"
    shop.hears(2, seconds=0.3)
    assert shop.statuses() == ["Expired"]


def test_late_money_stays_on_an_expired_invoice(sandbox, shop):
    invoice = invoiced(sandbox, shop)
    expire(sandbox, invoice)

    pay(sandbox, invoice, "12.50")

    known = information(sandbox, invoice)
    assert known["status"] == "expired"
    assert [(one["value"], one["status"]) for one in known["txs"]] == [(12.5, "confirmed")]
    assert sandbox.books()["invoices"][0]["paid"] == "12.50"


def test_a_status_on_order_stands_whatever_is_paid(sandbox, shop):
    invoice = invoiced(sandbox, shop)

    sandbox.post(f"/checkout/oxapay/{invoice['track_id']}/status", {"status": "refunding"})
    pay(sandbox, invoice, "12.50")

    known = information(sandbox, invoice)
    assert (known["status"], known["txs"][0]["status"]) == ("refunding", "confirmed")
    shop.hears(2)
    assert shop.statuses() == ["Refunding", "Refunding"]


@pytest.mark.parametrize(("amount", "status"), [("12.50", "paid"), ("5", "underpaid")])
def test_what_was_paid_in_time_does_not_expire(sandbox, shop, amount, status):
    invoice = invoiced(sandbox, shop)
    pay(sandbox, invoice, amount)

    expire(sandbox, invoice)

    assert information(sandbox, invoice)["status"] == status


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"amount": "0"},
        {"amount": "x"},
        {"amount": "NaN"},
        {"amount": "5", "confirmations": "never"},
        {"amount": "5", "coin": "DOGE"},
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(sandbox, shop, wrong):
    invoice = invoiced(sandbox, shop)

    answer = requests.post(f"{invoice['payment_url']}/pay", json=wrong, timeout=5)

    assert answer.status_code == 400
    assert information(sandbox, invoice)["txs"] == []


def test_nobody_pays_an_invoice_that_is_not_there(sandbox):
    for door in ("", "/state"):
        assert requests.get(f"{sandbox.url}/checkout/oxapay/1{door}", timeout=5).status_code == 404
    for door in ("pay", "expire", "confirm"):
        url = f"{sandbox.url}/checkout/oxapay/1/{door}"
        assert requests.post(url, json={"amount": "1"}, timeout=5).status_code == 404


def test_without_a_callback_nobody_is_told(sandbox, shop):
    invoice = invoiced(sandbox, shop, callback_url="")

    pay(sandbox, invoice, "12.50")

    assert shop.hears(1, seconds=0.2) == []
    assert information(sandbox, invoice)["status"] == "paid"
