"""Things to do later: one thread, in the order they are due."""

import heapq
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread
from time import time

Action = Callable[[], None]
LONGEST_WAIT = 3600.0


class Alarms:
    """Actions run one after the other; those due at the same time in the order they came."""

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Action]] = []
        self._order = count()
        self._changed = Condition()
        self._thread: Thread | None = None

    def at(self, due: float, action: Action) -> None:
        """`due` is Unix time; what lies in the past is due now."""
        with self._changed:
            heapq.heappush(self._queue, (due, next(self._order), action))
            self._changed.notify()
            if self._thread is None:
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()

    def after(self, seconds: float, action: Action) -> None:
        self.at(time() + seconds, action)

    def _run(self) -> None:
        while True:
            self._next()()

    def _next(self) -> Action:
        with self._changed:
            while True:
                wait = self._queue[0][0] - time() if self._queue else LONGEST_WAIT
                if wait <= 0:
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(min(wait, LONGEST_WAIT))
