"""The inbox: every update from Telegram, kept before it is confirmed, handled once and in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, IntField, LongField, StringField
from pymongo import WriteConcern

from models.base import UNFINISHED, Record, RecordQuerySet, overdue
from models.connection import collection, insert_what_is_new
from models.fields import JsonField

COLLECTION = "inbox"
HANDLED: dict[str, Any] = {"handled_at": {"$type": "date"}}
RAW = JsonField()


class InboxQuerySet(RecordQuerySet):
    def waiting(self, chat_id: int, most: int) -> list["Update"]:
        """A chat's unhandled updates in Telegram's order."""
        unhandled = {"chat_id": chat_id, "next_at": {"$type": "date"}}
        return list(self.filter(__raw__=unhandled).order_by("update_id").limit(most))

    def chats_waiting(self, now: datetime, most: int, besides: Sequence[int] = ()) -> list[int]:
        """Chats with updates that should have been handled by now."""
        late = overdue(now) | {"chat_id": {"$nin": besides}}
        rows = self.filter(__raw__=late).order_by("next_at").limit(most).only("chat_id")
        return list(dict.fromkeys(row["chat_id"] for row in rows.as_pymongo()))

    def count_attempt(self, update_id: str) -> None:
        """Kept when a process dies; a lost primary may cost a count, and that one more attempt."""
        updates = collection(COLLECTION).with_options(write_concern=WriteConcern(w=1))
        updates.update_one({"_id": update_id}, {"$inc": {"attempts": 1}})

    def empty(self, chat_id: int) -> None:
        """Forget what a chat's handled updates say. That they came, and were handled, is kept."""
        handled = {"chat_id": chat_id, **HANDLED}
        self._collection.update_many(handled, {"$set": {"raw": RAW.to_mongo({})}})

    def mark_handled(self, update_id: str, at: datetime, *, failure: str = "") -> None:
        self.filter(pk=update_id).update_one(
            set__handled_at=at, unset__next_at=True, set__failure=failure
        )


class Update(Record):
    """One update; the id is `tg:<update_id>`."""

    id: str = StringField(primary_key=True)
    update_id: int = LongField(required=True)
    chat_id: int = LongField(required=True)
    raw: dict[str, Any] = RAW
    received_at: datetime = DateTimeField(required=True)
    handled_at: datetime | None = DateTimeField()
    attempts: int = IntField(required=True, default=0)
    failure: str = StringField(default="")
    next_at: datetime | None = DateTimeField()

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": InboxQuerySet,
        "indexes": [
            {
                "fields": ["chat_id", "update_id"],
                "partialFilterExpression": {"next_at": {"$type": "date"}},
                "name": "waiting_by_chat",
            },
            {
                "fields": ["chat_id", "update_id"],
                "partialFilterExpression": HANDLED,
                "name": "handled_by_chat",
            },
            "-received_at",
            UNFINISHED,
        ],
    }


def keep(updates: Iterable[dict[str, Any]]) -> None:
    """Insert updates that are not there yet."""
    rows = ({**update, "raw": RAW.to_mongo(update["raw"])} for update in updates)
    insert_what_is_new(COLLECTION, rows)


class ChatLease(Record):
    """Who may handle a chat's updates now."""

    id: int = LongField(primary_key=True)
    holder: str = StringField(default="")
    until: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "chat_leases"}
