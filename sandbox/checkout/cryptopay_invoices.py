"""Crypto Pay's invoices: every change a line of the journal, amounts as text."""

import secrets
from dataclasses import dataclass
from decimal import Decimal
from threading import RLock
from time import time
from typing import Any

from sandbox.checkout.coins import COINS, Coin
from sandbox.journal import Event, Journal

PART = "cryptopay"
FIRST_ID = 500_000
ASSETS = {symbol: COINS[symbol] for symbol in ("USDT", "BTC", "TRX")} | {
    "TON": Coin("TON", "The Open Network", Decimal("5.21"))
}


@dataclass(slots=True)
class Invoice:
    """`asked` is what the shop sent. A wallet pays the whole amount at once, or nothing."""

    id: int
    hash: str
    amount: Decimal
    asked: dict[str, Any]
    created: float
    expires: float | None
    page: str
    paid_at: float | None = None
    asset: str = ""
    expired: bool = False

    @property
    def status(self) -> str:
        if self.paid_at is not None:
            return "paid"
        return "expired" if self.expired else "active"

    @property
    def paid(self) -> Decimal:
        return Decimal(0) if self.paid_at is None else self.amount


class Invoices:
    """Hold `lock` from looking until the change."""

    def __init__(self, journal: Journal) -> None:
        self.lock = RLock()
        self._journal = journal
        self._invoices: dict[int, Invoice] = {}
        self._next_id = FIRST_ID
        journal.subscribe(PART, self._apply)

    def get(self, invoice_id: int) -> Invoice | None:
        return self._invoices.get(invoice_id)

    def newest_first(self) -> list[Invoice]:
        with self.lock:
            return list(reversed(self._invoices.values()))

    def open_invoice(
        self, amount: Decimal, seconds: int | None, asked: dict[str, Any], base: str
    ) -> Invoice:
        with self.lock:
            number, now = self._next_id, time()
            self._commit(
                {
                    "kind": "opened",
                    "id": number,
                    "hash": f"IV{secrets.token_hex(5)}",
                    "amount": str(amount),
                    "asked": asked,
                    "created": now,
                    "expires": None if seconds is None else now + seconds,
                    "page": f"{base}/{number}",
                }
            )
            return self._invoices[number]

    def pay(self, invoice: Invoice, asset: str) -> None:
        self._commit({"kind": "paid", "id": invoice.id, "at": time(), "asset": asset})

    def expire(self, invoice: Invoice) -> None:
        self._commit({"kind": "expired", "id": invoice.id})

    def delete(self, invoice: Invoice) -> None:
        self._commit({"kind": "deleted", "id": invoice.id})

    def _commit(self, event: Event) -> None:
        with self.lock:
            self._journal.record(PART, event)
            self._apply(event)

    def _apply(self, event: Event) -> None:
        if event["kind"] == "opened":
            self._invoices[event["id"]] = _opened(event)
            self._next_id = event["id"] + 1
            return
        invoice = self._invoices[event["id"]]
        match event["kind"]:
            case "paid":
                invoice.paid_at, invoice.asset = event["at"], event["asset"]
            case "expired":
                invoice.expired = True
            case "deleted":
                del self._invoices[invoice.id]


def _opened(event: Event) -> Invoice:
    return Invoice(
        id=event["id"],
        hash=event["hash"],
        amount=Decimal(event["amount"]),
        asked=event["asked"],
        created=event["created"],
        expires=event["expires"],
        page=event["page"],
    )
