"""Customers: who they are in Telegram, and how they want to be told things."""

from typing import ClassVar

from mongoengine import BooleanField, DateTimeField, LongField, StringField

from core.quiet import QuietHours
from models.base import Record
from models.fields import ValueField


class User(Record):
    """A customer. The id is Telegram's user id, which is also the private chat's id.

    `quiet` hours are by the clock of `zone`, and count only when one is chosen.
    """

    id: int = LongField(primary_key=True)
    first_name: str = StringField(default="")
    username: str = StringField(default="")
    language: str = StringField(default="en")
    discount_percent: str = StringField(default="0")
    hears_of_parcels: bool = BooleanField(default=True)
    quiet: QuietHours | None = ValueField(QuietHours)
    zone: str = StringField(default="")
    created_at = DateTimeField(required=True)
    unreachable_at = DateTimeField()
    blocked_at = DateTimeField()
    block_told_at = DateTimeField()

    meta: ClassVar = {
        "collection": "users",
        # Customers of before have a copy of their balance, and when they were seen.
        "strict": False,
        "indexes": ["username", "-created_at"],
    }
