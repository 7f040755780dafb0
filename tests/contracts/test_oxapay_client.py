"""OxaPay's notices as documented and signed, and our client in the sandbox."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from core.modes import ApiMode
from core.money import Money
from providers.payments import oxapay
from providers.payments.base import (
    ForgedNotice,
    InvoiceState,
    Notice,
    PaymentProviderDown,
    PaymentRefused,
    UnreadableNotice,
)
from tests.customer import wait_for
from tests.providers.recorded_oxapay import SAMPLES, VECTOR, bill, connected
from tests.providers.stand import KEY, Stand, says


def signed(body: bytes, key: str = KEY) -> dict[str, str]:
    return {"HMAC": hmac.new(key.encode(), body, hashlib.sha512).hexdigest()}


def test_the_published_signature_is_accepted_and_an_altered_body_is_not():
    provider = connected(key=VECTOR["secret"])
    body, headers = VECTOR["body"].encode(), {"HMAC": VECTOR["expected"]}

    notice = provider.read_notice(body, headers)

    assert notice == Notice("151811887", "77777777-7777-4777-8777-777777777777", "paid")
    with pytest.raises(ForgedNotice):
        provider.read_notice(body.replace(b"12.5", b"99.5", 1), headers)
    with pytest.raises(ForgedNotice):
        provider.read_notice(body + b"\n", headers)


@pytest.mark.parametrize("name", ["HMAC", "Hmac", "hmac"])
@pytest.mark.parametrize(
    ("sample", "notice"),
    [
        ("paying", Notice("151811887", "ORD-12345", "paying")),
        ("paid", Notice("151811887", "ORD-12345", "paid")),
        ("sandbox_paid", Notice("120916648", "your-order-id", "paid")),
    ],
)
def test_every_documented_notice_is_read_under_any_case_of_its_header(name, sample, notice):
    body = json.dumps(SAMPLES[sample]).encode()
    headers = {"X-Request-Id": "1", name: f" {signed(body)['HMAC'].upper()} "}

    assert connected().read_notice(body, headers) == notice


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HMAC": ""},
        {"HMAC": "0" * 128},
        {"HMAC": "é\ud800"},
        {"X-HMAC": "right name, wrong header"},
        signed(b"{}", "another-key"),
        {"HMAC": hmac.new(KEY.encode(), b"{}", hashlib.sha256).hexdigest()},
    ],
)
def test_a_notice_without_the_right_signature_is_forged(headers):
    with pytest.raises(ForgedNotice) as caught:
        connected().read_notice(b"{}", headers)

    assert caught.value.facts == {"provider": "oxapay"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b"[" * 200_000,
        b'{"type":"invoice","track_id":"1","status":NaN}',
        b'{"type":"payout","track_id":"1","status":"Paid"}',
        b'{"type":"payment","track_id":"1","status":"Paid"}',
        b'{"type":["invoice"],"track_id":"1","status":"Paid"}',
        b'{"type":"invoice","status":"Paid"}',
        b'{"type":"invoice","track_id":"\\ud800","status":"Paid"}',
        b'{"type":"invoice","track_id":"' + b"1" * 65 + b'","status":"Paid"}',
        b'{"type":"invoice","track_id":{"$ne":1},"status":"Paid"}',
    ],
)
def test_a_signed_notice_that_says_nothing_is_unreadable(body):
    with pytest.raises(UnreadableNotice) as caught:
        connected().read_notice(body, signed(body))

    assert caught.value.facts == {"provider": "oxapay"}


def test_a_notice_of_a_payment_that_is_not_ours_names_no_payment():
    body = b'{"type":"Static_Address","track_id":17,"order_id":null,"status":null}'

    notice = connected().read_notice(body, signed(body))

    assert notice == Notice("17", "", "")


@pytest.fixture
def provider(sandbox_url):
    return connected(sandbox_url, "demo-oxapay-key")


def test_an_invoice_is_made_paid_and_reported(provider, sandbox):
    before = datetime.now(UTC) - timedelta(minutes=1)
    invoice = bill(provider)
    waiting = provider.invoice(invoice.provider_id)

    sandbox.pay(invoice.url, "12.50")
    paid = provider.invoice(invoice.provider_id)
    listed = provider.recent(before)

    assert (waiting.state, waiting.payment_id) == (InvoiceState.WAITING, "P-1")
    assert (paid.state, paid.amount) == (InvoiceState.PAID, Money(1250))
    assert (waiting.received, paid.received) == (Money(0), Money(1250))
    assert listed == [paid]
    assert timedelta(minutes=50) < invoice.expires_at - before < timedelta(minutes=70)


@pytest.mark.parametrize(
    ("pays", "state", "received"),
    [
        ([("12.50", "later")], InvoiceState.SEEN, 0),
        ([("5.00", "now")], InvoiceState.UNDERPAID, 500),
        ([("5.00", "now"), ("3.00", "later")], InvoiceState.SEEN, 500),
        ([("5.00", "now"), ("7.50", "now")], InvoiceState.PAID, 1250),
        ([("20.00", "now")], InvoiceState.PAID, 2000),
        (["expire"], InvoiceState.EXPIRED, 0),
        (["expire", ("12.50", "now")], InvoiceState.EXPIRED, 1250),
        ([("5.00", "now"), "expire", ("7.50", "now")], InvoiceState.UNDERPAID, 1250),
    ],
)
def test_whatever_a_payer_does_is_reported_in_our_words(provider, sandbox, pays, state, received):
    invoice = bill(provider)

    for act in pays:
        if act == "expire":
            sandbox.post(f"/checkout/oxapay/{invoice.provider_id}/expire", {})
        else:
            sandbox.pay(invoice.url, *act)

    report = provider.invoice(invoice.provider_id)
    assert (report.state, report.received) == (state, Money(received))


def test_the_coins_of_the_checkout_page_are_the_accepted_ones(provider):
    assert provider.currencies() == ["USDT", "BTC", "TRX", "POL"]


def test_more_invoices_than_a_page_holds_are_all_listed(provider, monkeypatch):
    monkeypatch.setattr(oxapay, "PAGE_SIZE", 2)
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = [bill(provider).provider_id for _ in range(5)]

    listed = [report.provider_id for report in provider.recent(before)]

    assert sorted(listed) == sorted(made)


def test_a_wrong_key_and_a_wrong_lifetime_fail_differently(sandbox_url, provider):
    with pytest.raises(PaymentProviderDown):
        bill(connected(sandbox_url, "a-wrong-key"))
    with pytest.raises(PaymentRefused) as caught:
        provider.create_invoice(
            Money(1250),
            payment_id="P-1",
            minutes=5,
            notify_url="http://x.example",
            mode=ApiMode.TEST,
        )

    assert "lifetime" in str(caught.value.facts)


def test_the_real_notice_of_the_sandbox_is_read_and_a_forged_one_is_not(sandbox):
    provider = connected(sandbox.url, "demo-oxapay-key")
    with Stand() as shop:
        shop.play(*[says(200, b"ok")] * 3)
        sandbox.misbehave("oxapay", "notice", "notice_forged")
        invoice = provider.create_invoice(
            Money(1250), payment_id="P-1", minutes=60, notify_url=shop.url, mode=ApiMode.TEST
        )
        sandbox.pay(invoice.url, "12.50")
        wait_for(lambda: len(shop.asked) >= 2)
        read = [_read(provider, asked) for asked in shop.asked]

    assert "forged" in read
    assert Notice(invoice.provider_id, "P-1", "paid") in read


def _read(provider, asked):
    try:
        return provider.read_notice(asked.body, asked.headers)
    except ForgedNotice:
        return "forged"
