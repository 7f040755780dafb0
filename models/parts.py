"""Embedded values that several documents keep a copy of."""

from datetime import UTC, datetime, time
from decimal import Decimal

from mongoengine import DateTimeField, EmbeddedDocument, IntField, StringField

from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from models.fields import MoneyField


class AddressPart(EmbeddedDocument):
    """An address as it stood when it was used; raw, escaped only where it is shown."""

    name: str = StringField(required=True)
    company: str = StringField(default="")
    street: str = StringField(required=True)
    street2: str = StringField(default="")
    city: str = StringField(required=True)
    state: str = StringField(required=True)
    zip: str = StringField(required=True)
    country: str = StringField(default="US")
    phone: str = StringField(default="")
    email: str = StringField(default="")

    @classmethod
    def of(cls, address: Address) -> "AddressPart":
        return cls(**address.as_dict())

    @property
    def address(self) -> Address:
        return Address.from_dict({name: self[name] for name in self._fields})


class ParcelPart(EmbeddedDocument):
    """Inches and ounces as exact decimal text."""

    length_in: str = StringField(required=True)
    width_in: str = StringField(required=True)
    height_in: str = StringField(required=True)
    weight_oz: str = StringField(required=True)

    @classmethod
    def of(cls, parcel: Parcel) -> "ParcelPart":
        return cls(
            length_in=str(parcel.length_in),
            width_in=str(parcel.width_in),
            height_in=str(parcel.height_in),
            weight_oz=str(parcel.weight_oz),
        )

    @property
    def parcel(self) -> Parcel:
        return Parcel(**{name: Decimal(self[name]) for name in self._fields})


class RatePart(EmbeddedDocument):
    """One offer of a quote: what it costs us and what this customer pays."""

    rate_id: str = StringField(required=True)
    carrier: str = StringField(required=True)
    service: str = StringField(required=True)
    carrier_account: str = StringField(default="")
    cost: Money = MoneyField(required=True)
    price: Money = MoneyField(required=True)
    days: int | None = IntField()
    arrives_at: datetime | None = DateTimeField()


def noon(day: object) -> datetime | None:
    """A date as MongoDB can keep it."""
    return datetime.combine(day, time(12), UTC) if hasattr(day, "year") else None  # type: ignore[arg-type]
