"""OxaPay: crypto invoices in dollars (https://docs.oxapay.com/api-reference/payment)."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from core.modes import ApiMode
from core.money import Money
from core.settings import Settings
from providers.exact_json import text
from providers.http import Door, NotSent, Silent
from providers.payments.base import (
    ForgedNotice,
    Invoice,
    InvoiceReport,
    Notice,
    PaymentProviderDown,
    PaymentRefused,
)
from providers.payments.oxapay_read import (
    BrokenAnswer,
    read_currencies,
    read_error,
    read_invoice,
    read_notice,
    read_page,
    read_report,
)

NAME = "oxapay"
OK = 200
REFUSED = frozenset({400, 404, 422})
"""Anything else is our key, their pace or their trouble: time and operators put it right."""
READ_SECONDS = 15.0
PAGE_SIZE = 200
MOST_PAGES = 500
SIGNATURE_HEADER = "hmac"


def connect(settings: Settings) -> "OxaPay | None":
    """The payment provider; None when there is no key for it."""
    key = settings.oxapay_key
    if key is None:
        return None
    headers = {"merchant_api_key": key.get_secret_value()}
    return OxaPay(Door(NAME, str(settings.oxapay_url), headers, seconds=READ_SECONDS), key)


@dataclass(frozen=True, slots=True)
class OxaPay:
    """OxaPay under our merchant key, which also signs its notices."""

    door: Door
    key: SecretStr

    @property
    def name(self) -> str:
        return NAME

    def serves(self, mode: ApiMode) -> bool:  # noqa: ARG002  each invoice says which it is of
        return True

    def create_invoice(
        self, amount: Money, *, payment_id: str, minutes: int, notify_url: str, mode: ApiMode
    ) -> Invoice:
        bill = {
            "amount": amount.decimal,
            "currency": amount.currency,
            "lifetime": minutes,
            "order_id": payment_id,
            "callback_url": notify_url,
            "sandbox": mode is ApiMode.TEST,
            # Whoever pays less is credited less; the merchant's fee is the merchant's.
            "under_paid_coverage": 0,
            "fee_paid_by_payer": 0,
        }
        data = self._ask("POST", "/payment/invoice", body=bill)
        try:
            return read_invoice(data)
        except BrokenAnswer as error:
            raise PaymentProviderDown(provider=NAME) from error

    def invoice(self, provider_id: str) -> InvoiceReport:
        try:
            report = read_report(self._ask("GET", f"/payment/{provider_id}"))
        except (BrokenAnswer, PaymentRefused) as error:
            raise PaymentProviderDown(provider=NAME) from error
        if report.provider_id != provider_id:
            raise PaymentProviderDown(provider=NAME, reason="another invoice")
        return report

    def recent(self, since: datetime) -> list[InvoiceReport]:
        try:
            return list(self._reports(int(since.timestamp())))
        except (BrokenAnswer, PaymentRefused) as error:
            raise PaymentProviderDown(provider=NAME) from error

    def currencies(self) -> list[str]:
        """The coins that a payer can choose, as `USDT`. Raises PaymentProviderDown."""
        try:
            return read_currencies(self._ask("GET", "/payment/accepted-currencies"))
        except (BrokenAnswer, PaymentRefused) as error:
            raise PaymentProviderDown(provider=NAME) from error

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        signed = next(
            (value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), ""
        )
        secret = self.key.get_secret_value().encode()
        expected = hmac.new(secret, body, hashlib.sha512).hexdigest()
        given = signed.strip().lower().encode(errors="replace")
        if not hmac.compare_digest(expected.encode(), given):
            raise ForgedNotice(provider=NAME)
        return read_notice(body)

    def _reports(self, since: int) -> Iterator[InvoiceReport]:
        """Oldest first, so that an invoice made meanwhile moves none to a page already read."""
        for page in range(1, MOST_PAGES + 1):
            params = {
                "type": "invoice",
                "from_date": str(since),
                "sort_by": "create_date",
                "sort_type": "asc",
                "size": str(PAGE_SIZE),
                "page": str(page),
            }
            reports = read_page(self._ask("GET", "/payment", params=params))
            yield from reports
            if len(reports) < PAGE_SIZE:
                return
        raise BrokenAnswer

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """The answer's `data`. An HTTP status of 200 may carry another one inside."""
        try:
            answer = self.door.call(method, path, body=body, params=params)
        except (NotSent, Silent) as error:
            raise PaymentProviderDown(provider=NAME) from error
        raw = answer.data
        status = answer.status if answer.status != OK else raw.get("status")
        if status == OK and isinstance(raw.get("data"), Mapping):
            data: Mapping[str, Any] = raw["data"]
            return data
        told = read_error(raw)
        if status in REFUSED and told.reason:
            raise PaymentRefused(provider=NAME, reason=told.reason, told=told.told)
        raise PaymentProviderDown(provider=NAME, reason=told.reason or text(status))
