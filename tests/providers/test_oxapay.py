"""Our OxaPay client, over real HTTP, whatever comes back."""

import json
from datetime import UTC, datetime

import pytest

from core.modes import ApiMode
from core.money import Money
from providers.payments import oxapay
from providers.payments.base import InvoiceReport, InvoiceState, PaymentProviderDown, PaymentRefused
from tests.providers.recorded_oxapay import SAMPLES, bill, connected, payment, wrapped
from tests.providers.stand import (
    KEY,
    Stand,
    hangs_up,
    nobody_there,
    resets,
    says,
    sends,
    shop_settings,
    stays_silent,
)

SINCE = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def provider(stand: Stand) -> oxapay.OxaPay:
    return connected(stand.url)


def test_without_a_key_there_is_no_provider():
    assert oxapay.connect(shop_settings(oxapay_key=None)) is None


def test_an_invoice_is_asked_for_exactly_and_read_as_documented(stand, provider):
    stand.play(says(200, SAMPLES["create_invoice_response"]))

    invoice = bill(provider)

    assert provider.name == "oxapay"
    assert invoice.provider_id == "193139644"
    assert invoice.url == "https://pay.oxapay.com/13355044/193139644"
    assert invoice.expires_at == datetime(2025, 8, 24, 1, 37, 58, tzinfo=UTC)
    assert stand.calls() == ["POST /oxapay/v1/payment/invoice"]
    assert stand.asked[0].headers["merchant_api_key"] == KEY
    assert b'"amount":12.5,' in stand.asked[0].body
    assert stand.asked[0].json == {
        "amount": 12.5,
        "currency": "USD",
        "lifetime": 60,
        "order_id": "P-1",
        "callback_url": "https://shop.example/webhooks/oxapay",
        "sandbox": True,
        "under_paid_coverage": 0,
        "fee_paid_by_payer": 0,
    }


@pytest.mark.parametrize(
    ("amount", "written"), [(500_000, b"5000"), (1001, b"10.01"), (7, b"0.07")]
)
def test_real_money_is_asked_for_to_the_cent(stand, provider, amount, written):
    stand.play(says(200, SAMPLES["create_invoice_response"]))

    bill(provider, amount, ApiMode.PRODUCTION)

    assert b'"amount":' + written + b"," in stand.asked[0].body
    assert stand.asked[0].json["sandbox"] is False


@pytest.mark.parametrize("http_status", [200, 400])
def test_a_refused_invoice_says_why_whatever_the_status_outside(stand, provider, http_status):
    stand.play(says(http_status, SAMPLES["error_response_shape"]))

    with pytest.raises(PaymentRefused) as caught:
        bill(provider)

    assert caught.value.facts == {
        "provider": "oxapay",
        "reason": "lifetime",
        "told": "The lifetime field must be an integer.",
    }
    assert len(stand.asked) == 1


def unusable(stand: Stand) -> list:
    return [
        resets,
        hangs_up,
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        says(200, SAMPLES["error_401_example"]),
        says(401, SAMPLES["error_401_example"]),
        says(429, wrapped({}, 429, type="rate_limit")),
        says(200, wrapped({}, 429, type="rate_limit")),
        says(500, wrapped({}, 500)),
        says(503, b"<html>"),
        says(404, b"<html>"),
        says(400, {"error": "odd", "status": 400}),
        says(302, {}),
        says(200, b"<html>"),
        says(200, {}),
        says(200, wrapped([])),
        says(200, wrapped({})),
    ]


@pytest.mark.parametrize("manner", range(16))
@pytest.mark.parametrize("call", ["bill", "invoice", "recent", "currencies"])
def test_without_a_usable_answer_the_provider_is_down(stand, provider, manner, call):
    stand.play(unusable(stand)[manner])
    calls = {
        "bill": lambda: bill(provider),
        "invoice": lambda: provider.invoice("151811887"),
        "recent": lambda: provider.recent(SINCE),
        "currencies": provider.currencies,
    }

    with pytest.raises(PaymentProviderDown) as caught:
        calls[call]()

    assert caught.value.facts["provider"] == "oxapay"
    assert len(stand.asked) == 1


def test_a_silent_provider_is_down_in_time(stand, monkeypatch):
    monkeypatch.setattr(oxapay, "READ_SECONDS", 0.3)
    stand.play(stays_silent(stand))

    with pytest.raises(PaymentProviderDown):
        connected(stand.url).invoice("151811887")


def test_a_provider_that_is_not_there_is_down():
    with pytest.raises(PaymentProviderDown):
        bill(connected(nobody_there()))


