"""Drafts: one unfinished conversation a chat, moved on by compare-and-set."""

from datetime import datetime
from typing import Any, ClassVar

import bson
from bson.codec_options import CodecOptions
from mongoengine import DateTimeField, IntField, LongField, StringField
from mongoengine.base import BaseField

from models.base import Record, RecordQuerySet
from models.connection import hasty_collection
from models.fields import PlainMapField

COLLECTION = "drafts"
AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
REMEMBERED = 40
"""Of updates that were heard and are perhaps not marked so yet there are half as many at most."""


class DraftQuerySet(RecordQuerySet):
    def move(self, draft: "Draft", update_id: int, **changes: Any) -> bool:
        """Write `changes` if the draft still has its version; in hand it is then as MongoDB has it.

        It has the next version, and has heard the update: the last one again for what no update
        asked for. The mark that an update is handled is written later and waits for the majority:
        whoever has that mark has the draft of before, too, so for an update only the primary is
        waited for.
        """
        kept = self._collection
        if update_id != draft.last_update_id:
            changes |= {
                "last_update_id": update_id,
                "heard": [*draft.heard[1 - REMEMBERED :], update_id],
            }
            kept = hasty_collection(COLLECTION)
        moving = self._changes({f"set__{name}": value for name, value in changes.items()})
        moving["$inc"] = {"version": 1}
        seen = {"_id": draft.id, "version": draft.version}
        if not kept.update_one(seen, moving).matched_count:
            return False
        for name, value in bson.decode(bson.encode(changes), AWARE).items():
            setattr(draft, name, value)
        draft.version += 1
        return True

    def show_in(self, chat_id: int, version: int, message_id: int) -> None:
        """Not worth waiting for the majority: nothing is decided by it."""
        hasty_collection(COLLECTION).update_one(
            {"_id": chat_id, "version": version}, {"$set": {"message_id": message_id}}
        )


class Draft(Record):
    """`screen` is where the customer stands, `data` what was said so far.

    `heard` has the latest updates that moved it, the last one last.
    """

    objects: ClassVar[Any]

    id: int = LongField(primary_key=True)
    version: int = IntField(required=True, default=0)
    last_update_id: int = LongField(required=True, default=0)
    heard: list[int] = BaseField(default=list)
    screen: str = StringField(required=True, default="menu")
    data: dict[str, Any] = PlainMapField()
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
