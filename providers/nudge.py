"""Many wishes for the same thing, done as one."""

from collections.abc import Callable
from threading import Event, Lock, Thread

PAUSE_SECONDS = 0.05


class Nudge:
    """Does `act` at once when it is wanted, then at most once in a pause, in a thread of its own.

    After each `want` there is at least one `act` that began later. The thread begins with the
    first wish, hence never before a server forks; one that was left behind by a fork is replaced.
    """

    def __init__(self, act: Callable[[], None], *, pause: float = PAUSE_SECONDS) -> None:
        self._act, self._pause = act, pause
        self._wanted, self._begin = Event(), Lock()
        self._thread: Thread | None = None

    def want(self) -> None:
        self._wanted.set()
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def _start(self) -> None:
        with self._begin:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="nudge", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        rest = Event()
        while self._wanted.wait():
            self._wanted.clear()
            self._act()
            rest.wait(self._pause)
