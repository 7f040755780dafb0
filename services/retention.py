"""What is kept for a time only: erased in small parts by a sweep, each time what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import structlog

from core.clock import Clock
from core.modes import ApiMode
from models.connection import collection

log = structlog.get_logger()

AT_A_TIME = 500
TURN_SECONDS = 20.0
"""Whatever is left then, the next sweep goes on with: other work of the queue waits meanwhile."""

Condition = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """`drafts` counts from a draft's last touch and a quote's making, `updates` from their coming.

    Nothing remembers how far it came: what is erased is not found again.
    """

    clock: Clock
    drafts: timedelta
    updates: timedelta

    def sweep(self) -> None:
        """Erase what is due. Safe to call at any time, any number of times, and to be killed."""
        ends = monotonic() + TURN_SECONDS
        waiting = [*self._conditions()]
        while waiting and monotonic() < ends:
            waiting = [(name, due) for name, due in waiting if _erase(name, due) == AT_A_TIME]

    def _conditions(self) -> list[tuple[str, Condition]]:
        """By collection, each answered by an index that holds nothing erased."""
        now = self.clock.now()
        untouched, came = now - self.drafts, now - self.updates
        quotes = [{"mode": mode.value, "created_at": {"$lte": untouched}} for mode in ApiMode]
        return [
            ("drafts", {"touched_at": {"$lte": untouched}, "data": {"$exists": True}}),
            ("inbox", {"received_at": {"$lte": came}, "handled_at": {"$type": "date"}}),
            # An order has a copy of all that was bought by its quote.
            *(("quotes", made) for made in quotes),
        ]


def _erase(name: str, due: Condition) -> int:
    """How many were found. What was touched since it was found stays."""
    found = [row["_id"] for row in collection(name).find(due, {"_id": True}).limit(AT_A_TIME)]
    if not found:
        return 0
    still = {**due, "_id": {"$in": found}}
    if name == "drafts":
        # The last screen's buttons are old from here on; which update was heard last is kept.
        emptied = {"$set": {"screen": "menu"}, "$unset": {"data": True}, "$inc": {"version": 1}}
        collection(name).update_many(still, emptied)
    else:
        collection(name).delete_many(still)
    log.info("erased", what=name, found=len(found))
    return len(found)
