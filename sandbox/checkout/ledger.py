"""Invoices and what was paid on them: every change a line of the journal, amounts as text."""

import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from threading import RLock
from time import time
from typing import Any

from sandbox.journal import Event, Journal

PART = "oxapay"
OPEN = ("new", "waiting", "paying", "underpaid")


@dataclass(frozen=True, slots=True)
class Transaction:
    """`value` is what the coins were worth in the invoice's currency when they were sent."""

    id: str
    value: Decimal
    coin: str
    date: int
    confirmed: bool


@dataclass(slots=True)
class Invoice:
    """`asked` is what the shop sent, as it sent it; `called` a status that stands above all."""

    track_id: str
    amount: Decimal
    asked: dict[str, Any]
    date: int
    expires: int
    payment_url: str
    opened: bool = False
    closed: bool = False
    called: str = ""
    late_ids: list[str] = field(default_factory=list)
    transactions: dict[str, Transaction] = field(default_factory=dict)

    @property
    def paid(self) -> Decimal:
        return sum((one.value for one in self.transactions.values() if one.confirmed), Decimal(0))

    @property
    def currency(self) -> str:
        return str(self.asked.get("currency") or "USD").upper()

    @property
    def enough(self) -> Decimal:
        coverage = Decimal(str(self.asked.get("under_paid_coverage") or 0))
        return self.amount * (100 - coverage) / 100

    @property
    def status(self) -> str:
        """Money that came after the expiry shows in the transactions, not in the status."""
        if self.called:
            return self.called
        in_time = [one for one in self.transactions.values() if one.id not in self.late_ids]
        confirmed = sum((one.value for one in in_time if one.confirmed), Decimal(0))
        if in_time and confirmed >= self.enough:
            return "paid"
        if any(not one.confirmed for one in in_time):
            return "paying"
        if confirmed:
            return "underpaid"
        if self.closed:
            return "expired"
        return "waiting" if self.opened else "new"


class Ledger:
    """Hold `lock` from looking until the change."""

    def __init__(self, journal: Journal) -> None:
        self.lock = RLock()
        self._journal = journal
        self._invoices: dict[str, Invoice] = {}
        journal.subscribe(PART, self._apply)

    def get(self, track_id: str) -> Invoice | None:
        return self._invoices.get(track_id)

    def all(self) -> list[Invoice]:
        """Oldest first."""
        with self.lock:
            return list(self._invoices.values())

    def open_invoice(
        self, amount: Decimal, lifetime: int, asked: dict[str, Any], base_url: str
    ) -> Invoice:
        track_id = str(100_000_000 + secrets.randbelow(900_000_000))
        now = int(time())
        self._commit(
            {
                "kind": "opened",
                "track_id": track_id,
                "amount": str(amount),
                "asked": asked,
                "date": now,
                "expires": now + 60 * lifetime,
                "payment_url": f"{base_url}/{track_id}",
            }
        )
        return self._invoices[track_id]

    def visit(self, invoice: Invoice) -> None:
        if not invoice.opened:
            self._commit({"kind": "visited", "track_id": invoice.track_id})

    def close(self, invoice: Invoice) -> None:
        """Its time is over."""
        self._commit({"kind": "closed", "track_id": invoice.track_id, "at": int(time())})

    def call(self, invoice: Invoice, status: str) -> None:
        self._commit({"kind": "called", "track_id": invoice.track_id, "status": status})

    def send_coins(
        self, invoice: Invoice, value: Decimal, coin: str, *, confirmed: bool
    ) -> Transaction:
        transaction_id = secrets.token_hex(16)
        self._commit(
            {
                "kind": "sent",
                "track_id": invoice.track_id,
                "id": transaction_id,
                "value": str(value),
                "coin": coin,
                "date": int(time()),
                "confirmed": confirmed,
            }
        )
        return invoice.transactions[transaction_id]

    def confirm(self, invoice: Invoice, transaction: Transaction) -> None:
        self._commit({"kind": "confirmed", "track_id": invoice.track_id, "id": transaction.id})

    def _commit(self, event: Event) -> None:
        with self.lock:
            self._journal.record(PART, event)
            self._apply(event)

    def _apply(self, event: Event) -> None:
        if event["kind"] == "opened":
            self._invoices[event["track_id"]] = _opened(event)
            return
        invoice = self._invoices[event["track_id"]]
        match event["kind"]:
            case "visited":
                invoice.opened = True
            case "closed":
                invoice.closed = True
                invoice.expires = min(invoice.expires, event["at"])
            case "called":
                invoice.called = event["status"]
            case "sent":
                sent = _sent(event)
                invoice.transactions[sent.id] = sent
                if invoice.closed:
                    invoice.late_ids.append(sent.id)
            case "confirmed":
                before = invoice.transactions[event["id"]]
                invoice.transactions[before.id] = _confirmed(before)


def _opened(event: Event) -> Invoice:
    return Invoice(
        track_id=event["track_id"],
        amount=Decimal(event["amount"]),
        asked=event["asked"],
        date=event["date"],
        expires=event["expires"],
        payment_url=event["payment_url"],
    )


def _sent(event: Event) -> Transaction:
    return Transaction(
        id=event["id"],
        value=Decimal(event["value"]),
        coin=event["coin"],
        date=event["date"],
        confirmed=event["confirmed"],
    )


def _confirmed(before: Transaction) -> Transaction:
    return Transaction(before.id, before.value, before.coin, before.date, confirmed=True)
