"""What is left on the shop's own accounts at carrier services, as last told."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import BooleanField, DateTimeField, StringField

from core.money import Money
from models.base import Record
from models.fields import MoneyField


class CarrierBalance(Record):
    """The id is `<service>:<mode>`. `amount` is None where the service has no prepaid balance."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    amount: Money | None = MoneyField()
    low: bool = BooleanField(required=True, default=False)
    told_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "carrier_balances"}
