"""Crypto Pay's updates as documented and signed, and our client in the sandbox."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.modes import ApiMode
from core.money import Money
from providers.payments import cryptopay
from providers.payments.base import (
    ForgedNotice,
    InvoiceState,
    Notice,
    PaymentProviderDown,
    PaymentRefused,
    UnreadableNotice,
)
from sandbox.settings import SandboxSettings
from tests.providers.recorded_cryptopay import bill, connected, invoice, signed, update
from tests.providers.stand import KEY
from tests.sandbox.world import CRYPTOPAY_TOKEN, Shop, served

VECTORS = Path(__file__).parents[2].parent / "shared/contracts/vectors.json"
MADE = {"payment_id": "T-1", "notify_url": "", "mode": ApiMode.TEST}


def known_answer() -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip("the vectors of ../shared/contracts are not here")
    vector: dict[str, Any] = json.loads(VECTORS.read_text())["cryptopay_webhook_hmac"]
    return vector


def test_the_known_signature_is_accepted_and_an_altered_body_is_not():
    vector = known_answer()
    provider = connected(token=vector["secret"])
    body = vector["body"].encode()
    headers = {"crypto-pay-api-signature": vector["expected"]}

    notice = provider.read_notice(body, headers)

    assert notice == Notice("528890", "topup-1", "paid")
    for altered in (body.replace(b'"10"', b'"99"'), body + b"\n"):
        with pytest.raises(ForgedNotice):
            provider.read_notice(altered, headers)


@pytest.mark.parametrize("name", ["crypto-pay-api-signature", "Crypto-Pay-Api-Signature"])
def test_an_update_is_read_under_any_case_of_its_header(name):
    body = update()
    [right] = signed(body).values()
    headers = {"X-Request-Id": "1", name: f" {right.upper()} "}

    assert connected().read_notice(body, headers) == Notice("528890", "T-1", "paid")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"crypto-pay-api-signature": ""},
        {"crypto-pay-api-signature": "0" * 64},
        {"crypto-pay-api-signature": "é\ud800"},
        {"X-crypto-pay-api-signature": "right name, wrong header"},
        signed(b"{}", "another-token"),
        {"crypto-pay-api-signature": hmac.new(KEY.encode(), b"{}", hashlib.sha256).hexdigest()},
    ],
)
def test_an_update_without_the_right_signature_is_forged(headers):
    with pytest.raises(ForgedNotice) as caught:
        connected().read_notice(b"{}", headers)

    assert caught.value.facts == {"provider": "cryptopay"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b"[" * 200_000,
        update(update_type="check_activated"),
        update(update_type=["invoice_paid"]),
        update(payload=None),
        update(payload="odd"),
        update(payload={}),
        update(payload=invoice(invoice_id="../1")),
        update(payload=invoice(invoice_id="1" * 20)),
        update(payload=invoice(invoice_id={"$ne": 1})),
        update().replace(b'"update_id": 1', b'"update_id": NaN'),
    ],
)
def test_a_signed_update_that_says_nothing_is_unreadable(body):
    with pytest.raises(UnreadableNotice) as caught:
        connected().read_notice(body, signed(body))

    assert caught.value.facts == {"provider": "cryptopay"}


@pytest.mark.parametrize(
    ("request_date", "stale"),
    [
        ("2026-01-02T03:04:05.678Z", True),
        (None, True),
        ("soon", True),
        ("now", False),
    ],
    ids=["old", "none", "no date", "fresh"],
)
def test_an_old_update_is_read_all_the_same_and_logged(request_date, stale):
    now = datetime.now(UTC).isoformat()
    body = update(request_date=now if request_date == "now" else request_date)

    with capture_logs() as logs:
        notice = connected().read_notice(body, signed(body))

    assert notice == Notice("528890", "T-1", "paid")
    assert [entry["event"] for entry in logs] == ["notice_stale"] * stale


@pytest.fixture
def provider(sandbox_url):
    return connected(sandbox_url, CRYPTOPAY_TOKEN)


def test_an_invoice_is_made_paid_and_reported(provider, sandbox):
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = bill(provider)
    waiting = provider.invoice(made.provider_id)

    sandbox.pay(made.url, "12.50")
    paid = provider.invoice(made.provider_id)

    assert (waiting.state, waiting.payment_id) == (InvoiceState.WAITING, "T-1")
    assert (waiting.amount, waiting.received) == (Money(1250), Money(0))
    assert (paid.state, paid.amount, paid.received) == (
        InvoiceState.PAID,
        Money(1250),
        Money(1250),
    )
    assert provider.recent(before) == [paid]
    assert timedelta(minutes=50) < made.expires_at - before < timedelta(minutes=70)


def test_an_invoice_that_ran_out_is_reported_expired(provider, sandbox):
    made = bill(provider)

    sandbox.post(f"/checkout/cryptopay/{made.provider_id}/expire", {})

    assert provider.invoice(made.provider_id).state is InvoiceState.EXPIRED


def test_more_invoices_than_a_page_holds_are_all_listed(provider, monkeypatch):
    monkeypatch.setattr(cryptopay, "PAGE_SIZE", 2)
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = [bill(provider).provider_id for _ in range(5)]

    assert [report.provider_id for report in provider.recent(before)] == made
    assert provider.recent(datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_wrong_token_and_a_wrong_lifetime_fail_differently(sandbox_url, provider):
    with pytest.raises(PaymentProviderDown):
        bill(connected(sandbox_url, "12345:wrong"))
    with pytest.raises(PaymentRefused) as caught:
        provider.create_invoice(Money(1250), minutes=50_000, **MADE)

    assert caught.value.facts["reason"] == "EXPIRES_IN_INVALID"


def test_the_sandboxs_update_is_read_and_a_forged_one_is_not():
    with Shop() as shop, served(SandboxSettings(cryptopay_webhook=shop.url)) as sandbox:
        provider = connected(sandbox.url, CRYPTOPAY_TOKEN)
        sandbox.misbehave("cryptopay", "notice", "notice_forged")
        made = bill(provider)
        sandbox.pay(made.url, "12.50")
        read = [_read(provider, heard) for heard in shop.hears(2)]

    assert read == ["forged", Notice(made.provider_id, "T-1", "paid")]


def _read(provider, heard):
    try:
        return provider.read_notice(heard.body, heard.headers)
    except ForgedNotice:
        return "forged"
