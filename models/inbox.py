"""The inbox: every update from Telegram, kept before it is confirmed, handled once and in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from mongoengine import BooleanField, DateTimeField, IntField, LongField, StringField

from models.base import UNFINISHED, Record, RecordQuerySet, overdue
from models.connection import hasty_collection, insert_what_is_new
from models.fields import JsonField

COLLECTION = "inbox"
LEASES = "chat_leases"
WAITING: dict[str, Any] = {"next_at": {"$type": "date"}}
HANDLED: dict[str, Any] = {"handled_at": {"$type": "date"}}
RAW = JsonField()
LARGEST = 4_000_000
"""Letters of an update's JSON: more than Telegram's limits let it be. MongoDB takes 16 MB."""


class InboxQuerySet(RecordQuerySet):
    def waiting(self, chat_id: int, most: int) -> list["Update"]:
        """A chat's unhandled updates in Telegram's order."""
        rows = self._collection.find({"chat_id": chat_id, **WAITING}).sort("update_id").limit(most)
        return [self._read(row) for row in rows]

    def chats_waiting(
        self, now: datetime, most: int, share: tuple[int, int], besides: Sequence[int] = ()
    ) -> list[int]:
        """Chats with updates that should have been handled by now.

        `share` is a divisor and what it leaves of their ids. Of a group's, which is below zero,
        MongoDB finds what is left below zero, too.
        """
        divisor, left = share
        shared = [{"chat_id": {"$mod": [divisor, each]}} for each in (left, left - divisor)]
        late = overdue(now) | {"chat_id": {"$nin": besides}, "$or": shared}
        rows = self.filter(__raw__=late).order_by("next_at").limit(most).only("chat_id")
        return list(dict.fromkeys(row["chat_id"] for row in rows.as_pymongo()))

    def count_attempt(self, update_id: str) -> None:
        """Kept when a process dies; a lost primary may cost a count, and that one more attempt."""
        hasty_collection(COLLECTION).update_one({"_id": update_id}, {"$inc": {"attempts": 1}})

    def empty(self, chat_id: int) -> None:
        """Forget what a chat's handled updates say. That they came, and were handled, is kept."""
        handled = {"chat_id": chat_id, **HANDLED}
        self._collection.update_many(handled, {"$set": {"raw": RAW.to_mongo({})}})

    def mark_handled(self, ids: Sequence[str], at: datetime, *, failure: str = "") -> None:
        """Those of them that still wait."""
        self._collection.update_many(
            {"_id": {"$in": [*ids]}, **WAITING},
            {"$set": {"handled_at": at, "failure": failure}, "$unset": {"next_at": True}},
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


def keep(updates: Iterable[dict[str, Any]]) -> list[int]:
    """Insert updates that are not there yet; answers the ids of those too large to be kept."""
    rows = [{**update, "raw": RAW.to_mongo(update["raw"])} for update in updates]
    insert_what_is_new(COLLECTION, [row for row in rows if len(row["raw"]) <= LARGEST])
    return [row["update_id"] for row in rows if len(row["raw"]) > LARGEST]


@dataclass(frozen=True, slots=True)
class Lease:
    """What is known of whoever had the chat before.

    `undisturbed` says that nobody has had it since we did, and `after_death` that they never gave
    it back: something in hand there may be what killed them.
    """

    undisturbed: bool
    after_death: bool


class LeaseQuerySet(RecordQuerySet):
    def take(self, chat_id: int, holder: str, now: datetime, until: datetime) -> Lease | None:
        """None while somebody else has the chat.

        If a lost primary takes a lease along, two have the chat: drafts bear that.
        """
        before = hasty_collection(LEASES).find_one_and_update(
            {"_id": chat_id, "$or": [{"until": {"$lte": now}}, {"holder": holder}]},
            {"$set": {"holder": holder, "until": until, "in_hand": True}},
        )
        if before is not None:
            return Lease(before["holder"] == holder, bool(before.get("in_hand")))
        is_first = self.insert_if_absent(chat_id, holder=holder, until=until, in_hand=True)
        return Lease(undisturbed=True, after_death=False) if is_first else None

    def give_back(self, chat_id: int, holder: str, now: datetime) -> None:
        """If that is lost, the chat is free when the lease runs out."""
        hasty_collection(LEASES).update_one(
            {"_id": chat_id, "holder": holder}, {"$set": {"until": now, "in_hand": False}}
        )


class ChatLease(Record):
    """Who may handle a chat's updates now; `in_hand` until it is given back."""

    objects: ClassVar[Any]

    id: int = LongField(primary_key=True)
    holder: str = StringField(default="")
    until: datetime = DateTimeField(required=True)
    in_hand: bool = BooleanField(default=False)

    meta: ClassVar = {"collection": LEASES, "queryset_class": LeaseQuerySet}
