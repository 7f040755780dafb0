"""The official OxaPay client, unmodified but for its base URL, against the live sandbox."""

import json

import pytest
import requests
from oxapay_python.exceptions import (
    InvalidApiKeyException,
    NotFoundException,
    RateLimitException,
    ServerErrorException,
    ValidationRequestException,
)
from oxapay_python.http.client import OxaPayClient
from oxapay_python.manager import OxaPayManager

from tests.sandbox.world import OXAPAY_KEY, information, invoiced

KEY = "demo-oxapay-key"


@pytest.fixture
def manager(sandbox):
    return OxaPayManager(client=OxaPayClient(f"{sandbox.url}/oxapay/v1", 10, "1.1.0"))


@pytest.fixture
def payments(manager):
    return manager.payment(KEY)


def test_an_invoice_is_made_and_read_back(payments, sandbox):
    made = payments.generate_invoice(
        {"amount": 37.5, "currency": "USD", "lifetime": 30, "order_id": "top-up-1"},
        callback_url="http://127.0.0.1:1/hook",
    )

    known = payments.information(made["track_id"])
    assert made["payment_url"] == f"{sandbox.url}/checkout/oxapay/{made['track_id']}"
    assert made["expired_at"] - made["date"] == 30 * 60
    assert (known["status"], known["amount"], known["currency"]) == ("new", 37.5, "USD")
    assert (known["order_id"], known["type"], known["txs"]) == ("top-up-1", "invoice", [])
    assert sandbox.books()["invoices"] == [
        {
            "provider": "oxapay",
            "id": made["track_id"],
            "order_id": "top-up-1",
            "amount": "37.5",
            "paid": "0",
            "status": "new",
        }
    ]


def test_history_is_filtered_sorted_and_paged(payments, sandbox):
    made = [payments.generate_invoice({"amount": amount}) for amount in (30, 10, 20)]
    sandbox.pay(made[1]["payment_url"], "10")

    def amounts(**filters):
        return [each["amount"] for each in payments.history(filters)["list"]]

    assert amounts(sort_by="amount", sort_type="asc") == [10, 20, 30]
    assert amounts(status="paid") == [10]
    assert amounts(from_amount=15, to_amount=25) == [20]
    assert amounts(track_id=made[0]["track_id"]) == [30]
    assert amounts(type="white_label") == []
    assert amounts(from_date=1, to_date=2) == []
    assert amounts(sort_by="pay_date") == [10, 30, 20]
    second = payments.history({"size": 2, "page": 2, "sort_by": "amount"})
    assert [each["amount"] for each in second["list"]] == [10]
    assert second["meta"] == {"page": 2, "last_page": 2, "total": 3}


def test_accepted_currencies_and_the_monitor_answer(payments, manager):
    assert payments.accepted_currencies()["list"] == ["USDT", "BTC", "TRX", "POL"]
    assert manager.common().monitor() == {}


def test_a_wrong_key_is_refused(manager, sandbox):
    with pytest.raises(InvalidApiKeyException) as refusal:
        manager.payment("another-key").generate_invoice({"amount": 10})

    payload = refusal.value.context["response"]["payload"]
    assert payload["status"] == 401
    assert payload["error"]["key"] == "invalid_merchant_api_key"
    assert sandbox.books()["invoices"] == []


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"amount": 10, "lifetime": 14}, "lifetime"),
        ({"amount": 10, "lifetime": 2881}, "lifetime"),
        ({"amount": 10, "lifetime": "30"}, "lifetime"),
        ({"amount": 10, "under_paid_coverage": 61}, "under_paid_coverage"),
    ],
)
def test_a_wrong_wish_is_refused_by_its_field(payments, sandbox, wishes, field):
    with pytest.raises(ValidationRequestException) as refusal:
        payments.generate_invoice(wishes)

    payload = refusal.value.context["response"]["payload"]
    assert (payload["status"], payload["data"], payload["error"]["key"]) == (400, {}, field)
    assert sandbox.books()["invoices"] == []


@pytest.mark.parametrize("body", [b"nonsense", b"[]"])
def test_a_body_that_is_no_object_is_refused(sandbox, body):
    url = f"{sandbox.url}/oxapay/v1/payment/invoice"

    answer = requests.post(url, data=body, headers=OXAPAY_KEY, timeout=5)

    assert (answer.status_code, answer.json()["error"]["key"]) == (400, "body")


def test_what_is_not_there_is_not_found(payments):
    with pytest.raises(NotFoundException):
        payments.information("123")
    with pytest.raises(NotFoundException):
        payments.generate_white_label({"amount": 1})
    with pytest.raises(ValidationRequestException):
        payments.history({"page": "x"})


def test_troubles_are_read_as_such(payments, sandbox):
    sandbox.misbehave("oxapay", "GET /payment", "rate_limit")
    with pytest.raises(RateLimitException):
        payments.history()

    sandbox.misbehave("oxapay", "GET /payment", "error_500")
    with pytest.raises(ServerErrorException):
        payments.history()


def test_the_official_reader_takes_our_notices_and_not_the_forged_ones(manager, sandbox, shop):
    sandbox.misbehave("oxapay", "notice", "notice_forged")
    invoice = invoiced(sandbox, shop)
    sandbox.pay(invoice["payment_url"], "12.50")

    forged, true = shop.hears(2)

    def read(heard):
        headers = {name.upper(): value for name, value in heard.headers.items()}
        return manager.webhook(KEY, raw_body=heard.body.decode(), headers=headers).get_data()

    assert read(true)["track_id"] == invoice["track_id"]
    with pytest.raises(Exception, match=r"(?i)hmac|signature"):
        read(forged)
    assert json.loads(forged.body)["amount"] == 1250


def test_numbers_are_json_numbers_with_exponents_where_they_are_small(sandbox, shop):
    invoice = invoiced(sandbox, shop, amount=3)
    sandbox.post(f"/checkout/oxapay/{invoice['track_id']}/pay", {"amount": "3", "coin": "BTC"})

    [heard] = shop.hears(1)

    assert b'"sent_amount": 3.08e-05' in heard.body
    assert information(sandbox, invoice)["txs"][0]["sent_amount"] == 3.08e-05
