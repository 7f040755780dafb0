"""Which chats a process has in hand, which were woken meanwhile, and which have to wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(slots=True)
class Roster:
    """Safe in threads."""

    in_hand: set[int] = field(default_factory=set)
    woken: set[int] = field(default_factory=set)
    pauses: dict[int, float] = field(default_factory=dict)
    not_before: dict[int, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def claim(self, chat_id: int) -> bool:
        """True if the caller is to handle it; else whoever does is told to look once more."""
        with self.lock:
            if self.not_before.get(chat_id, 0) > monotonic():
                return False
            if chat_id in self.in_hand:
                self.woken.add(chat_id)
                return False
            self.in_hand.add(chat_id)
            return True

    def look(self, chat_id: int) -> None:
        """Whoever woke it before this is heard by whoever looks after it."""
        with self.lock:
            self.woken.discard(chat_id)

    def let_go(self, chat_id: int) -> bool:
        """False when the chat was woken meanwhile and stays in hand."""
        with self.lock:
            if chat_id in self.woken:
                self.woken.discard(chat_id)
                return False
            self.in_hand.discard(chat_id)
            return True

    def pause(self, chat_id: int, asked: float | None) -> None:
        with self.lock:
            self.woken.discard(chat_id)
            pause = self.pauses.get(chat_id, FIRST_PAUSE_SECONDS)
            self.pauses[chat_id] = min(pause * 2, LONGEST_PAUSE_SECONDS)
            self.not_before[chat_id] = monotonic() + (asked or pause)

    def went_well(self, chat_id: int) -> None:
        with self.lock:
            self.pauses.pop(chat_id, None)
            self.not_before.pop(chat_id, None)

    def rested(self) -> Sequence[int]:
        """Chats whose pause is over, each named once."""
        with self.lock:
            over = [chat for chat, moment in self.not_before.items() if moment <= monotonic()]
            for chat in over:
                del self.not_before[chat]
            return over

    def held(self) -> Sequence[int]:
        with self.lock:
            return sorted(self.in_hand)

    def known(self) -> Sequence[int]:
        """In hand here, or waiting here until a pause is over."""
        with self.lock:
            return sorted(self.in_hand | self.not_before.keys())
