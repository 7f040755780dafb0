"""What the shop asks of a payment provider, and the values that travel both ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.errors import Refusal, Unavailable
from core.modes import ApiMode
from core.money import Money


class PaymentRefused(Refusal):
    """The provider would not make the invoice. Facts: `provider`, `reason`, `told`."""


class PaymentProviderDown(Unavailable):
    """No usable answer from the payment provider. Facts: `provider`."""


class ForgedNotice(Refusal):
    """A notice whose signature is not the provider's. Facts: `provider`."""


class UnreadableNotice(Refusal):
    """A signed notice that says nothing we can read. Facts: `provider`."""


class InvoiceState(StrEnum):
    """The provider's statuses, sorted by what they mean for the customer's balance.

    UNDERPAID is the provider's last word on too little: a part arrived, and it waits no longer.
    REFUNDED is money on its way back to the payer, by the provider's doing. UNCLEAR is a coin or
    a status that we can't value.
    """

    WAITING = "waiting"
    SEEN = "seen"
    PAID = "paid"
    UNDERPAID = "underpaid"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill at the provider: where to pay it, and until when."""

    provider_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceReport:
    """What the provider's API says of an invoice now; `status` is its own word, for the record.

    `received` is what has arrived on it and is confirmed, in the invoice's currency.
    """

    provider_id: str
    state: InvoiceState
    status: str
    amount: Money
    payment_id: str
    received: Money


@dataclass(frozen=True, slots=True)
class Notice:
    """What a signed notice is about. It carries no amount: amounts in notices are not believed."""

    provider_id: str
    payment_id: str
    status: str


class PaymentProvider(Protocol):
    """A payment provider under our merchant account."""

    @property
    def name(self) -> str:
        """The provider's name in our documents, as `oxapay`."""
        ...

    def serves(self, mode: ApiMode) -> bool:
        """Whether the money of this mode can be asked for under our account."""
        ...

    def create_invoice(
        self, amount: Money, *, payment_id: str, minutes: int, notify_url: str, mode: ApiMode
    ) -> Invoice:
        """Make a bill. Raises PaymentRefused or PaymentProviderDown."""
        ...

    def invoice(self, provider_id: str) -> InvoiceReport:
        """Ask how an invoice stands. Raises PaymentProviderDown."""
        ...

    def recent(self, since: datetime) -> list[InvoiceReport]:
        """All invoices made since then, oldest first. Raises PaymentProviderDown."""
        ...

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Read what is signed on the raw body. Raises ForgedNotice, UnreadableNotice."""
        ...
