"""Drafts: one unfinished conversation a chat, moved on by compare-and-set."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, DictField, IntField, LongField, StringField

from models.base import Record, RecordQuerySet


class DraftQuerySet(RecordQuerySet):
    def replace_if(self, draft: "Draft", version: int, **changes: Any) -> bool:
        """Write `changes` if the draft still has `version`; it then has the next one."""
        moved = self.filter(pk=draft.id, version=version).update_one(
            inc__version=1, **{f"set__{name}": value for name, value in changes.items()}
        )
        return bool(moved)


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
        "collection": "drafts",
        "queryset_class": DraftQuerySet,
        "indexes": [
            {
                "fields": ["touched_at"],
                "partialFilterExpression": {"data": {"$exists": True}},
                "name": "filled_by_touched_at",
            }
        ],
    }
