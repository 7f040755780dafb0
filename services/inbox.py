"""Updates on their way: kept before they are confirmed, handed out chat by chat, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.ids import is_telegram_id
from models import inbox
from models.draft import REMEMBERED
from models.inbox import ChatLease, Lease, Update

log = structlog.get_logger()

LEASE = timedelta(seconds=10)
"""The holder renews it; a killed holder's chats are free again after this long."""
HANDLED_WITHIN = timedelta(seconds=5)
ATTEMPTS_AT_MOST = 5
PER_TURN = REMEMBERED // 2
"""Handled updates are marked when a turn is over: until then their draft has to know them."""
PER_SWEEP = 200
LEVELS_AT_MOST = 100
"""An update that is nested deeper could be written, and then not be read in a deeper stack."""


@dataclass(frozen=True, slots=True)
class Share:
    """The chats of one process of `of`: those whose id, divided by `of`, leaves `number`."""

    number: int
    of: int


EVERYBODY = Share(0, 1)


@dataclass(frozen=True, slots=True)
class Inbox:
    clock: Clock

    def receive(self, raw_updates: Sequence[Mapping[str, Any]]) -> list[int]:
        """Keep updates durably and answer the chats they belong to, each once.

        Only when this has returned may they be confirmed to Telegram. One that is nested without
        end, or too large, is dropped: it must not keep the others away for ever.
        """
        now = self.clock.now()
        rows = [
            {
                "_id": f"tg:{raw['update_id']}",
                "update_id": raw["update_id"],
                "chat_id": chat_of(raw),
                "raw": dict(raw),
                "received_at": now,
                "attempts": 0,
                "failure": "",
                "next_at": now + HANDLED_WITHIN,
            }
            for raw in raw_updates
            if _is_keepable(raw)
        ]
        for update_id in inbox.keep(rows):
            log.error("update_dropped", update_id=update_id, why="too large")
        return list(dict.fromkeys(row["chat_id"] for row in rows))

    def take_chat(self, chat_id: int, holder: str) -> Lease | None:
        """Become the only one to handle this chat, for the time of a lease."""
        now = self.clock.now()
        lease: Lease | None = ChatLease.objects.take(chat_id, holder, now, now + LEASE)
        return lease

    def renew(self, chat_ids: Sequence[int], holder: str) -> None:
        """Keep the leases of chats still being handled."""
        ChatLease.objects(pk__in=list(chat_ids), holder=holder).update(
            set__until=self.clock.now() + LEASE
        )

    def give_back(self, chat_id: int, holder: str) -> None:
        ChatLease.objects.give_back(chat_id, holder, self.clock.now())

    def waiting(self, chat_id: int) -> list[Update]:
        """The chat's unhandled updates, in Telegram's order."""
        found: list[Update] = Update.objects.waiting(chat_id, PER_TURN)
        return found

    def find(self, update_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Those of these updates that were kept, as they came and in Telegram's order."""
        keys = [f"tg:{update_id}" for update_id in update_ids]
        return [update.raw for update in Update.objects(pk__in=keys).order_by("update_id")]

    def blame(self, update: Update) -> None:
        """Count one more attempt that came to nothing."""
        Update.objects.count_attempt(update.id)

    def is_given_up(self, update: Update) -> bool:
        """Whether there were too many of those: then only `finish` is left."""
        return update.attempts >= ATTEMPTS_AT_MOST

    def finish(self, *updates: Update, failure: str = "") -> None:
        if updates:
            ids = [update.id for update in updates]
            Update.objects.mark_handled(ids, self.clock.now(), failure=failure)

    def chats_waiting(self, share: Share = EVERYBODY, *, besides: Sequence[int] = ()) -> list[int]:
        """Chats of a share with updates that somebody should have handled by now.

        `besides` are known to wait, lest the many words of few hide the others.
        """
        found: list[int] = Update.objects.chats_waiting(
            self.clock.now(), PER_SWEEP, (share.of, share.number), besides
        )
        return found


def is_handled(update: Update) -> bool:
    """Whether anybody has handled it since it was read."""
    handled: bool = Update.objects(handled_at__ne=None).has(update.id)
    return handled


def chat_of(raw: Mapping[str, Any]) -> int:
    """The chat in which this update is to be handled in order; 0 for updates of no chat."""
    for name, part in raw.items():
        if name == "update_id" or not isinstance(part, Mapping):
            continue
        message = part.get("message")
        told = message.get("chat") if isinstance(message, Mapping) else None
        for owner in (told, part.get("chat"), part.get("from"), part.get("user")):
            if isinstance(owner, Mapping) and is_telegram_id(owner.get("id")):
                return int(owner["id"])
    return 0


def _is_keepable(raw: Mapping[str, Any]) -> bool:
    level: list[Any] = [raw]
    for _ in range(LEVELS_AT_MOST):
        level = [inner for outer in level for inner in _parts(outer)]
        if not level:
            return True
    log.error("update_dropped", update_id=raw["update_id"], why="nested without end")
    return False


def _parts(outer: object) -> Iterable[object]:
    if isinstance(outer, Mapping):
        return outer.values()
    return outer if isinstance(outer, list) else ()
