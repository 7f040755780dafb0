"""Each chat's updates one after another, different chats side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from itertools import count
from threading import Event, Thread
from typing import Any

import structlog
from mongoengine import OperationError
from pymongo.errors import ConnectionFailure, PyMongoError

from botapp.room import Room
from botapp.roster import Roster
from core.chats import ChatUnreachable
from core.errors import Doubtful, PlatformError, Unavailable
from core.ids import new_id
from models.inbox import Update
from services.drafts import WordsLost
from services.inbox import Inbox, chat_of
from services.users import Users

log = structlog.get_logger()

Handle = Callable[[Update], None]
Greet = Callable[[Sequence[Mapping[str, Any]]], None]
"""Takes raw updates as they come in, before their chats' turn; must not wait or raise."""

WORKERS, PLACES = 32, 4
"""Threads: most of them may wait for outsiders. And how many of them do anything else."""
BEAT_SECONDS, BEATS_A_RENEWAL = 0.1, 30


class Dispatcher:
    """Any number of them may share a database: a lease says who has a chat."""

    def __init__(  # noqa: PLR0913  what is done with updates, each part by its name
        self,
        inbox: Inbox,
        users: Users,
        *,
        sit: Callable[[], AbstractContextManager[Handle]],
        apologise: Callable[[Update], None],
        greet: Greet = lambda _: None,
        workers: int = WORKERS,
        places: int = PLACES,
    ) -> None:
        self._inbox = inbox
        self._users = users
        self._sit = sit
        self._apologise = apologise
        self._greet = greet
        self._holder = new_id("H")
        self._chats = Roster()
        self._room = Room(places)
        self._stopping = Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="chat")
        self._heart = Thread(target=self._beat, name="leases", daemon=True)
        self._heart.start()

    def hear(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Greet these updates, which the inbox has got, and have their chats handled."""
        self._greet(updates)
        self.wake(dict.fromkeys(map(chat_of, updates)))

    def wake(self, chat_ids: Iterable[int]) -> None:
        """Have these chats handled. One that is being handled is looked at once more."""
        for chat_id in chat_ids:
            if not self._stopping.is_set() and self._chats.claim(chat_id):
                handling = self._pool.submit(self._run, chat_id)
                handling.add_done_callback(partial(self._ended, chat_id))

    def wake_rested(self) -> None:
        """Have the chats handled that had to wait and have waited long enough."""
        self.wake(self._chats.rested())

    @property
    def known(self) -> Sequence[int]:
        """Chats that no sweep need find: they are in hand here, or rest."""
        return self._chats.known()

    @property
    def busy(self) -> bool:
        """Whether a chat is in hand here."""
        return bool(self._chats.held())

    def stop(self) -> None:
        """Finish what is being handled; the rest stays in the inbox."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._heart.join()

    def _beat(self) -> None:
        for beat in count(1):
            if self._stopping.wait(BEAT_SECONDS):
                return
            self._room.make()
            if not beat % BEATS_A_RENEWAL:
                self._renew()

    def _renew(self) -> None:
        try:
            self._inbox.renew(self._chats.held(), self._holder)
        except (PyMongoError, OperationError) as error:
            log.warning("leases_not_renewed", why=type(error).__name__)

    def _run(self, chat_id: int) -> None:
        while True:
            try:
                with self._room.place(chat_id):
                    self._empty(chat_id)
            except PyMongoError as error:
                log.warning("inbox_unreachable", chat_id=chat_id, why=type(error).__name__)
                self._chats.pause(chat_id, None)
            if self._stopping.is_set() or self._chats.let_go(chat_id):
                return

    def _ended(self, chat_id: int, handling: "Future[None]") -> None:
        """A chat whose handling broke off is free again: the sweep hands it on."""
        if handling.cancelled() or handling.exception() is None:
            return
        log.error("chat_broke_off", chat_id=chat_id, why=repr(handling.exception()))
        self._chats.pause(chat_id, None)
        self._chats.let_go(chat_id)

    def _empty(self, chat_id: int) -> None:
        """Handle what waits. Looks again after giving back: somebody may have come in vain."""
        waiting = self._waiting(chat_id)
        while waiting and (lease := self._inbox.take_chat(chat_id, self._holder)):
            try:
                if not lease.undisturbed:
                    waiting = self._waiting(chat_id)
                goes_on = self._handle_all(waiting, after_death=lease.after_death)
            finally:
                self._inbox.give_back(chat_id, self._holder)
            if not goes_on:
                return
            waiting = self._waiting(chat_id)

    def _waiting(self, chat_id: int) -> Sequence[Update]:
        self._chats.look(chat_id)
        return self._inbox.waiting(chat_id)

    def _handle_all(self, updates: Sequence[Update], *, after_death: bool) -> bool:
        """They are marked as handled together: a draft knows those that it has heard.

        After a death the first one is suspected, and tried alone. Whoever's draft has been moved by
        somebody else is handled again at once.
        """
        if after_death:
            updates = updates[:1]
            for suspect in updates:
                self._inbox.blame(suspect)
        handled: list[Update] = []
        try:
            with self._sit() as handle:
                for update in updates:
                    if self._stopping.is_set() or not self._handle_one(update, handle):
                        break
                    handled.append(update)
        except WordsLost as lost:
            log.info("words_heard_again", why=str(lost))
            return True
        self._inbox.finish(*handled)
        return len(handled) == len(updates)

    def _handle_one(self, update: Update, handle: Handle) -> bool:
        """False when this chat has to wait: nothing later may be handled before this."""
        if self._inbox.is_given_up(update):
            log.error("update_given_up", update_id=update.update_id, chat_id=update.chat_id)
            self._inbox.finish(update, failure="poison")
            self._chats.went_well(update.chat_id)
            self._say_sorry(update)
            return True
        try:
            handle(update)
        except ChatUnreachable as gone:
            log.info("chat_unreachable", chat_id=update.chat_id, why=str(gone))
            self._users.mark_unreachable(update.chat_id)
        except WordsLost:
            raise
        except (Unavailable, Doubtful, ConnectionFailure) as trouble:
            self._delay(update, trouble)
            return False
        except Exception:  # the outermost edge: one customer's update must not stop the others
            log.exception("update_failed", update_id=update.update_id, chat_id=update.chat_id)
            self._inbox.blame(update)
            self._chats.pause(update.chat_id, None)
            return False
        self._chats.went_well(update.chat_id)
        return True

    def _delay(self, update: Update, trouble: Exception) -> None:
        """An outage is no fault of the update: however long it lasts, it is not given up.

        Nor is an answer that may have come: told that it was not heard, somebody might pay again.
        """
        log.warning("update_delayed", update_id=update.update_id, why=str(trouble))
        asked = trouble.facts.get("retry_after") if isinstance(trouble, Unavailable) else None
        self._chats.pause(update.chat_id, asked)

    def _say_sorry(self, update: Update) -> None:
        try:
            self._apologise(update)
        except PlatformError as error:
            log.warning("apology_not_said", chat_id=update.chat_id, why=str(error))
