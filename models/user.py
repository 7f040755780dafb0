"""Customers: who they are in Telegram, and what lists show of their balance."""

from typing import ClassVar

from mongoengine import (
    BooleanField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    LongField,
    StringField,
)
from pymongo import WriteConcern

from core.quiet import QuietHours
from models.base import Record, RecordQuerySet
from models.connection import collection
from models.fields import ValueField

COLLECTION = "users"


class BalanceCache(EmbeddedDocument):
    """A projection of the last ledger entry, in minor units. No decision reads it."""

    available: int = LongField(required=True, default=0)
    held: int = LongField(required=True, default=0)
    seq: int = LongField(required=True, default=0)


class UserQuerySet(RecordQuerySet):
    def project_balance(self, user_id: int, *, available: int, held: int, seq: int) -> None:
        """Show a newer balance in lists; an older one is left out."""
        users = collection(COLLECTION).with_options(write_concern=WriteConcern(w=1))
        users.update_one(
            {"_id": user_id, "balance_cache.seq": {"$lt": seq}},
            {"$set": {"balance_cache": {"available": available, "held": held, "seq": seq}}},
        )


class User(Record):
    """A customer. The id is Telegram's user id, which is also the private chat's id.

    `quiet` hours are by the clock of `zone`, and count only when one is chosen.
    """

    id: int = LongField(primary_key=True)
    first_name: str = StringField(default="")
    username: str = StringField(default="")
    language: str = StringField(default="en")
    discount_percent: str = StringField(default="0")
    balance_cache: BalanceCache = EmbeddedDocumentField(BalanceCache, default=BalanceCache)
    hears_of_parcels: bool = BooleanField(default=True)
    quiet: QuietHours | None = ValueField(QuietHours)
    zone: str = StringField(default="")
    created_at = DateTimeField(required=True)
    seen_at = DateTimeField(required=True)
    unreachable_at = DateTimeField()
    blocked_at = DateTimeField()

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": UserQuerySet,
        "indexes": ["username", "-created_at"],
    }
