"""What the shop asks of a carrier service, and the values that travel both ways."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.addresses import Address
from core.errors import Doubtful, Refusal, Unavailable
from core.money import Money
from core.parcels import Parcel


class CarrierRefused(Refusal):
    """The carrier service said no, and surely did nothing. Facts: `provider`, `reason`, `told`."""


class CarrierDown(Unavailable):
    """No answer, or too many questions; nothing was asked that costs. Facts: `provider`."""


class PurchaseDoubtful(Doubtful):
    """A purchase was sent and its answer did not come. Facts: `provider`, `shipment_id`."""


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
    """A label that exists at the carrier and is to be paid for."""

    shipment_id: str
    rate_id: str
    tracking_code: str
    tracking_url: str
    label_url: str
    cost: Money


class Carrier(Protocol):
    """A carrier service under one account and one mode."""

    @property
    def name(self) -> str:
        """The provider's name in our documents, as `easypost`."""
        ...

    def quote(
        self, sender: Address, recipient: Address, parcel: Parcel, *, reference: str
    ) -> Quoted:
        """Ask for rates; free. Raises CarrierRefused (bad address or parcel) or CarrierDown."""
        ...

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        """Buy one label. Sent once, never again by itself.

        Raises CarrierRefused or CarrierDown when surely nothing was bought, PurchaseDoubtful
        whenever nobody knows.
        """
        ...

    def find(self, shipment_id: str) -> Bought | None:
        """The label bought for this shipment, None if there is none. Raises CarrierDown."""
        ...

    def void(self, shipment_id: str) -> None:
        """Ask for the label's cancellation. Raises CarrierRefused or CarrierDown."""
        ...

    def label_file(self, label_url: str) -> bytes:
        """The label's PDF. Raises CarrierDown, also when what came is no PDF."""
        ...
