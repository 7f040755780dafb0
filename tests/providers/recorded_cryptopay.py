"""Crypto Pay's documented answers, and our client before a server that plays them."""

import hashlib
import hmac
import json
from typing import Any

from core.modes import ApiMode
from core.money import Money
from providers.payments import cryptopay
from providers.payments.base import Invoice
from tests.providers.stand import KEY, shop_settings


def connected(url: str = "http://127.0.0.1:1", token: str = KEY) -> cryptopay.CryptoPay:
    provider = cryptopay.connect(shop_settings(url, cryptopay_token=token))
    assert provider is not None
    return provider


def bill(
    provider: cryptopay.CryptoPay, amount: int = 1250, mode: ApiMode = ApiMode.TEST
) -> Invoice:
    return provider.create_invoice(
        Money(amount),
        payment_id="T-1",
        minutes=60,
        notify_url="https://shop.example/webhooks/cryptopay",
        mode=mode,
    )


def invoice(number: int = 528890, status: str = "active", **changes: object) -> dict[str, Any]:
    address = "https://t.me/CryptoBot"
    return {
        "invoice_id": number,
        "hash": "IVDoTcNBYEfk",
        "currency_type": "fiat",
        "fiat": "USD",
        "amount": "12.5",
        "bot_invoice_url": f"{address}?start=IVDoTcNBYEfk",
        "mini_app_invoice_url": f"{address}/app?startapp=invoice-IVDoTcNBYEfk",
        "status": status,
        "created_at": "2026-01-02T03:04:05.678Z",
        "expiration_date": "2026-01-02T04:04:05.678Z",
        "payload": "T-1",
    } | changes


def done(result: object) -> dict[str, Any]:
    return {"ok": True, "result": result}


def items(*listed: object) -> dict[str, Any]:
    return done({"items": listed})


def failed(code: int, name: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "name": name}}


def update(**changes: object) -> bytes:
    content = {
        "update_id": 1,
        "update_type": "invoice_paid",
        "request_date": "2026-01-02T03:04:05.678Z",
        "payload": invoice(status="paid"),
    }
    return json.dumps(content | changes).encode()


def signed(body: bytes, token: str = KEY) -> dict[str, str]:
    secret = hashlib.sha256(token.encode()).digest()
    return {"crypto-pay-api-signature": hmac.new(secret, body, hashlib.sha256).hexdigest()}
