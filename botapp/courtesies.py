"""What is done beside the answer: buttons stop spinning, long work shows, old buttons go."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import structlog

from botapp.heard import Press, read_update
from botapp.ports import Chat
from core.errors import PlatformError

log = structlog.get_logger()

THREADS = 4
REMEMBERED = 10_000
LONGEST_REMEMBERED = 64
"""Letters of a press's id; Telegram's have some twenty."""
SIGN_AFTER_SECONDS = 0.5
SIGN_LASTS_SECONDS = 4.0
"""Telegram shows "typing" for five."""
LOOK_SECONDS = 0.1


class Courtesies:
    """Safe in threads. None of it raises, and no chat waits for it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._wishes: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._started = False
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._signs: dict[int, float] = {}
        self._watched = False
        self._lock = Lock()

    def greet(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Answer presses as they come in: what is heard before them may take long."""
        for update in updates:
            read = read_update(update)
            if read is not None and isinstance(read[1], Press):
                self._wish(partial(self.answer_press, read[1].callback_id))

    def answer_press(self, callback_id: str) -> None:
        """Once, by whoever comes first."""
        with self._lock:
            if callback_id in self._answered:
                return
            if len(callback_id) <= LONGEST_REMEMBERED:
                self._answered[callback_id] = None
            if len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
        try:
            self._chat.answer_press(callback_id)
        except PlatformError as trouble:
            log.info("press_not_answered", why=str(trouble))

    def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Of a message that is over, unless others wait for answers: an old button harms nobody."""
        with self._lock:
            is_busy = bool(self._signs.keys() - {chat_id})
        if not is_busy:
            self._wish(partial(self._take_buttons, chat_id, message_id))

    def _take_buttons(self, chat_id: int, message_id: int) -> None:
        try:
            self._chat.take_buttons(chat_id, message_id)
        except PlatformError as trouble:
            log.info("buttons_not_taken", chat_id=chat_id, why=str(trouble))

    @contextmanager
    def working(self, chat_id: int) -> Iterator[None]:
        """Whatever takes longer than half a second in this block shows in the chat."""
        with self._lock:
            self._signs[chat_id] = monotonic() + SIGN_AFTER_SECONDS
            if not self._watched:
                self._watched = True
                Thread(target=self._watch, name="signs", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                del self._signs[chat_id]

    def _watch(self) -> None:
        while self._show_signs():
            Event().wait(LOOK_SECONDS)

    def _show_signs(self) -> bool:
        """False when nobody works any more; the next who does has them watched again."""
        with self._lock:
            self._watched = bool(self._signs)
            due = [chat_id for chat_id, at in self._signs.items() if at <= monotonic()]
            for chat_id in due:
                self._signs[chat_id] = monotonic() + SIGN_LASTS_SECONDS
            watched = self._watched
        for chat_id in due:
            self._wish(partial(self._chat.typing, chat_id))
        return watched

    def _wish(self, act: Callable[[], None]) -> None:
        """The threads stay, as do their connections; a process that ends waits for none of them."""
        with self._lock:
            starting, self._started = not self._started, True
        for _ in range(THREADS if starting else 0):
            Thread(target=self._grant, name="courtesy", daemon=True).start()
        self._wishes.put(act)

    def _grant(self) -> None:
        while True:
            self._wishes.get()()
