"""Quotes: what a parcel costs, for a time. Written once, never changed."""

from datetime import datetime
from typing import ClassVar

from mongoengine import (
    DateTimeField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    EnumField,
    ListField,
    LongField,
    StringField,
)

from core.modes import ApiMode
from models.base import Record
from models.parts import AddressPart, ParcelPart, RatePart


class Quote(Record):
    """Holds all that its prices depend on. The id is our reference at the carrier service."""

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    provider: str = StringField(required=True)
    shipment_id: str = StringField(required=True)
    sender: AddressPart = EmbeddedDocumentField(AddressPart, required=True)
    recipient: AddressPart = EmbeddedDocumentField(AddressPart, required=True)
    parcel: ParcelPart = EmbeddedDocumentField(ParcelPart, required=True)
    rates: list[RatePart] = EmbeddedDocumentListField(RatePart)
    complaints: list[str] = ListField(StringField())
    rule_version: str = StringField(required=True)
    created_at: datetime = DateTimeField(required=True)
    expires_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "quotes", "indexes": [("user_id", "-created_at")]}

    def rate(self, rate_id: str) -> RatePart | None:
        return next((rate for rate in self.rates if rate.rate_id == rate_id), None)
