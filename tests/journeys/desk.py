"""The owner of a running shop, at the operators' pages."""

import html
import re
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

import requests

from sandbox.plan import OPERATOR
from services.ledger import account_of
from tests.customer import HTTP_SECONDS, wait_for
from tests.harness import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')


@dataclass
class Desk:
    """A browser that has logged in at this address. It sends one form at a time."""

    web: str
    browser: requests.Session = field(default_factory=requests.Session)
    busy: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.browser.trust_env = False
        # A kept connection may be closed by the other side while it is being used again.
        self.browser.headers["Connection"] = "close"
        self.press("/login", email=OPERATOR, password=PASSWORD)

    def press(self, form: str, /, *, on: str = "", **fields: str) -> None:
        """Send a form that is on this page, or on one of its own address."""
        with self.busy:
            sent = {"csrf_token": TOKEN.findall(self._read(on or form))[0], **fields}
            answer = self.browser.post(self.web + form, data=sent, timeout=HTTP_SECONDS)
        answer.raise_for_status()

    def close(self) -> None:
        self._maintain("on")

    def open(self) -> None:
        self._maintain("off")

    def block(self, chat_id: int, reason: str) -> None:
        self._on_customer(chat_id, "block", reason=reason)

    def unblock(self, chat_id: int, reason: str) -> None:
        self._on_customer(chat_id, "unblock", reason=reason)

    def adjust(self, chat_id: int, direction: str, amount: str, reason: str) -> None:
        """`direction` is credit or debit, `amount` dollars."""
        typed = {"direction": direction, "amount": amount, "reason": reason}
        self._on_customer(chat_id, "adjust", form=str(uuid4()), **typed)

    def discount(self, chat_id: int, percent: str, reason: str) -> None:
        self._on_customer(chat_id, "discount", percent=percent, reason=reason)

    def resolve(self, payment_id: str, verdict: str, reason: str) -> None:
        """Credit or reject what is in review, or is just coming there."""
        page = f"/admin/payments/{payment_id}"
        form = f"{page}/{verdict}"
        assert wait_for(lambda: form in self.read(page)), "it is not in review"
        self.press(form, on=page, reason=reason)
        assert wait_for(lambda: form not in self.read(page)), "it still is in review"

    def thaw(self, chat_id: int, reason: str) -> None:
        """Have a frozen account buy again."""
        page = f"/admin/freezes/{account_of(chat_id)}"
        seen = html.unescape(SEEN.findall(self.read(page))[0])
        self.press(f"{page}/clear", on=page, seen=seen, reason=reason)

    def read(self, page: str) -> str:
        with self.busy:
            return self._read(page)

    def _read(self, page: str) -> str:
        return self.browser.get(self.web + page, timeout=HTTP_SECONDS).text

    def _maintain(self, wanted: str) -> None:
        self.press("/admin/modes/maintenance", on="/admin/", maintenance=wanted)

    def _on_customer(self, chat_id: int, act: str, **fields: str) -> None:
        page = f"/admin/customers/{chat_id}"
        self.press(f"{page}/{act}", on=page, **fields)
