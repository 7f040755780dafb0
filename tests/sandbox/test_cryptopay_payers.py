"""What payers can do with a Crypto Pay invoice, and what the shop hears of it."""

import time

import pytest
import requests

from sandbox.app import create_app
from sandbox.checkout.cryptopay_payments import RETRIES, signature
from sandbox.settings import SandboxSettings
from tests.customer import wait_for
from tests.sandbox.world import CRYPTOPAY_TOKEN, billed, invoiced, served, stand_of


@pytest.fixture
def sandbox(shop):
    settings = SandboxSettings(retry_divisor=600, cryptopay_webhook=f"{shop.url}/cryptopay")
    with served(settings) as sandbox:
        yield sandbox


def signed(heard):
    return heard.headers["crypto-pay-api-signature"] == signature(CRYPTOPAY_TOKEN, heard.body)


def door(sandbox, invoice, name):
    return f"{sandbox.url}/checkout/cryptopay/{invoice['invoice_id']}/{name}"


def paid_under(sandbox, fault, **more):
    sandbox.misbehave("cryptopay", "notice", fault, **more)
    invoice = billed(sandbox)
    sandbox.pay(invoice["bot_invoice_url"], "12.50")
    return invoice


def test_a_payment_is_told_once_signed_and_stands_in_the_books(sandbox, shop):
    invoice = billed(sandbox)

    sandbox.pay(invoice["bot_invoice_url"], "12.50")

    [heard] = shop.hears(1)
    assert heard.path == "/webhooks/cryptopay"
    assert signed(heard)
    assert set(heard.json) == {"update_id", "update_type", "request_date", "payload"}
    assert heard.json["update_type"] == "invoice_paid"
    assert heard.json["payload"]["status"] == "paid"
    assert heard.json["payload"]["payload"] == "top-up-1"
    assert shop.hears(2, seconds=0.3) == [heard]
    assert sandbox.books()["invoices"] == [
        {
            "provider": "cryptopay",
            "id": str(invoice["invoice_id"]),
            "order_id": "top-up-1",
            "amount": "12.50",
            "paid": "12.50",
            "status": "paid",
        }
    ]


def test_the_books_hold_the_invoices_of_both_providers(sandbox, shop):
    billed(sandbox)
    invoiced(sandbox, shop)

    assert [one["provider"] for one in sandbox.books()["invoices"]] == ["oxapay", "cryptopay"]


@pytest.mark.parametrize(
    "wrong", [{"amount": "6.25"}, {"amount": "20"}, {"amount": "x"}, {"coin": "DOGE"}]
)
def test_a_wallet_pays_all_or_nothing(sandbox, shop, wrong):
    invoice = billed(sandbox)

    answer = requests.post(door(sandbox, invoice, "pay"), json=wrong, timeout=5)

    assert answer.status_code == 400
    assert stand_of(sandbox, invoice) == "active"
    assert shop.hears(1, seconds=0.2) == []


def test_the_same_invoice_is_paid_once(sandbox, shop):
    invoice = billed(sandbox)

    answers = [requests.post(door(sandbox, invoice, "pay"), json={}, timeout=5) for _ in "ab"]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert len(shop.hears(2, seconds=0.3)) == 1


def test_an_expired_invoice_is_told_to_nobody_and_can_no_longer_be_paid(sandbox, shop):
    invoice = billed(sandbox)

    requests.post(door(sandbox, invoice, "expire"), timeout=5)
    late = requests.post(door(sandbox, invoice, "pay"), json={"amount": "12.50"}, timeout=5)

    assert late.status_code == 400
    assert stand_of(sandbox, invoice) == "expired"
    assert shop.hears(1, seconds=0.3) == []


def test_what_was_paid_does_not_expire(sandbox):
    invoice = billed(sandbox)
    sandbox.pay(invoice["bot_invoice_url"], "12.50")

    requests.post(door(sandbox, invoice, "expire"), timeout=5)

    assert stand_of(sandbox, invoice) == "paid"


def test_an_invoice_expires_by_itself(sandbox):
    invoice = billed(sandbox, expires_in=1)

    assert wait_for(lambda: stand_of(sandbox, invoice) == "expired", 5)


def test_nobody_pays_an_invoice_that_is_not_there(sandbox):
    missing = {"invoice_id": 1}
    for name in ("", "state"):
        assert requests.get(door(sandbox, missing, name), timeout=5).status_code == 404
    for name in ("pay", "expire"):
        answer = requests.post(door(sandbox, missing, name), json={}, timeout=5)
        assert answer.status_code == 404


