"""What a customer wants shipped."""

from dataclasses import dataclass

from core.addresses import Address
from core.customs import Customs
from core.parcels import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """All that a rate depends on; `customs` only where a customs border is crossed."""

    sender: Address
    recipient: Address
    parcel: Parcel
    customs: Customs | None = None
