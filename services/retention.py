"""What is kept for a time only: erased in small parts by a sweep, each time what is due."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from pymongo.collection import Collection

from core.clock import Clock
from core.modes import ApiMode
from models.batch import TOLD_BY_ROWS, BatchRow, BatchState
from models.connection import collection
from models.inbox import HANDLED

log = structlog.get_logger()

AT_A_TIME = 500
TURN_SECONDS = 20.0
"""Whatever is left then, the next sweep goes on with: other work of the queue waits meanwhile."""
BEGUN = (BatchState.MAPPING, BatchState.READY)
BOUGHT = (BatchState.DONE, BatchState.STOPPED)

Condition = Mapping[str, Any]
Records = Collection[dict[str, Any]]
Way = Callable[[Records, Condition], object]


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that are due, by an index that holds nothing erased, and the way to erase them.

    The way is given `due` once more, for those that were found: what has moved since then stays.
    """

    name: str
    due: Condition
    way: Way = Collection.delete_many

    def erase(self) -> int:
        """How many were found."""
        records = collection(self.name)
        found = [row["_id"] for row in records.find(self.due, {"_id": True}).limit(AT_A_TIME)]
        if found:
            self.way(records, {**self.due, "_id": {"$in": found}})
            log.info("erased", what=self.name, found=len(found))
        return len(found)


def changed(**change: Any) -> Way:
    """By MongoDB's words for an update, without their dollars."""
    update = {f"${verb}": fields for verb, fields in change.items()}
    return lambda records, still: records.update_many(still, update)


def _empty_files(files: Records, still: Condition) -> None:
    """The rows first: a file that is emptied is not found again."""
    BatchRow.objects.empty(still["_id"]["$in"], (*TOLD_BY_ROWS, "digest"))
    gone = dict.fromkeys(("heading", "defaults", "labels_files"), True)
    changed(set={"name": "file"}, unset=gone)(files, still)


EMPTY_DRAFT = changed(set={"screen": "menu"}, unset={"data": True}, inc={"version": 1})
"""The last screen's buttons are old from here on; which update was heard last is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long is kept what was begun and not bought, what customers wrote, and what was bought.

    Nothing remembers how far it came: what is erased is not found again.
    """

    clock: Clock
    drafts: timedelta
    updates: timedelta
    orders: timedelta

    def sweep(self) -> None:
        """Erase what is due. Safe to call at any time, any number of times, and to be killed."""
        ends = monotonic() + TURN_SECONDS
        waiting = [*self._parts(self.clock.now())]
        while waiting and monotonic() < ends:
            waiting = [part for part in waiting if part.erase() == AT_A_TIME]

    def _parts(self, now: datetime) -> Iterator[Part]:
        begun, wrote, bought = (
            {"$lte": now - kept} for kept in (self.drafts, self.updates, self.orders)
        )
        there = {"$exists": True}
        yield Part("drafts", {"touched_at": begun, "data": there}, EMPTY_DRAFT)
        yield Part("inbox", {"received_at": wrote, **HANDLED})
        for mode in ApiMode:
            # An order has a copy of all that was bought by its quote.
            yield Part("quotes", {"mode": mode.value, "created_at": begun})
        drop = changed(set={"status": BatchState.DROPPED.value})
        yield Part("batches", {**_in(*BEGUN), "moved_at": begun, "heading": there}, drop)
        dropped = {**_in(BatchState.DROPPED), "moved_at": begun, "heading": there}
        yield Part("batches", dropped, _empty_files)
        yield Part("batches", {**_in(*BOUGHT), "moved_at": bought, "heading": there}, _empty_files)
        # What was told is emptied and stays, so that nobody is told the same again.
        told = {"created_at": bought, "facts": there, "next_at": None}
        yield Part("outbox", told, changed(unset={"facts": True}))
        heard = {"received_at": bought, "body": there, "next_at": None}
        yield Part("notices", heard, changed(unset={"body": True}))


def _in(*states: BatchState) -> dict[str, Any]:
    return {"status": {"$in": [state.value for state in states]}}
