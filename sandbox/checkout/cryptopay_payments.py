"""What payers do with a Crypto Pay invoice, and the update that follows."""

import hashlib
import hmac
import json
from decimal import Decimal
from functools import partial

import requests

from sandbox.checkout import cryptopay_shapes as shapes
from sandbox.checkout.cryptopay_invoices import Invoice, Invoices
from sandbox.notices import Notice, Notices
from sandbox.world import World

HOUR = 3600.0
RETRIES = (60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, *[HOUR * 2] * 5, *[HOUR * 10] * 6)
"""Documented are 17 over 3 days, not their times. Assumption: it then forgets this one only."""
WRONG_TOKEN = "not-the-apps-token"  # noqa: S105  it forges


class Payments:
    """Updates go to the one address of the app's own settings; without one nobody is told."""

    def __init__(self, world: World, invoices: Invoices) -> None:
        self._invoices = invoices
        self._alarms = world.alarms
        self._token = world.settings.cryptopay_token
        self._webhook = world.settings.cryptopay_webhook
        self._notices = Notices(world, "cryptopay", RETRIES, _taken)
        world.on_start(self._resume)

    def open(
        self, amount: Decimal, seconds: int | None, asked: shapes.Document, base: str
    ) -> Invoice:
        invoice = self._invoices.open_invoice(amount, seconds, asked, base)
        self._expire_in_time(invoice)
        return invoice

    def pay(self, invoice: Invoice, asset: str) -> bool:
        """Whether it was paid now: only an active one can be."""
        with self._invoices.lock:
            if invoice.status != "active":
                return False
            self._invoices.pay(invoice, asset)
            self._tell(invoice)
            return True

    def expire(self, invoice: Invoice) -> None:
        """Nobody is told: only a payment makes an update."""
        with self._invoices.lock:
            if invoice.status == "active":
                self._invoices.expire(invoice)

    def delete(self, invoice: Invoice) -> bool:
        """Assumption: a paid one stays."""
        with self._invoices.lock:
            if invoice.status == "paid":
                return False
            self._invoices.delete(invoice)
            return True

    def _tell(self, invoice: Invoice) -> None:
        if self._webhook:
            update = shapes.update(invoice)
            forged = self._signed(invoice, shapes.forged(update), WRONG_TOKEN)
            self._notices.send(self._signed(invoice, update, self._token), forged)

    def _signed(self, invoice: Invoice, content: shapes.Document, token: str) -> Notice:
        body = json.dumps(content)
        headers = {
            "Content-Type": "application/json",
            "crypto-pay-api-signature": signature(token, body.encode()),
        }
        return Notice(key=str(invoice.id), url=self._webhook, body=body, headers=headers)

    def _expire_in_time(self, invoice: Invoice) -> None:
        if invoice.expires is not None:
            self._alarms.at(invoice.expires, partial(self.expire, invoice))

    def _resume(self) -> None:
        for invoice in self._invoices.newest_first():
            if invoice.status == "active":
                self._expire_in_time(invoice)


def signature(token: str, body: bytes) -> str:
    return hmac.new(hashlib.sha256(token.encode()).digest(), body, hashlib.sha256).hexdigest()


def _taken(response: requests.Response) -> bool:
    return response.ok