@pytest.mark.parametrize(
    "change",
    [
        {"payment_url": "javascript:alert(1)"},
        {"payment_url": None},
        {"track_id": ""},
        {"track_id": "../../x"},
        {"expired_at": "soon"},
        {"expired_at": 10**30},
        {"expired_at": None},
    ],
)
def test_an_invoice_nobody_could_pay_is_none(stand, provider, change):
    answer = SAMPLES["create_invoice_response"]
    stand.play(says(200, answer | {"data": answer["data"] | change}))

    with pytest.raises(PaymentProviderDown):
        bill(provider)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("new", InvoiceState.WAITING),
        ("waiting", InvoiceState.WAITING),
        ("Waiting", InvoiceState.WAITING),
        ("paying", InvoiceState.SEEN),
        ("paid", InvoiceState.PAID),
        ("manual_accept", InvoiceState.PAID),
        ("expired", InvoiceState.EXPIRED),
        ("underpaid", InvoiceState.UNDERPAID),
        ("refunding", InvoiceState.REFUNDED),
        ("refunded", InvoiceState.REFUNDED),
        ("something_new", InvoiceState.UNCLEAR),
    ],
)
def test_each_status_means_one_thing_for_the_balance(stand, provider, status, state):
    stand.play(says(200, wrapped(payment(status=status))))

    report = provider.invoice("151811887")

    assert report == InvoiceReport("151811887", state, status.lower(), Money(1250), "P-1", Money(0))
    assert stand.calls() == ["GET /oxapay/v1/payment/151811887"]


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        (b"12.5", Money(1250)),
        (b"1.25e1", Money(1250)),
        (b'"12.50"', Money(1250)),
        (b"3.079e-5", Money(0)),
        (b"5000", Money(500_000)),
    ],
)
def test_amounts_are_read_without_a_float(stand, provider, raw, amount):
    body = json.dumps(wrapped(payment(amount="?"))).encode().replace(b'"?"', raw)
    stand.play(says(200, body))

    report = provider.invoice("151811887")

    assert report.amount == amount


@pytest.mark.parametrize(
    "change",
    [
        {"track_id": "999"},
        {"track_id": None},
        {"status": None},
        {"amount": None},
        {"amount": "lots"},
        {"amount": [12]},
        {"amount": 1e300},
    ],
)
def test_a_report_that_lacks_its_facts_or_is_of_another_invoice_is_none(stand, provider, change):
    stand.play(says(200, wrapped(payment() | change)))

    with pytest.raises(PaymentProviderDown):
        provider.invoice("151811887")


def coins(value: object, status: str = "confirmed") -> dict:
    return {"status": status, "value": value, "currency": "POL", "sent_amount": 3.079e-5}


@pytest.mark.parametrize(
    ("txs", "received"),
    [
        ([], 0),
        (None, 0),
        ([coins(12.5)], 1250),
        ([coins(3.079e-5), coins(12.4999692)], 1250),
        ([coins("10"), coins(2, "Confirmed"), coins(99, "confirming"), coins(99, "odd")], 1200),
        ([coins(None, "confirming")], 0),
    ],
)
def test_what_arrived_is_the_value_of_the_confirmed_coins(stand, provider, txs, received):
    stand.play(says(200, wrapped(payment(txs=txs))))

    report = provider.invoice("151811887")

    assert (report.state, report.received) == (InvoiceState.PAID, Money(received))


@pytest.mark.parametrize(
    "txs",
    [
        "odd",
        ["odd"],
        [coins(None)],
        [coins("lots")],
        [coins(0)],
        [coins(-1), coins(5)],
        [coins("NaN")],
        [coins("Infinity")],
        [coins("9e999999")],
    ],
)
def test_coins_that_have_no_value_make_it_unclear_whatever_the_status(stand, provider, txs):
    stand.play(says(200, wrapped(payment(txs=txs))))

    report = provider.invoice("151811887")

    assert (report.state, report.status) == (InvoiceState.UNCLEAR, "paid")
    assert report.received == Money(0)


def test_the_coins_that_are_accepted_are_listed(stand, provider):
    stand.play(says(200, wrapped({"list": ["BTC", "usdt"]})))

    assert provider.currencies() == ["BTC", "USDT"]
    assert stand.calls() == ["GET /oxapay/v1/payment/accepted-currencies"]


@pytest.mark.parametrize("data", [{}, {"list": "BTC"}, {"list": [None]}, {"list": [{}]}])
def test_a_list_of_coins_that_is_none_means_the_provider_is_down(stand, provider, data):
    stand.play(says(200, wrapped(data)))

    with pytest.raises(PaymentProviderDown):
        provider.currencies()


def test_an_invoice_they_do_not_know_is_no_state(stand, provider):
    stand.play(says(404, wrapped({}, 404, key="not_found")))

    with pytest.raises(PaymentProviderDown):
        provider.invoice("151811887")


def test_the_recent_ones_are_read_page_by_page_oldest_first(stand, provider):
    first = [payment(str(number)) for number in range(200)]
    stand.play(says(200, wrapped({"list": first})), says(200, wrapped({"list": [payment("200")]})))

    reports = provider.recent(SINCE)

    assert [report.provider_id for report in reports] == [str(number) for number in range(201)]
    asked = "GET /oxapay/v1/payment?type=invoice&from_date=1767312000"
    sorting = "sort_by=create_date&sort_type=asc&size=200"
    assert stand.calls() == [f"{asked}&{sorting}&page=1", f"{asked}&{sorting}&page=2"]


def test_no_recent_ones_are_an_empty_list(stand, provider):
    stand.play(says(200, wrapped({"list": [], "meta": {"page": 1}})))

    assert provider.recent(SINCE) == []


def test_a_list_without_end_is_no_list(stand, provider, monkeypatch):
    monkeypatch.setattr(oxapay, "MOST_PAGES", 2)
    page = wrapped({"list": [payment(str(number)) for number in range(200)]})
    stand.play(says(200, page), says(200, page))

    with pytest.raises(PaymentProviderDown):
        provider.recent(SINCE)


@pytest.mark.parametrize("listed", [{"list": "odd"}, {"list": ["odd"]}, {"list": [{}]}])
def test_a_list_with_an_unreadable_entry_is_no_list(stand, provider, listed):
    stand.play(says(200, wrapped(listed)))

    with pytest.raises(PaymentProviderDown):
        provider.recent(SINCE)
