"""What customers have done so far: the clock by which trouble comes, and what is owed to them."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Condition


@dataclass(slots=True)
class Tally:
    """`sent` are updates by chat, `uncertain` the chats where one may have been sent or not."""

    steps: int = 0
    placed: int = 0
    gave_up: int = 0
    sent: Counter[int] = field(default_factory=Counter)
    uncertain: set[int] = field(default_factory=set)
    pays: dict[int, set[str]] = field(default_factory=dict)
    changed: Condition = field(default_factory=Condition)

    def step(self, chat_id: int) -> None:
        with self.changed:
            self.steps += 1
            self.sent[chat_id] += 1
            self.changed.notify_all()

    def doubt(self, chat_id: int) -> None:
        with self.changed:
            self.uncertain.add(chat_id)

    def pay(self, chat_id: int, data: str) -> None:
        """A button Pay is about to be pressed: from here on an order may come of it."""
        with self.changed:
            self.pays.setdefault(chat_id, set()).add(data)

    def end(self, *, placed: bool) -> None:
        with self.changed:
            self.placed += placed
            self.gave_up += not placed
