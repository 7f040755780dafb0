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
MOVING = ("version", "last_update_id", "heard", "screen", "data", "message_id", "touched_at")
REMEMBERED = 40
"""Of updates that were heard and are perhaps not marked so yet there are half as many at most."""


class DraftQuerySet(RecordQuerySet):
    def replace(self, draft: "Draft", *, for_updates: bool) -> bool:
        """Write the draft over the version that was read, if that still stands.

        The marks that updates are handled are written later and wait for the majority: whoever has
        those has the draft of before, too, so for updates only the primary is waited for.
        """
        kept = hasty_collection(COLLECTION) if for_updates else self._collection
        facts = self._changes({f"set__{name}": draft[name] for name in MOVING})
        read = {"_id": draft.id, "version": draft.version - draft.unwritten}
        return bool(kept.update_one(read, facts).matched_count)

    def show_in(self, chat_id: int, version: int, message_id: int) -> bool:
        """False if the draft has another version. Not worth waiting for the majority."""
        shown = hasty_collection(COLLECTION).update_one(
            {"_id": chat_id, "version": version}, {"$set": {"message_id": message_id}}
        )
        return bool(shown.matched_count)


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
    unwritten: int = 0
    """So many versions is the draft in hand ahead of MongoDB's."""

    def move(self, update_id: int, **changes: Any) -> None:
        """In hand: to the next version, which has heard the update.

        That is the last one again for what no update asked for.
        """
        if update_id != self.last_update_id:
            heard = [*self.heard[1 - REMEMBERED :], update_id]
            changes |= {"last_update_id": update_id, "heard": heard}
        as_kept = bson.decode(bson.encode(changes), AWARE)
        for name, value in as_kept.items():
            setattr(self, name, value)
        self.version += 1
        self.unwritten += 1

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
