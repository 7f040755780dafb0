"""What is kept for a time only: erased in small parts by a sweep, each time what is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from core.clock import Clock
from core.modes import ApiMode
from models.batch import BatchState
from models.inbox import HANDLED
from services.aging import AT_A_TIME, Part, changed, empty_files
from services.erasing import erase_orders

TURN_SECONDS = 20.0
"""Whatever is left then, the next sweep goes on with: other work of the queue waits meanwhile."""
LATE = timedelta(days=2)
BEGUN = (BatchState.MAPPING, BatchState.READY)
BOUGHT = (BatchState.DONE, BatchState.STOPPED)
THERE = {"$exists": True}
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
        waiting = [*self.parts(self.clock.now())]
        while waiting and monotonic() < ends:
            waiting = [part for part in waiting if part.erase() == AT_A_TIME]

    def late(self) -> list[str]:
        """Collections with something that should have been erased two days ago."""
        parts = self.parts(self.clock.now() - LATE)
        return sorted({part.name for part in parts if part.find(1)})

    def parts(self, now: datetime) -> Iterator[Part]:
        begun, wrote, bought = (
            {"$lte": now - kept} for kept in (self.drafts, self.updates, self.orders)
        )
        yield Part("drafts", {"touched_at": begun, "data": THERE}, EMPTY_DRAFT)
        yield Part("inbox", {"received_at": wrote, **HANDLED})
        for mode in ApiMode:
            # An order has a copy of all that was bought by its quote.
            yield Part("quotes", {"mode": mode.value, "created_at": begun})
        drop = changed(set={"status": BatchState.DROPPED.value})
        yield Part("batches", {**_files(*BEGUN), "moved_at": begun}, drop)
        empty = partial(empty_files, now=now)
        yield Part("batches", {**_files(BatchState.DROPPED), "moved_at": begun}, empty)
        yield Part("batches", {**_files(*BOUGHT), "moved_at": bought}, empty)
        look = partial(erase_orders, now=now, kept=self.orders)
        yield Part("orders", {"sender": THERE, "erase_at": {"$lte": now}}, look)
        yield Part("orders", {"sender": THERE, "erase_at": None, "created_at": bought}, look)
        # What was told is emptied and stays, so that nobody is told the same again.
        told = {"created_at": bought, "facts": THERE, "next_at": None}
        yield Part("outbox", told, changed(unset={"facts": True}))
        heard = {"received_at": bought, "body": THERE, "next_at": None}
        yield Part("notices", heard, changed(unset={"body": True}))


def _files(*states: BatchState) -> dict[str, Any]:
    return {"status": {"$in": [state.value for state in states]}, "heading": THERE}
