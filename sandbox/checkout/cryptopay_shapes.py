"""Crypto Pay's objects and envelopes. Amounts leave as texts, the way Crypto Pay sends them."""

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.checkout.coins import coins_for
from sandbox.checkout.cryptopay_invoices import ASSETS, Invoice

Document = dict[str, Any]
FEE_PERCENT = 3
ECHOED = ("description", "hidden_message", "payload", "paid_btn_name", "paid_btn_url")


def done(result: Any) -> Document:
    return {"ok": True, "result": result}


def failure(code: int, name: str) -> Document:
    return {"ok": False, "error": {"code": code, "name": name}}


def shown(invoice: Invoice) -> Document:
    """The Invoice object; every URL leads to the sandbox's page."""
    asked = invoice.asked
    return {
        "invoice_id": invoice.id,
        "hash": invoice.hash,
        "currency_type": "fiat",
        "fiat": str(asked["fiat"]),
        "amount": str(invoice.amount),
        "accepted_assets": list(ASSETS),
        "bot_invoice_url": invoice.page,
        "mini_app_invoice_url": invoice.page,
        "web_app_invoice_url": invoice.page,
        "status": invoice.status,
        "created_at": moment(invoice.created),
        "allow_comments": bool(asked.get("allow_comments", True)),
        "allow_anonymous": bool(asked.get("allow_anonymous", True)),
        **{name: asked[name] for name in ECHOED if name in asked},
        **({"expiration_date": moment(invoice.expires)} if invoice.expires else {}),
        **_payment(invoice),
    }


def update(invoice: Invoice) -> Document:
    """The webhook's body. Its number repeats on purpose: it is documented not to be unique."""
    return {
        "update_id": secrets.randbelow(3),
        "update_type": "invoice_paid",
        "request_date": moment(datetime.now(UTC).timestamp()),
        "payload": shown(invoice),
    }


def forged(true: Document) -> Document:
    """The same for a hundred times the money."""
    invoice = true["payload"]
    return {**true, "payload": {**invoice, "amount": str(Decimal(invoice["amount"]) * 100)}}


def balances(invoices: list[Invoice]) -> list[Document]:
    held = dict.fromkeys(ASSETS, Decimal(0))
    for invoice in invoices:
        if invoice.asset:
            held[invoice.asset] += coins_for(invoice.amount, ASSETS[invoice.asset])
    return [
        {"currency_code": asset, "available": str(coins), "onhold": "0"}
        for asset, coins in held.items()
    ]


def rates() -> list[Document]:
    return [
        {
            "is_valid": True,
            "is_crypto": True,
            "is_fiat": False,
            "source": coin.symbol,
            "target": "USD",
            "rate": str(coin.rate),
        }
        for coin in ASSETS.values()
    ]


def moment(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _payment(invoice: Invoice) -> Document:
    if invoice.paid_at is None:
        return {}
    coin = ASSETS[invoice.asset]
    coins = coins_for(invoice.amount, coin)
    return {
        "paid_at": moment(invoice.paid_at),
        "paid_asset": coin.symbol,
        "paid_amount": str(coins),
        "paid_fiat_rate": str(coin.rate),
        "paid_usd_rate": str(coin.rate),
        "paid_anonymously": True,
        "fee_asset": coin.symbol,
        "fee_amount": float(coins * FEE_PERCENT / 100),
        "fee_in_usd": str(invoice.amount * FEE_PERCENT / 100),
    }
