"""Telegram's sending limits: about one message a second to a chat, and so many in all."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

CHAT_PER_SECOND = 1.0
CHAT_BURST = 20.0


@dataclass(slots=True)
class _Bucket:
    size: float
    per_second: float
    left: float
    at: float

    def refill(self, now: float) -> None:
        self.left = min(self.size, self.left + (now - self.at) * self.per_second)
        self.at = now

    def wait(self) -> float:
        return max(0.0, (1 - self.left) / self.per_second)


@dataclass(slots=True)
class Pace:
    """Token buckets, one for all and one for each chat."""

    clock: Callable[[], float]
    overall_per_second: float
    _buckets: dict[int | None, _Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, chat_id: int | None = None) -> int:
        """Whole seconds the sender must wait; 0 means that it may go out.

        An edit belongs to no chat's bucket: Telegram is laxer with edits than with messages.
        """
        with self._lock:
            buckets = [self._bucket(None, self.overall_per_second, self.overall_per_second)]
            if chat_id is not None:
                buckets.append(self._bucket(chat_id, CHAT_BURST, CHAT_PER_SECOND))
            wait = max(bucket.wait() for bucket in buckets)
            if wait > 0:
                return math.ceil(wait)
            for bucket in buckets:
                bucket.left -= 1
            return 0

    def _bucket(self, key: int | None, size: float, per_second: float) -> _Bucket:
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(size, per_second, size, now))
        bucket.refill(now)
        return bucket