def test_without_an_address_in_the_apps_settings_nobody_is_told(shop):
    with served(SandboxSettings()) as sandbox:
        invoice = billed(sandbox)
        sandbox.pay(invoice["bot_invoice_url"], "12.50")

        assert stand_of(sandbox, invoice) == "paid"
        assert shop.hears(1, seconds=0.2) == []


def test_an_update_is_tried_until_the_shop_takes_it(sandbox, shop):
    """The retry times are divided by 600 here: 0.1 and 0.2 seconds come first."""
    shop.answers = [(500, b"ok"), (503, b""), (200, b"whatever")]
    invoice = billed(sandbox)

    sandbox.pay(invoice["bot_invoice_url"], "12.50")

    heard = shop.hears(3)
    assert len({notice.body for notice in heard}) == 1
    assert shop.hears(4, seconds=0.5) == heard


def test_it_is_tried_again_as_often_and_as_long_as_documented():
    assert len(RETRIES) == 17
    assert 2.9 * 86_400 < sum(RETRIES) <= 3 * 86_400


def test_a_lost_update_never_comes_but_asking_tells(sandbox, shop):
    invoice = paid_under(sandbox, "notice_lost")

    assert shop.hears(1, seconds=0.5) == []
    assert stand_of(sandbox, invoice) == "paid"


def test_an_update_comes_twice(sandbox, shop):
    paid_under(sandbox, "notice_twice")

    first, second = shop.hears(2)
    assert first.body == second.body
    assert signed(first)
    assert signed(second)
    assert len(shop.hears(3, seconds=0.3)) == 2


def test_an_update_comes_late(sandbox, shop):
    started = time.monotonic()
    paid_under(sandbox, "notice_late", seconds=0.6)

    [late] = shop.hears(1)
    assert time.monotonic() - started >= 0.6
    assert signed(late)


def test_a_forged_update_claims_more_under_a_wrong_token_and_the_true_one_follows(sandbox, shop):
    paid_under(sandbox, "notice_forged")

    forged, true = shop.hears(2)
    assert (signed(forged), signed(true)) == (False, True)
    assert (forged.json["payload"]["amount"], true.json["payload"]["amount"]) == (
        "1250.00",
        "12.50",
    )


def test_faults_of_one_provider_leave_the_other_alone(sandbox, shop):
    sandbox.misbehave("oxapay", "notice", "notice_lost")
    sandbox.misbehave("cryptopay", "POST /createInvoice", "error_500")

    url = f"{sandbox.url}/cryptopay/api/createInvoice"
    refused = requests.post(
        url, json={}, headers={"Crypto-Pay-API-Token": CRYPTOPAY_TOKEN}, timeout=5
    )
    sandbox.pay(billed(sandbox)["bot_invoice_url"], "12.50")

    assert refused.status_code == 500
    assert refused.json() == {"ok": False, "error": {"code": 500, "name": "INTERNAL_SERVER_ERROR"}}
    assert len(shop.hears(1)) == 1
    assert sandbox.books()["calls"]["cryptopay POST /createInvoice"] == 2


def test_too_many_calls_are_told_when_to_come_again(sandbox):
    sandbox.misbehave("cryptopay", "*", "rate_limit", seconds=7)

    answer = requests.get(f"{sandbox.url}/cryptopay/api/getMe", timeout=5)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"] == {"code": 429, "name": "TOO_MANY_REQUESTS"}


def test_invoices_and_what_became_of_them_outlive_a_restart(tmp_path):
    settings = SandboxSettings(journal=tmp_path / "world.journal")
    with served(settings) as before:
        paid, expired, deleted, fresh = [billed(before) for _ in range(4)]
        before.pay(paid["bot_invoice_url"], "12.50")
        requests.post(door(before, expired, "expire"), timeout=5)
        requests.post(
            f"{before.url}/cryptopay/api/deleteInvoice",
            json={"invoice_id": deleted["invoice_id"]},
            headers={"Crypto-Pay-API-Token": CRYPTOPAY_TOKEN},
            timeout=5,
        )
        books = before.books()["invoices"]

    client = create_app(settings).test_client()

    assert client.get("/world/books").json["invoices"] == books
    assert [one["status"] for one in books] == ["paid", "expired", "active"]
    assert [one["id"] for one in books] == [
        str(one["invoice_id"]) for one in (paid, expired, fresh)
    ]
