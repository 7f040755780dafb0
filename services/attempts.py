"""Work that ends its worker each time it is tried: counted, and stopped before it is for ever.

Celery hands a killed worker's task out again, and so does the sweep. Neither knows how often.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Alarm
from models.batch import Batch
from models.order import Order
from models.payment import Payment

DEATHS_AT_MOST = 6


class KillsItsWorker(Alarm):
    """Attempt after attempt began and none ended. Facts: `id`."""


@contextmanager
def counted(record: Order | Payment | Batch) -> Iterator[None]:
    """Count an attempt at what a sweep had to wake. Raises KillsItsWorker when there were too many.

    An attempt that ends, in whatever way, clears the count: only deaths add up, not waiting. What
    no sweep had to wake is not counted, so that the ordinary path pays nothing.
    """
    if not record.wakes:
        yield
        return
    mine = type(record).objects(pk=record.id)
    begun = mine.modify(new=True, inc__wakes=1)
    if begun.wakes > 1 + DEATHS_AT_MOST:
        raise KillsItsWorker(id=record.id)
    try:
        yield
    finally:
        mine.update_one(set__wakes=0, write_concern={"w": 1})
