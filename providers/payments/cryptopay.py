"""Crypto Pay: invoices in dollars, paid from a wallet inside Telegram.

Its reference is https://help.send.tg/en/articles/10279948-crypto-pay-api.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from core.modes import ApiMode
from core.money import Money
from core.settings import Settings
from providers.http import Answer, Door, NotSent, Silent
from providers.payments.base import (
    ForgedNotice,
    Invoice,
    InvoiceReport,
    Notice,
    PaymentProviderDown,
    PaymentRefused,
)
from providers.payments.cryptopay_read import (
    FIAT,
    BrokenAnswer,
    Listed,
    read_error,
    read_invoice,
    read_notice,
    read_page,
)

NAME = "cryptopay"
OK = 200
REFUSED = "400"
"""Anything else is our token, a suspended app (423), their pace or their trouble."""
READ_SECONDS = 15.0
PAGE_SIZE = 1000
MOST_PAGES = 200
SIGNATURE_HEADER = "crypto-pay-api-signature"
STALE = timedelta(minutes=10)
MODES_OF_HOSTS = {
    "pay.crypt.bot": ApiMode.PRODUCTION,
    "testnet-pay.crypt.bot": ApiMode.TEST,
}
"""Its test world is another host: no invoice can say which it belongs to."""

log = structlog.get_logger()


def connect(settings: Settings) -> "CryptoPay | None":
    """The payment provider; None when there is no token for it."""
    token = settings.cryptopay_token
    if token is None:
        return None
    url = str(settings.cryptopay_url)
    headers = {"Crypto-Pay-API-Token": token.get_secret_value()}
    mode = MODES_OF_HOSTS.get(urlsplit(url).hostname or "")
    return CryptoPay(Door(NAME, url, headers, seconds=READ_SECONDS), token, mode)


@dataclass(frozen=True, slots=True)
class CryptoPay:
    """Crypto Pay under our app's token, which also signs its updates.

    `only_mode` is the mode whose money the host takes; None for a host that takes either.
    """

    door: Door
    token: SecretStr
    only_mode: ApiMode | None

    @property
    def name(self) -> str:
        return NAME

    def serves(self, mode: ApiMode) -> bool:
        return self.only_mode in (None, mode)

    def create_invoice(
        self,
        amount: Money,
        *,
        payment_id: str,
        minutes: int,
        notify_url: str,  # noqa: ARG002  the app's own settings at Crypto Pay name it, once
        mode: ApiMode,
    ) -> Invoice:
        if not self.serves(mode):
            raise PaymentRefused(provider=NAME, reason="mode", told=f"no {mode} money here")
        bill = {
            "currency_type": FIAT,
            "fiat": amount.currency,
            "amount": f"{amount.decimal:.2f}",
            "payload": payment_id,
            "expires_in": minutes * 60,
            "allow_comments": False,
        }
        try:
            return read_invoice(_object(self._ask("POST", "/createInvoice", body=bill)))
        except BrokenAnswer as error:
            raise PaymentProviderDown(provider=NAME) from error

    def invoice(self, provider_id: str) -> InvoiceReport:
        try:
            listed = self._page({"invoice_ids": provider_id})
        except (BrokenAnswer, PaymentRefused) as error:
            raise PaymentProviderDown(provider=NAME) from error
        for one in listed:
            if one.report.provider_id == provider_id:
                return one.report
        raise PaymentProviderDown(provider=NAME, reason="no such invoice")

    def recent(self, since: datetime) -> list[InvoiceReport]:
        try:
            # What is made meanwhile moves others to a page still to come: they are seen twice.
            listed = {one.report.provider_id: one for one in self._listed(since)}
        except (BrokenAnswer, PaymentRefused) as error:
            raise PaymentProviderDown(provider=NAME) from error
        made = sorted(listed.values(), key=lambda one: (one.created_at, one.report.provider_id))
        return [one.report for one in made if one.created_at >= since]

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        signed = next(
            (value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), ""
        )
        secret = hashlib.sha256(self.token.get_secret_value().encode()).digest()
        expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
        given = signed.strip().lower().encode(errors="replace")
        if not hmac.compare_digest(expected.encode(), given):
            raise ForgedNotice(provider=NAME)
        notice, sent_at = read_notice(body)
        if sent_at is None or abs(datetime.now(UTC) - sent_at) > STALE:
            # An old notice is no lie: whatever it says, the API is asked.
            log.info("notice_stale", provider=NAME, provider_id=notice.provider_id, sent_at=sent_at)
        return notice

    def _listed(self, since: datetime) -> Iterator[Listed]:
        """There is no choice of dates, so it is read from the newest back until before `since`."""
        for page in range(MOST_PAGES):
            listed = self._page({"offset": str(page * PAGE_SIZE), "count": str(PAGE_SIZE)})
            yield from listed
            if len(listed) < PAGE_SIZE or _goes_back_beyond(since, listed):
                return
        raise BrokenAnswer

    def _page(self, params: Mapping[str, str]) -> list[Listed]:
        return read_page(_object(self._ask("GET", "/getInvoices", params=params)))

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer's `result`. An HTTP status of 200 may carry an error inside."""
        try:
            answer = self.door.call(method, path, body=body, params=params)
        except (NotSent, Silent) as error:
            raise PaymentProviderDown(provider=NAME) from error
        return _result(answer)


def _result(answer: Answer) -> Any:
    raw = answer.data
    if answer.status == OK and raw.get("ok") is True:
        return raw.get("result")
    code, name = read_error(raw)
    if code == REFUSED and name:
        raise PaymentRefused(provider=NAME, reason=name, told=name)
    raise PaymentProviderDown(provider=NAME, reason=name or str(answer.status))


def _object(result: Any) -> Mapping[str, Any]:
    if not isinstance(result, Mapping):
        raise BrokenAnswer
    return result


def _goes_back_beyond(since: datetime, listed: list[Listed]) -> bool:
    """Assumption: newest first. Were it the other way round, every page would be read."""
    first, last = listed[0], listed[-1]
    return first.created_at >= last.created_at and last.created_at < since
