"""What may befall a bot: at any write to MongoDB, or next to it, it dies or stands still."""

from threading import Event, current_thread

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

WRITES = frozenset({"insert", "update", "delete", "findAndModify"})
HANDLERS, HEARTS = "chat", "leases"
"""The names of a dispatcher's threads."""
PATIENCE_SECONDS = 60.0


class Killed(BaseException):
    """What kill -9 is to a thread: nothing more of it happens."""


class Fate(CommandListener):
    """Strikes the bot's threads only. A dead one sends no command more, not even to tidy up.

    Each write is two moments: before it, when all outside effects since the last one have
    happened, and after it. So between any two effects of an update there is one.
    """

    def __init__(self) -> None:
        self.dead = False
        self.stalled = Event()
        self._goes_on = Event()
        self._goes_on.set()
        self._moments = 0
        self._kills = False

    def strike(self, moments: int, *, kill: bool) -> None:
        """At this moment from now on; never, if no bot lives so long."""
        self._moments, self._kills = moments, kill

    def relent(self) -> None:
        """Whoever stood still goes on, and nothing more happens; the dead are buried by now."""
        self._moments, self.dead = 0, False
        self.stalled.clear()
        self._goes_on.set()

    def started(self, event: CommandStartedEvent) -> None:
        self._pass(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._pass(event.command_name)

    def failed(self, event: CommandFailedEvent) -> None:
        """No moment of its own."""

    def _pass(self, command: str) -> None:
        name = current_thread().name
        if name.startswith(HEARTS):
            self._goes_on.wait(PATIENCE_SECONDS)
        if not name.startswith(HANDLERS):
            return
        if self.dead:
            raise Killed
        if command in WRITES and self._moments:
            self._moments -= 1
            if not self._moments:
                self._strike()

    def _strike(self) -> None:
        if self._kills:
            self.dead = True
            raise Killed
        self._goes_on.clear()
        self.stalled.set()
        self._goes_on.wait(PATIENCE_SECONDS)
