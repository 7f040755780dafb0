"""What customers keep for the next label: addresses, parcels, and both in a template."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, IntField, LongField, StringField

from core.addresses import Address
from core.customs import Customs
from core.parcels import Parcel
from core.shipments import Shipment
from models.base import Record
from models.fields import ValueField

MOST_USED_FIRST = ("-uses", "-used_at", "id")
_LISTED = ("user_id", "-uses", "-used_at", "_id")


class Kept(Record):
    """The id is `<customer>:<key>`: nobody reaches another customer's by a key.

    `used_by` names the last use, so that the same use counts once.
    """

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    name: str = StringField(default="")
    uses: int = IntField(required=True, default=0)
    used_by: str = StringField(default="")
    used_at: datetime = DateTimeField(required=True)
    created_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"abstract": True}

    @property
    def key(self) -> str:
        return self.id.partition(":")[2]


class SavedAddress(Kept):
    """The key is a digest of the address: kept twice, it is one."""

    objects: ClassVar[Any]

    address: Address = ValueField(Address, required=True)

    meta: ClassVar = {"collection": "saved_addresses", "indexes": [_LISTED]}


class SavedParcel(Kept):
    """The key is a digest of the parcel."""

    objects: ClassVar[Any]

    parcel: Parcel = ValueField(Parcel, required=True)

    meta: ClassVar = {"collection": "saved_parcels", "indexes": [_LISTED]}


class Template(Kept):
    """`folded` is the name as it must be unique with each customer."""

    objects: ClassVar[Any]

    folded: str = StringField(required=True)
    sender: Address = ValueField(Address, required=True)
    recipient: Address = ValueField(Address, required=True)
    parcel: Parcel = ValueField(Parcel, required=True)
    customs: Customs | None = ValueField(Customs)

    meta: ClassVar = {
        "collection": "templates",
        "indexes": [_LISTED, {"fields": ["user_id", "folded"], "unique": True}],
    }

    @property
    def shipment(self) -> Shipment:
        return Shipment(
            sender=self.sender, recipient=self.recipient, parcel=self.parcel, customs=self.customs
        )
