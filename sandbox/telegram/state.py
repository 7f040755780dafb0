"""Everything Telegram remembers, rebuilt from the journal's events and changed only by them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, RLock
from typing import Any

from sandbox.journal import Event, Journal

PART = "telegram"
TYPING_SECONDS = 5.0

JsonObject = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """One customer's chat. `seen` holds the state's version at each message's last change."""

    person: JsonObject
    messages: dict[int, JsonObject] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    seen: dict[int, int] = field(default_factory=dict)
    pressable: dict[int, set[str]] = field(default_factory=dict)
    answers: list[tuple[int, JsonObject]] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    typing_until: float = 0.0

    def as_telegram(self) -> JsonObject:
        names = {key: value for key, value in self.person.items() if key in _NAMES}
        return {"id": self.person["id"], **names, "type": "private"}


@dataclass(slots=True)
class Query:
    """A pressed button that waits for the bot's answer."""

    chat_id: int
    message_id: int
    at: float
    answered: bool = False


_NAMES = ("first_name", "last_name", "username")


class State:
    """Hold `changed` (a condition over one lock) around reading, and around `commit`."""

    def __init__(self, journal: Journal, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.changed = Condition(RLock())
        self.version = 0
        self.chats: dict[int, Chat] = {}
        self.updates: dict[int, JsonObject] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, JsonObject] = {}
        self.profile: dict[str, Any] = {}
        self.webhook: JsonObject = {}
        self.allowed_updates: list[str] = []
        self.documents: list[JsonObject] = []
        self._message_id = 0
        # Without a journal the ids of an earlier life are unknown, and a bot that remembers
        # them would take reused ones for old updates.
        self._update_id = int(clock())
        self._handlers = self._by_kind()
        self._journal = journal
        journal.subscribe(PART, self._apply)

    def commit(self, kind: str, **facts: Any) -> None:
        """Write the event down, let it happen, and wake whoever waits for news."""
        event = {"kind": kind, **facts}
        with self.changed:
            self._journal.record(PART, event)
            self._apply(event)
            self.changed.notify_all()

    def touch(self, chat: Chat, *, typing: bool) -> None:
        """Show or hide the typing sign: a passing thing that no journal needs."""
        with self.changed:
            chat.typing_until = self.clock() + TYPING_SECONDS if typing else 0.0
            self.version += 1
            self.changed.notify_all()

    def next_message_id(self) -> int:
        return self._message_id + 1

    def next_update_id(self) -> int:
        return self._update_id + 1

    def _apply(self, event: Event) -> None:
        self.version += 1
        self._handlers[event["kind"]](event)
        if update := event.get("update"):
            self._update_id = update["update_id"]
            self.updates[self._update_id] = update

    def _by_kind(self) -> dict[str, Callable[[Event], None]]:
        return {
            "person": self._person,
            "message": self._message,
            "deleted": self._deleted,
            "blocked": self._blocked,
            "pressed": self._pressed,
            "answered": self._answered,
            "file": self._file,
            "confirmed": self._confirmed,
            "profile": self._profile,
            "webhook": self._webhook,
            "allowed": self._allowed,
        }

    def _person(self, event: Event) -> None:
        person = event["person"]
        self.chats.setdefault(person["id"], Chat(person)).person = person

    def _message(self, event: Event) -> None:
        """A new message, or a known one as it is after an edit."""
        message = event["message"]
        message_id = message["message_id"]
        self._message_id = max(self._message_id, message_id)
        chat = self.chats[message["chat"]["id"]]
        chat.messages[message_id] = message
        chat.seen[message_id] = self.version
        chat.pressable.setdefault(message_id, set()).update(_button_data(message))
        chat.started = chat.started or not message["from"]["is_bot"]
        if message["from"]["is_bot"]:
            chat.typing_until = 0.0
        if "book" in event:
            self.documents.append(event["book"])

    def _deleted(self, event: Event) -> None:
        chat = self.chats[event["chat_id"]]
        del chat.messages[event["message_id"]]
        chat.deleted.add(event["message_id"])
        chat.seen[event["message_id"]] = self.version

    def _blocked(self, event: Event) -> None:
        self.chats[event["chat_id"]].blocked = event["blocked"]

    def _pressed(self, event: Event) -> None:
        place = (event["chat_id"], event["message_id"], event["at"])
        self.queries[event["query_id"]] = Query(*place)

    def _answered(self, event: Event) -> None:
        answer = event["answer"]
        query = self.queries[answer["callback_query_id"]]
        query.answered = True
        self.chats[query.chat_id].answers.append((self.version, answer))

    def _file(self, event: Event) -> None:
        self.files[event["file"]["file_id"]] = event["file"]

    def _confirmed(self, event: Event) -> None:
        for update_id in [key for key in self.updates if key < event["before"]]:
            del self.updates[update_id]

    def _profile(self, event: Event) -> None:
        self.profile[event["name"]] = event["value"]

    def _webhook(self, event: Event) -> None:
        self.webhook = event["webhook"]

    def _allowed(self, event: Event) -> None:
        self.allowed_updates = event["kinds"]


def _button_data(message: JsonObject) -> set[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["callback_data"] for row in rows for button in row if "callback_data" in button}
