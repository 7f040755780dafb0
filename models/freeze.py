"""Frozen accounts: their books disagree, and until an operator has looked nothing is bought."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, ListField, StringField

from models.base import Record
from models.connection import collection

COLLECTION = "account_freezes"


class Freeze(Record):
    """`accepted` are findings that an operator has looked at: they freeze nothing again."""

    objects: ClassVar[Any]

    account: str = StringField(primary_key=True)
    frozen_at: datetime | None = DateTimeField()
    findings: list[str] = ListField(StringField())
    accepted: list[str] = ListField(StringField())
    cleared_by: str = StringField(default="")
    cleared_at: datetime | None = DateTimeField()
    reason: str = StringField(default="")

    meta: ClassVar = {
        "collection": COLLECTION,
        "indexes": [
            {
                "fields": ["frozen_at"],
                "partialFilterExpression": {"frozen_at": {"$type": "date"}},
                "name": "frozen_by_time",
            },
            {
                "fields": ["-cleared_at"],
                "partialFilterExpression": {"cleared_at": {"$type": "date"}},
                "name": "cleared_by_time",
            },
        ],
    }


def is_frozen(account: str) -> bool:
    query = {"_id": account, "frozen_at": {"$type": "date"}}
    return collection(COLLECTION).find_one(query, {"_id": True}) is not None


def frozen_accounts(most: int) -> frozenset[str]:
    """Some of those that are frozen, or all if they are fewer than `most`."""
    rows = collection(COLLECTION).find({"frozen_at": {"$type": "date"}}, {"_id": True}).limit(most)
    return frozenset(row["_id"] for row in rows)
