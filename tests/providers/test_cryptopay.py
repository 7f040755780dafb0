"""Our Crypto Pay client, over real HTTP, whatever comes back."""

import json
from datetime import UTC, datetime

import pytest

from core.modes import ApiMode
from core.money import Money
from providers.payments import cryptopay
from providers.payments.base import InvoiceReport, InvoiceState, PaymentProviderDown, PaymentRefused
from tests.providers.recorded_cryptopay import bill, connected, done, failed, invoice, items
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
PAID = {"paid_asset": "USDT", "paid_amount": "12.51", "paid_at": "2026-01-02T03:14:05.678Z"}


@pytest.fixture
def provider(stand: Stand) -> cryptopay.CryptoPay:
    return connected(stand.url)


def test_without_a_token_there_is_no_provider():
    assert cryptopay.connect(shop_settings(cryptopay_token=None)) is None


def test_an_invoice_is_asked_for_exactly_and_read_as_documented(stand, provider):
    stand.play(says(200, done(invoice())))

    made = bill(provider)

    assert provider.name == "cryptopay"
    assert made.provider_id == "528890"
    assert made.url == "https://t.me/CryptoBot?start=IVDoTcNBYEfk"
    assert made.expires_at == datetime(2026, 1, 2, 4, 4, 5, 678_000, tzinfo=UTC)
    assert stand.calls() == ["POST /cryptopay/api/createInvoice"]
    assert stand.asked[0].headers["crypto-pay-api-token"] == KEY
    assert stand.asked[0].json == {
        "currency_type": "fiat",
        "fiat": "USD",
        "amount": "12.50",
        "payload": "T-1",
        "expires_in": 3600,
        "allow_comments": False,
    }


@pytest.mark.parametrize(
    ("amount", "written"), [(500_000, "5000.00"), (1001, "10.01"), (7, "0.07")]
)
def test_money_is_asked_for_to_the_cent(stand, provider, amount, written):
    stand.play(says(200, done(invoice())))

    bill(provider, amount)

    assert stand.asked[0].json["amount"] == written


@pytest.mark.parametrize("http_status", [200, 400])
def test_a_refused_invoice_says_why_whatever_the_status_outside(stand, provider, http_status):
    stand.play(says(http_status, failed(400, "EXPIRES_IN_INVALID")))

    with pytest.raises(PaymentRefused) as caught:
        bill(provider)

    told = {"reason": "EXPIRES_IN_INVALID", "told": "EXPIRES_IN_INVALID"}
    assert caught.value.facts == {"provider": "cryptopay", **told}
    assert len(stand.asked) == 1


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://pay.crypt.bot/api", ApiMode.PRODUCTION),
        ("https://testnet-pay.crypt.bot/api", ApiMode.TEST),
    ],
)
def test_each_host_takes_the_money_of_its_own_mode_only(url, taken):
    provider = cryptopay.connect(shop_settings(cryptopay_url=url))
    other = next(mode for mode in ApiMode if mode is not taken)

    assert (provider.serves(taken), provider.serves(other)) == (True, False)
    with pytest.raises(PaymentRefused) as caught:
        bill(provider, mode=other)
    assert caught.value.facts["reason"] == "mode"


def test_a_host_of_ones_own_takes_both(provider):
    assert all(provider.serves(mode) for mode in ApiMode)


def unusable(stand: Stand) -> list:
    return [
        resets,
        hangs_up,
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        says(401, failed(401, "UNAUTHORIZED")),
        says(200, failed(401, "UNAUTHORIZED")),
        says(403, failed(403, "METHOD_DISABLED")),
        says(405, failed(405, "METHOD_NOT_FOUND")),
        says(423, b"Locked"),
        says(423, failed(423, "APP_SUSPENDED")),
        says(429, failed(429, "TOO_MANY_REQUESTS")),
        says(500, failed(500, "INTERNAL_SERVER_ERROR")),
        says(503, b"<html>"),
        says(400, b"<html>"),
        says(400, {"ok": False, "error": "odd"}),
        says(302, {}),
        says(200, b"<html>"),
        says(200, {}),
        says(200, {"ok": "true", "result": invoice()}),
        says(200, done([])),
        says(200, done({})),
        says(200, done(None)),
        says(500, done(invoice())),
    ]


@pytest.mark.parametrize("manner", range(22))
@pytest.mark.parametrize("call", ["bill", "invoice", "recent"])
def test_without_a_usable_answer_the_provider_is_down(stand, provider, manner, call):
    stand.play(unusable(stand)[manner])
    calls = {
        "bill": lambda: bill(provider),
        "invoice": lambda: provider.invoice("528890"),
        "recent": lambda: provider.recent(SINCE),
    }

    with pytest.raises(PaymentProviderDown) as caught:
        calls[call]()

    assert caught.value.facts["provider"] == "cryptopay"
    assert len(stand.asked) == 1


@pytest.mark.parametrize("call", ["invoice", "recent"])
def test_a_question_they_refuse_is_no_answer(stand, provider, call):
    stand.play(says(400, failed(400, "INVOICE_IDS_INVALID")))
    argument = {"invoice": "528890", "recent": SINCE}[call]

    with pytest.raises(PaymentProviderDown):
        getattr(provider, call)(argument)


def test_a_silent_provider_is_down_in_time(stand, monkeypatch):
    monkeypatch.setattr(cryptopay, "READ_SECONDS", 0.3)
    stand.play(stays_silent(stand))

    with pytest.raises(PaymentProviderDown):
        connected(stand.url).invoice("528890")


