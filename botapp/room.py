"""How many chats are handled at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore
from time import monotonic

LONG_SECONDS = 0.1


class Room:
    """So many places: with more, threads take the interpreter from each other all the time.

    Whoever takes long waits for an outsider, and leaves the place to another. Safe in threads.
    """

    def __init__(self, places: int) -> None:
        self._free = Semaphore(places)
        self._since: dict[int, float] = {}
        self._lock = Lock()

    @contextmanager
    def place(self, chat_id: int) -> Iterator[None]:
        """One at a time for each chat. Waits until there is one."""
        self._free.acquire()
        with self._lock:
            self._since[chat_id] = monotonic()
        try:
            yield
        finally:
            self._leave(chat_id)

    def make(self) -> None:
        """To be called often: gives away the places of those who take long."""
        with self._lock:
            late = monotonic() - LONG_SECONDS
            long = [chat_id for chat_id, since in self._since.items() if since <= late]
        for chat_id in long:
            self._leave(chat_id)

    def _leave(self, chat_id: int) -> None:
        with self._lock:
            held = self._since.pop(chat_id, None)
        if held is not None:
            self._free.release()
