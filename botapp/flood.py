"""Nobody is read faster than they can be answered: a customer who floods waits, and nobody else.

Each process counts the chats of its share, since asking a store at every word would slow everybody
down. Several bots together read as many times as much, with as many times the threads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from threading import Lock
from time import monotonic

from core.buckets import Bucket, Level
from core.errors import Unavailable

TOLD_EVERY_SECONDS = 60.0
CUSTOMERS_AT_MOST = 10_000


class TooQuick(Unavailable):
    """The words of a customer who floods wait in the inbox. Facts: `retry_after` (seconds)."""


@dataclass(slots=True)
class _Customer:
    level: Level
    told_at: float = -inf


class Flood:
    """Safe in threads."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._customers: dict[int, _Customer] = {}
        self._lock = Lock()

    def hold(self, user_id: int, ask_patience: Callable[[], None]) -> None:
        """Raises TooQuick if this customer has to wait, who is asked for it once in a while."""
        with self._lock:
            now = monotonic()
            customer = self._customer(user_id, now)
            wait = customer.level.wait(self._bucket, now)
            asks = wait > 0 and now - customer.told_at >= TOLD_EVERY_SECONDS
            if asks:
                customer.told_at = now
            if asks or not wait:
                customer.level.tokens -= 1
        if asks:
            ask_patience()
        if wait:
            raise TooQuick(retry_after=wait)

    def _customer(self, user_id: int, now: float) -> _Customer:
        if len(self._customers) >= CUSTOMERS_AT_MOST:
            self._customers.clear()
        return self._customers.setdefault(user_id, _Customer(Level(self._bucket.size, now)))
