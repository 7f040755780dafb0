"""Values that several documents keep a copy of."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from core.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRate:
    """One offer of a quote: what it costs us, what this customer pays, and where it is bought.

    `rate_id` is unique in its quote. While `shipment_id` is empty it is no provider's id: the
    offer is known from an earlier answer, and a purchase first asks for a shipment of its own.
    """

    rate_id: str
    provider: str = ""
    shipment_id: str = ""
    reference: str = ""
    carrier: str
    service: str
    carrier_account: str = ""
    cost: Money
    price: Money
    days: int | None = None
    arrives_at: datetime | None = None


def noon(day: date | None) -> datetime | None:
    """A date as MongoDB can keep it."""
    return datetime.combine(day, time(12), UTC) if day else None
