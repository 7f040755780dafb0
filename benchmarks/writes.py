"""Which durable writes something makes, as the driver sends them."""

from collections import Counter

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

WRITES = frozenset({"insert", "update", "delete", "findAndModify"})


class DurableWrites(CommandListener):
    """Counts, by collection, the writes whose answer waits for the majority."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def started(self, event: CommandStartedEvent) -> None:
        concern = event.command.get("writeConcern", {})
        if event.command_name in WRITES and concern.get("w") == "majority":
            self.made[str(event.command[event.command_name])] += 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Counted when it started."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Likewise."""
