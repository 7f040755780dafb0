"""What payers do with an invoice, and the notices that follow."""

import hashlib
import hmac
import json
from decimal import Decimal
from functools import partial
from time import time
from uuid import uuid4

import requests

from sandbox.checkout import shapes
from sandbox.checkout.ledger import OPEN, Invoice, Ledger, Transaction
from sandbox.notices import Notice, Notices
from sandbox.world import World

RETRIES = (60.0, 180.0, 1800.0, 10800.0)
WRONG_KEY = "not-the-merchant-key"


class Payments:
    def __init__(self, world: World, ledger: Ledger) -> None:
        self._ledger = ledger
        self._alarms = world.alarms
        self._key = world.settings.oxapay_key
        self._confirm_seconds = world.settings.confirm_seconds
        self._notices = Notices(world, "oxapay", RETRIES, _taken)
        world.on_start(self._resume)

    def open(self, amount: Decimal, lifetime: int, asked: shapes.Document, base: str) -> Invoice:
        invoice = self._ledger.open_invoice(amount, lifetime, asked, base)
        self._expire_in_time(invoice)
        return invoice

    def pay(self, invoice: Invoice, amount: Decimal, coin: str, *, confirmed: bool) -> None:
        """Send coins worth `amount`. The same amount again, confirmed, confirms what is on its way.

        A confirmed payment is told once; one that waits is told as paying, and again at its end.
        """
        with self._ledger.lock:
            waiting = [one for one in invoice.transactions.values() if not one.confirmed]
            twin = next((one for one in waiting if confirmed and one.value == amount), None)
            if twin is not None:
                self._ledger.confirm(invoice, twin)
            else:
                sent = self._ledger.send_coins(invoice, amount, coin, confirmed=confirmed)
                if not confirmed:
                    self._confirm_in_time(invoice, sent)
            self._tell(invoice)

    def confirm(self, invoice: Invoice) -> None:
        """All coins on their way arrive."""
        with self._ledger.lock:
            waiting = [one for one in invoice.transactions.values() if not one.confirmed]
            for transaction in waiting:
                self._ledger.confirm(invoice, transaction)
            if waiting:
                self._tell(invoice)

    def expire(self, invoice: Invoice) -> None:
        with self._ledger.lock:
            if invoice.closed or invoice.status not in OPEN:
                return
            self._ledger.close(invoice)
            if invoice.status == "expired":
                self._tell(invoice)

    def call(self, invoice: Invoice, status: str) -> None:
        """From now on it has this status, whatever is paid."""
        with self._ledger.lock:
            self._ledger.call(invoice, status)
            self._tell(invoice)

    def _tell(self, invoice: Invoice) -> None:
        """Assumption: under-paid and expired are told like paying and paid."""
        if url := invoice.asked.get("callback_url"):
            body = shapes.notice(invoice)
            true = _signed(invoice, url, body, self._key)
            self._notices.send(true, _signed(invoice, url, shapes.forged(body), WRONG_KEY))

    def _expire_in_time(self, invoice: Invoice) -> None:
        self._alarms.at(invoice.expires, partial(self.expire, invoice))

    def _confirm_in_time(self, invoice: Invoice, sent: Transaction) -> None:
        self._alarms.after(self._confirm_seconds, partial(self._arrive, invoice, sent))

    def _arrive(self, invoice: Invoice, sent: Transaction) -> None:
        with self._ledger.lock:
            if not invoice.transactions[sent.id].confirmed:
                self._ledger.confirm(invoice, sent)
                self._tell(invoice)

    def _resume(self) -> None:
        for invoice in self._ledger.all():
            if not invoice.closed:
                self._expire_in_time(invoice)
            for transaction in invoice.transactions.values():
                if not transaction.confirmed:
                    self._confirm_in_time(invoice, transaction)


def signature(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha512).hexdigest()


def _signed(invoice: Invoice, url: str, content: shapes.Document, key: str) -> Notice:
    body = json.dumps(content)
    headers = {
        "Content-Type": "application/json",
        "HMAC": signature(key, body.encode()),
        "X-Request-Id": uuid4().hex[:13],
        "X-Timestamp": str(int(time())),
        "X-Webhook-Version": "v1",
    }
    return Notice(key=invoice.track_id, url=url, body=body, headers=headers)


def _taken(response: requests.Response) -> bool:
    return response.status_code == requests.codes.ok and response.text.strip().lower() == "ok"
