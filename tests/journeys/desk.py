"""The owner of a running shop, at the operators' pages."""

import re
from dataclasses import dataclass, field
from threading import Lock

import requests

from sandbox.plan import OPERATOR
from tests.customer import HTTP_SECONDS
from tests.harness import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


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

    def press(self, form: str, *, on: str = "", **fields: str) -> None:
        """Send a form that is on this page, or on one of its own address."""
        with self.busy:
            page = self.browser.get(self.web + (on or form), timeout=HTTP_SECONDS)
            sent = {"csrf_token": TOKEN.findall(page.text)[0], **fields}
            answer = self.browser.post(self.web + form, data=sent, timeout=HTTP_SECONDS)
        answer.raise_for_status()

    def close(self) -> None:
        self._maintain("on")

    def open(self) -> None:
        self._maintain("off")

    def block(self, chat_id: int, reason: str) -> None:
        self._judge(chat_id, "block", reason)

    def unblock(self, chat_id: int, reason: str) -> None:
        self._judge(chat_id, "unblock", reason)

    def _maintain(self, wanted: str) -> None:
        self.press("/admin/modes/maintenance", on="/admin/", maintenance=wanted)

    def _judge(self, chat_id: int, verdict: str, reason: str) -> None:
        page = f"/admin/customers/{chat_id}"
        self.press(f"{page}/{verdict}", on=page, reason=reason)
