"""OxaPay's objects and envelopes. Amounts leave as JSON numbers, the way OxaPay sends them."""

from decimal import Decimal
from typing import Any

from sandbox.checkout.coins import COINS, coins_for
from sandbox.checkout.ledger import Invoice, Transaction

Document = dict[str, Any]
VERSION = "1.0.0"
DONE = "Operation completed successfully!"


def envelope(data: Document, message: str = DONE) -> Document:
    return {"data": data, "message": message, "error": {}, "status": 200, "version": VERSION}


def failure(status: int, type_: str, key: str, message: str, title: str) -> Document:
    error = {"type": type_, "key": key, "message": message}
    return {"data": {}, "message": title, "error": error, "status": status, "version": VERSION}


def created(invoice: Invoice) -> Document:
    return {
        "track_id": invoice.track_id,
        "payment_url": invoice.payment_url,
        "expired_at": invoice.expires,
        "date": invoice.date,
    }


def information(invoice: Invoice) -> Document:
    """What `GET /payment/<track_id>` and the list say."""
    asked = invoice.asked
    return {
        "track_id": invoice.track_id,
        "type": "invoice",
        "amount": number(invoice.amount),
        "currency": invoice.currency,
        "status": invoice.status,
        "mixed_payment": bool(asked.get("mixed_payment", False)),
        "callback_url": asked.get("callback_url", ""),
        "return_url": asked.get("return_url", ""),
        "description": asked.get("description", ""),
        "email": asked.get("email", ""),
        "fee_paid_by_payer": _plain(asked.get("fee_paid_by_payer")),
        "under_paid_coverage": _plain(asked.get("under_paid_coverage")),
        "lifetime": (invoice.expires - invoice.date) // 60,
        "thanks_message": asked.get("thanks_message", ""),
        "order_id": asked.get("order_id", ""),
        "expired_at": invoice.expires,
        "date": invoice.date,
        "txs": [_transaction(one) for one in invoice.transactions.values()],
    }


def notice(invoice: Invoice) -> Document:
    """The callback: a status in Title case, values as they stand now."""
    asked = invoice.asked
    value = number(sum((one.value for one in invoice.transactions.values()), Decimal(0)))
    return {
        "track_id": invoice.track_id,
        "status": invoice.status.title(),
        "type": "invoice",
        "module_name": "OxaPay",
        "amount": number(invoice.amount),
        "value": value,
        "sent_value": value,
        "currency": invoice.currency,
        "order_id": asked.get("order_id", ""),
        "email": asked.get("email", ""),
        "note": "",
        "fee_paid_by_payer": _plain(asked.get("fee_paid_by_payer")),
        "under_paid_coverage": _plain(asked.get("under_paid_coverage")),
        "description": asked.get("description", ""),
        "date": invoice.date,
        "txs": [_transaction(one) for one in invoice.transactions.values()],
    }


def forged(true: Document) -> Document:
    """The same, but paid, and for a hundred times the money."""
    more = {name: float(Decimal(str(true[name])) * 100) for name in ("amount", "value")}
    return {**true, **more, "sent_value": more["value"], "status": "Paid"}


def number(amount: Decimal) -> int | float:
    """The only way out of Decimal: the shortest JSON number that says the same."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _transaction(one: Transaction) -> Document:
    coin = COINS[one.coin]
    coins = number(coins_for(one.value, coin))
    return {
        "status": "confirmed" if one.confirmed else "confirming",
        "tx_hash": f"sandbox-{one.id}",
        "sent_amount": coins,
        "received_amount": coins,
        "value": number(one.value),
        "sent_value": number(one.value),
        "currency": coin.symbol,
        "network": coin.network,
        "sender_address": None,
        "address": "sandbox",
        "rate": number(coin.rate),
        "confirmations": 10 if one.confirmed else 0,
        "auto_convert_amount": 0,
        "auto_convert_currency": "USDT",
        "date": one.date,
    }


def _plain(value: object) -> int | float:
    return number(Decimal(str(value or 0)))
