"""P1: what the ledger's guarantees cost against inserting the same documents and nothing more."""

import itertools
from typing import Any

from benchmarks.rates import Effort, Measured, compare
from core.clock import SystemClock
from models.connection import collection
from models.ledger import EntryKind
from services.booking import Step, next_entry
from services.ledger import Ledger, Posting

TIMES = 400


def appends_against_inserts(threads: int, effort: Effort) -> Measured:
    """Appends to one account a thread, against majority inserts of like documents."""
    ledger, clock = Ledger(SystemClock()), SystemClock()
    numbers = itertools.count()
    raw = collection(f"raw_{threads}")

    def append(thread: int, _: int) -> None:
        posting = ledger.append(f"u:{thread}:{threads}", _step(next(numbers)))
        assert posting is Posting.POSTED

    def insert(thread: int, number: int) -> None:
        raw.insert_one(like_document(f"u:{thread}:{threads}", number, clock))

    times = effort.of(TIMES // min(threads, 4))
    found = compare(append, insert, threads=threads, times=times, rounds=effort.rounds)
    return found.named("appends_per_s", "raw_inserts_per_s")


def _step(number: int) -> Step:
    return Step(
        key=f"topup:bench:{number}",
        kind=EntryKind.TOPUP,
        d_available=100,
        d_held=0,
        contra="provider:bench:USD",
        ref={"payment": f"T-{number}"},
        by="bench",
    )


def like_document(account: str, number: int, clock: SystemClock) -> dict[str, Any]:
    return next_entry(account, _step(number), None, clock.now())