def test_a_provider_that_is_not_there_is_down():
    with pytest.raises(PaymentProviderDown):
        bill(connected(nobody_there()))


@pytest.mark.parametrize(
    "change",
    [
        {"bot_invoice_url": "javascript:alert(1)"},
        {"bot_invoice_url": None},
        {"invoice_id": ""},
        {"invoice_id": "../../x"},
        {"invoice_id": -1},
        {"expiration_date": "soon"},
        {"expiration_date": "2026-01-02T04:04:05"},
        {"expiration_date": None},
    ],
)
def test_an_invoice_nobody_could_pay_is_none(stand, provider, change):
    stand.play(says(200, done(invoice(**change))))

    with pytest.raises(PaymentProviderDown):
        bill(provider)


@pytest.mark.parametrize(
    ("status", "state", "received"),
    [
        ("active", InvoiceState.WAITING, 0),
        ("paid", InvoiceState.PAID, 1250),
        ("Paid", InvoiceState.PAID, 1250),
        ("expired", InvoiceState.EXPIRED, 0),
        ("something_new", InvoiceState.UNCLEAR, 0),
    ],
)
def test_each_status_means_one_thing_for_the_balance(stand, provider, status, state, received):
    stand.play(says(200, items(invoice(status=status, **PAID))))

    report = provider.invoice("528890")

    assert report == InvoiceReport(
        "528890", state, status.lower(), Money(1250), "T-1", Money(received)
    )
    assert stand.calls() == ["GET /cryptopay/api/getInvoices?invoice_ids=528890"]


def test_a_paid_invoice_in_coins_is_unclear_whatever_it_is_worth(stand, provider):
    coins = {"currency_type": "crypto", "fiat": None, "asset": "TON"}
    stand.play(says(200, items(invoice(status="paid", **coins))))

    report = provider.invoice("528890")

    assert (report.state, report.amount) == (InvoiceState.UNCLEAR, Money(1250, "TON"))
    assert report.received == Money(0, "TON")


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        (b'"12.5"', Money(1250)),
        (b'"12.50"', Money(1250)),
        (b"12.5", Money(1250)),
        (b"1.25e1", Money(1250)),
        (b'"5000"', Money(500_000)),
    ],
)
def test_amounts_are_read_without_a_float(stand, provider, raw, amount):
    body = json.dumps(items(invoice(amount="?"))).encode().replace(b'"?"', raw)
    stand.play(says(200, body))

    assert provider.invoice("528890").amount == amount


@pytest.mark.parametrize(
    "change",
    [
        {"invoice_id": 999},
        {"invoice_id": None},
        {"status": None},
        {"fiat": None},
        {"amount": None},
        {"amount": "lots"},
        {"amount": ["12"]},
        {"amount": 1e300},
        {"created_at": None},
    ],
)
def test_a_report_that_lacks_its_facts_or_is_of_another_invoice_is_none(stand, provider, change):
    stand.play(says(200, items(invoice() | change)))

    with pytest.raises(PaymentProviderDown):
        provider.invoice("528890")


def test_an_invoice_they_do_not_know_is_no_state(stand, provider):
    stand.play(says(200, items()))

    with pytest.raises(PaymentProviderDown):
        provider.invoice("528890")


def made(*days: int) -> list[dict]:
    return [invoice(day, created_at=f"2026-01-{day:02d}T12:00:00Z") for day in days]


def asked(*offsets: int) -> list[str]:
    return [f"GET /cryptopay/api/getInvoices?offset={offset}&count=3" for offset in offsets]


def test_the_recent_ones_are_read_back_from_the_newest_and_told_oldest_first(
    stand, provider, monkeypatch
):
    monkeypatch.setattr(cryptopay, "PAGE_SIZE", 3)
    stand.play(says(200, items(*made(7, 6, 5))), says(200, items(*made(5, 2, 1))))

    reports = provider.recent(SINCE)

    assert [report.provider_id for report in reports] == ["2", "5", "6", "7"]
    assert stand.calls() == asked(0, 3)


def test_a_list_in_the_other_order_is_read_to_its_end(stand, provider, monkeypatch):
    monkeypatch.setattr(cryptopay, "PAGE_SIZE", 3)
    stand.play(says(200, items(*made(1, 2, 3))), says(200, items(*made(4, 5))))

    reports = provider.recent(SINCE)

    assert [report.provider_id for report in reports] == ["2", "3", "4", "5"]
    assert stand.calls() == asked(0, 3)


def test_no_recent_ones_are_an_empty_list(stand, provider):
    stand.play(says(200, items()))

    assert provider.recent(SINCE) == []


def test_a_list_without_end_is_no_list(stand, provider, monkeypatch):
    monkeypatch.setattr(cryptopay, "PAGE_SIZE", 2)
    monkeypatch.setattr(cryptopay, "MOST_PAGES", 2)
    stand.play(*[says(200, items(*made(7, 6)))] * 2)

    with pytest.raises(PaymentProviderDown):
        provider.recent(SINCE)


@pytest.mark.parametrize("listed", [{"items": "odd"}, {"items": ["odd"]}, {"items": [{}]}])
def test_a_list_with_an_unreadable_entry_is_no_list(stand, provider, listed):
    stand.play(says(200, done(listed)))

    with pytest.raises(PaymentProviderDown):
        provider.recent(SINCE)
