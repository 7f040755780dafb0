"""What the shop asks of a carrier service, and the values that travel both ways."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from core.addresses import Address
from core.errors import Doubtful, Refusal, Unavailable
from core.label_formats import LabelFormat
from core.money import Money
from core.shipments import Shipment
from core.tracking import Tracked


class CarrierRefused(Refusal):
    """The carrier service said no, and surely did nothing. Facts: `provider`, `reason`, `told`."""


class VoidUnclear(CarrierRefused):
    """A void was turned down, for no reason that ends the matter: somebody has to ask there."""


class NoFunds(CarrierRefused):
    """Our own account there is empty: not the customer's fault, and nothing was bought."""


class CarrierDown(Unavailable):
    """No answer, or too many questions; nothing was asked that costs.

    Facts: `provider`, and `retry_after` in seconds if the service named them.
    """


class PurchaseDoubtful(Doubtful):
    """A purchase was sent and its answer did not come. Facts: `provider`, `shipment_id`."""


class ForgedNews(Refusal):
    """A webhook that is not signed with our secret. Facts: `provider`."""


class UnreadableNews(Refusal):
    """A webhook that is signed and makes no sense. Facts: `provider`."""


class VoidState(StrEnum):
    """How far a void is: money comes back when it is `refunded`, not before."""

    NONE = "none"
    SUBMITTED = "submitted"
    REFUNDED = "refunded"
    REJECTED = "rejected"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """What a carrier service thinks of an address; `unchecked` where it has no such question."""

    VERIFIED = "verified"
    CORRECTED = "corrected"
    DOUBTFUL = "doubtful"
    UNDELIVERABLE = "undeliverable"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Checked:
    """`suggestion` is the address as the carrier would write it, when that differs from ours.

    `remarks` are the carrier's own words on what is wrong or was mended.
    """

    verdict: Verdict
    suggestion: Address | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """One service of one carrier for one parcel, as the provider offers it to us."""

    rate_id: str
    carrier: str
    service: str
    cost: Money
    days: int | None
    arrives: date | None
    carrier_account: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The provider's answer to a quote: `complaints` are carriers that could not rate, and why."""

    shipment_id: str
    rates: tuple[Rate, ...]
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bought:
    """A label that exists at the carrier and is to be paid for; a void names its `label_id`.

    `form_urls` are the customs papers that travel with it.
    """

    shipment_id: str
    rate_id: str
    label_id: str
    tracking_code: str
    tracking_url: str
    label_url: str
    cost: Money
    form_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sold:
    """One label in the carrier service's own books; `reference` is ours, `bought_at` is UTC."""

    shipment_id: str
    label_id: str
    reference: str
    tracking_code: str
    cost: Money
    void: VoidState
    bought_at: datetime


@dataclass(frozen=True, slots=True)
class CarrierNews:
    """One webhook: a parcel that moved, a void that was decided, or neither: nothing for us."""

    event_id: str
    tracked: Tracked | None = None
    label_id: str = ""
    void: VoidState | None = None


class Carrier(Protocol):
    """A carrier service under one account and one mode."""

    @property
    def name(self) -> str:
        """The provider's name in our documents, as `easypost`."""
        ...

    @property
    def account(self) -> str:
        """Tells our accounts there apart without giving a key away: each has its own prices."""
        ...

    def check(self, address: Address, *, strict: bool = False) -> Checked:
        """Ask whether the address exists; free. `strict` lets the service keep only good ones.

        Raises CarrierRefused (the question itself was wrong) or CarrierDown.
        """
        ...

    def quote(self, shipment: Shipment, *, reference: str) -> Quoted:
        """Ask for rates; free. `reference` is ours, and used once: a purchase is found by it.

        Raises CarrierRefused (bad address or parcel) or CarrierDown.
        """
        ...

    def requote(self, shipment_id: str) -> Quoted:
        """New rates for the same shipment; the rate ids known before may be gone.

        Raises CarrierRefused, also when it is bought already, or CarrierDown.
        """
        ...

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        """Buy one label. Sent once, never again by itself.

        Raises CarrierRefused, NoFunds or CarrierDown when surely nothing was bought,
        PurchaseDoubtful whenever nobody knows.
        """
        ...

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        """The label bought for this shipment, None if there is none.

        It is looked for by our reference where the service knows no shipment id, or we lost it.
        Raises CarrierDown, also while the service itself does not know yet.
        """
        ...

    def void(self, label_id: str) -> VoidState:
        """Ask for the label's cancellation; asked again it tells what stands.

        Raises CarrierRefused (too late, used), VoidUnclear when no request stands, or CarrierDown.
        """
        ...

    def void_state(self, label_id: str) -> VoidState:
        """How far the label's void is. Raises CarrierDown."""
        ...

    def track(self, tracking_code: str, carrier: str) -> Tracked:
        """Where a parcel is; `carrier` as in its rate. Raises CarrierRefused or CarrierDown."""
        ...

    def balance(self) -> Money | None:
        """What is left on our account there; None if it has no balance. Raises CarrierDown."""
        ...

    def statement(self, since: datetime, until: datetime) -> Iterator[Sold]:
        """All labels bought from `since` to before `until`, as the service has them.

        Raises CarrierDown, also in the middle: what came until then is not all.
        """
        ...

    def label_file(self, label_url: str) -> bytes:
        """The PDF of a label, or of a form. Raises CarrierDown, also when what came is none."""
        ...

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:
        """The bought label in another format, converted by the service where it can.

        Raises CarrierRefused where it can't, or CarrierDown.
        """
        ...

    def read_news(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        """A webhook's raw body and headers. Raises ForgedNews, UnreadableNews.

        The same event may come again, and after a later one.
        """
        ...
