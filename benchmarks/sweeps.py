"""P5: what a sweep of a thousand due documents costs among a million others and among few."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from pymongo import WriteConcern

from benchmarks.desk import Desk
from benchmarks.rates import Effort, Measured
from benchmarks.stand import Stand
from models import indexes
from models.base import overdue
from models.connection import collection, database
from models.order import OrderState
from models.payment import PaymentState

DUE = 1_000
FEW, MANY = 10_000, 1_000_000
STRIPE, STRIPES = 1_000, 100
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A collection that is swept, with a state of documents that are finished and of others."""

    name: str
    finished: str
    waiting: str
    sweep: Callable[[], None]


def orders_among_many(stand: Stand, effort: Effort) -> Measured:
    kind = Kind("orders", OrderState.DONE, OrderState.HELD, Desk().orders.resume)
    return _many_against_few(stand, effort, kind)


def payments_among_many(stand: Stand, effort: Effort) -> Measured:
    kind = Kind("payments", PaymentState.PAID, PaymentState.PENDING, Desk().topups.resume)
    return _many_against_few(stand, effort, kind)


def _many_against_few(stand: Stand, effort: Effort, kind: Kind) -> Measured:
    """In turns; the ratio is that of the times of whole sweeps, so 1.0 means: no difference."""
    due = effort.of(DUE)
    few, many = f"{stand.database}_few", f"{stand.database}_many"
    sizes = {few: effort.of(FEW), many: effort.of(MANY)}
    for name, size in sizes.items():
        stand.use(name)
        _fill(kind, size)
    rounds = min(ROUNDS, effort.rounds)
    _, *timed = (
        [_sweep(stand, kind, name, due) for name in (few, many)] for _ in range(1 + rounds)
    )
    return Measured(
        median(among_many / among_few for among_few, among_many in timed),
        {
            f"ms_for_{due}_among_{sizes[few]}": 1000 * median(pair[0] for pair in timed),
            f"ms_for_{due}_among_{sizes[many]}": 1000 * median(pair[1] for pair in timed),
        },
    )


def _sweep(stand: Stand, kind: Kind, name: str, due: int) -> float:
    """Seconds until nothing is due any more, in as many sweeps as that takes."""
    stand.use(name)
    rows, now = collection(kind.name), Desk().clock.now()
    rows.update_many({"next_at": {"$type": "date"}}, {"$unset": {"next_at": 1}})
    some = [f"{number * 7:07d}" for number in range(due)]
    change = {"status": str(kind.waiting), "next_at": now - timedelta(seconds=1)}
    rows.update_many({"_id": {"$in": some}}, {"$set": change})
    waiting = overdue(now)
    assert rows.count_documents(waiting) == due
    started = perf_counter()
    while rows.find_one(waiting, {"_id": True}) is not None:
        kind.sweep()
    return perf_counter() - started


def _fill(kind: Kind, size: int) -> None:
    """Finished documents, made by the server itself: sending a million takes a minute."""
    collection(kind.name).drop_indexes()
    quick = database().with_options(write_concern=WriteConcern(w=1))
    for first in range(0, size, STRIPES * STRIPE):
        stripes = range(first, min(size, first + STRIPES * STRIPE), STRIPE)
        quick.aggregate(_documents(kind, list(stripes), size))
    indexes.ensure()
    database().client.admin.command("fsync")


def _documents(kind: Kind, stripes: list[int], size: int) -> list[dict[str, Any]]:
    """Puts a thousand documents for each stripe into the collection."""
    numbers = {"$range": ["$first", {"$min": [{"$add": ["$first", STRIPE]}, size]}]}
    now = Desk().clock.now()
    document = {
        "_id": _seven_digits("$number"),
        "user_id": {"$mod": ["$number", 997]},
        "status": str(kind.finished),
        "created_at": now,
        "moved_at": now,
    }
    return [
        {"$documents": [{"first": first} for first in stripes]},
        {"$project": {"number": numbers}},
        {"$unwind": "$number"},
        {"$project": document},
        {"$merge": {"into": kind.name, "whenMatched": "fail"}},
    ]


def _seven_digits(number: str) -> dict[str, Any]:
    text = {"$concat": ["000000", {"$toString": number}]}
    return {"$substrBytes": [text, {"$subtract": [{"$strLenBytes": text}, 7]}, 7]}
