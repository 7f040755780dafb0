"""Drafts: one unfinished conversation a chat, moved on by compare-and-set."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, DictField, IntField, LongField, StringField
from pymongo import WriteConcern

from models.base import Record, RecordQuerySet
from models.connection import collection

COLLECTION = "drafts"


class DraftQuerySet(RecordQuerySet):
    def replace_if(self, draft: "Draft", version: int, **changes: Any) -> bool:
        """Write `changes` if the draft still has `version`; it then has the next one."""
        moved = self.filter(pk=draft.id, version=version).update_one(
            inc__version=1, **{f"set__{name}": value for name, value in changes.items()}
        )
        return bool(moved)

    def show_in(self, chat_id: int, version: int, message_id: int) -> None:
        """Not worth waiting for the majority: nothing is decided by it."""
        drafts = collection(COLLECTION).with_options(write_concern=WriteConcern(w=1))
        drafts.update_one(
            {"_id": chat_id, "version": version}, {"$set": {"message_id": message_id}}
        )


class Draft(Record):
    """`screen` is where the customer stands, `data` what was said so far."""

    objects: ClassVar[Any]

    id: int = LongField(primary_key=True)
    version: int = IntField(required=True, default=0)
    last_update_id: int = LongField(required=True, default=0)
    screen: str = StringField(required=True, default="menu")
    data: dict[str, Any] = DictField()
    message_id: int | None = LongField()
    touched_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": DraftQuerySet,
        "indexes": [
            {
                "fields": ["touched_at"],
                "partialFilterExpression": {"data": {"$exists": True}},
                "name": "filled_by_touched_at",
            }
        ],
    }
