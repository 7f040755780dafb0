"""Quotes: what a parcel costs, for a time. Written once, never changed."""

from datetime import datetime
from typing import ClassVar

from mongoengine import DateTimeField, EnumField, ListField, LongField, StringField

from core.addresses import Address
from core.customs import Customs
from core.modes import ApiMode
from core.parcels import Parcel
from core.postage import product
from core.shipments import Shipment
from models.base import Record
from models.fields import ValueField, ValuesField
from models.parts import PricedRate


class Quote(Record):
    """Holds all that its prices depend on; whom to buy from is told by each rate.

    `label` is the label in the making that it is for, by the update that began it; 0 for a row of
    a file. `late` and `failed` are the providers that could not be heard, by their names.
    """

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    label: int = LongField(default=0)
    mode: ApiMode = EnumField(ApiMode, required=True)
    sender: Address = ValueField(Address, required=True)
    recipient: Address = ValueField(Address, required=True)
    parcel: Parcel = ValueField(Parcel, required=True)
    customs: Customs | None = ValueField(Customs)
    rates: tuple[PricedRate, ...] = ValuesField(PricedRate)
    complaints: list[str] = ListField(StringField())
    late: list[str] = ListField(StringField())
    failed: list[str] = ListField(StringField())
    rule_version: str = StringField(required=True)
    created_at: datetime = DateTimeField(required=True)
    expires_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "quotes",
        "indexes": [("user_id", "-created_at"), ("mode", "-created_at")],
        # Quotes made by earlier versions have fields that are no more.
        "strict": False,
    }

    @property
    def shipment(self) -> Shipment:
        return Shipment(
            sender=self.sender, recipient=self.recipient, parcel=self.parcel, customs=self.customs
        )

    def rate(self, rate_id: str) -> PricedRate | None:
        return next((rate for rate in self.rates if rate.rate_id == rate_id), None)

    def same_as(self, before: PricedRate) -> PricedRate | None:
        """The cheapest rate of the service that an earlier quote had offered."""
        same = product(before.carrier, before.service)
        found = (rate for rate in self.rates if product(rate.carrier, rate.service) == same)
        return min(found, key=lambda rate: rate.price, default=None)
