"""OxaPay's documented answers, and our client before a server that plays them."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.modes import ApiMode
from core.money import Money
from providers.payments import oxapay
from providers.payments.base import Invoice
from tests.providers.stand import KEY, shop_settings

CONTRACTS = Path(__file__).parents[2].parent / "shared/contracts"
if not CONTRACTS.is_dir():
    pytest.skip("the samples of ../shared/contracts are not here", allow_module_level=True)

SAMPLES: dict[str, Any] = json.loads((CONTRACTS / "oxapay/webhook-samples.json").read_text())
VECTOR: dict[str, Any] = json.loads((CONTRACTS / "vectors.json").read_text())[
    "oxapay_callback_hmac"
]


def connected(url: str = "http://127.0.0.1:1", key: str = KEY) -> oxapay.OxaPay:
    provider = oxapay.connect(shop_settings(url, oxapay_key=key))
    assert provider is not None
    return provider


def bill(provider: oxapay.OxaPay, amount: int = 1250, mode: ApiMode = ApiMode.TEST) -> Invoice:
    return provider.create_invoice(
        Money(amount),
        payment_id="P-1",
        minutes=60,
        notify_url="https://shop.example/webhooks/oxapay",
        mode=mode,
    )


def wrapped(data: object, status: int = 200, **error: str) -> dict[str, Any]:
    return {"data": data, "message": "", "error": error, "status": status, "version": "1.0.0"}


def payment(track_id: str = "151811887", status: str = "paid", **changes: object) -> dict[str, Any]:
    facts = {"track_id": track_id, "type": "invoice", "amount": 12.5, "currency": "USD"}
    return facts | {"status": status, "order_id": "P-1", "txs": []} | changes
