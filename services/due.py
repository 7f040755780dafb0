"""What is due in the outbox, handed out one by one to several senders for a while."""

from collections import deque
from threading import Lock
from time import monotonic

from core.clock import Clock
from models.outbox import Note

PER_LOOK = 100


class Due:
    """Safe in threads. No note is handed out twice: one that was put off is the next sweep's."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._ends = monotonic() + seconds
        self._given: set[str] = set()
        self._waiting: deque[str] = deque()
        self._lock = Lock()
        self._look()

    @property
    def found(self) -> int:
        return len(self._waiting)

    def next(self) -> str | None:
        """The id of a note, or None: there is no other, or the time is over."""
        with self._lock:
            if monotonic() > self._ends:
                return None
            if not self._waiting:
                self._look()
            return self._waiting.popleft() if self._waiting else None

    def _look(self) -> None:
        found = Note.objects.due(self._clock.now(), PER_LOOK)
        self._waiting.extend(note_id for note_id in found if note_id not in self._given)
        self._given.update(self._waiting)
