"""Telegram in this process: the sandbox's own methods, judged by the whole description."""

import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Lock, local
from typing import IO, Any

from werkzeug.datastructures import FileStorage

from providers.wire import Answer
from sandbox.settings import SandboxSettings
from sandbox.telegram.calls import Call, Office
from sandbox.telegram.editing import Editing
from sandbox.telegram.errors import BotApiError, bad_request
from sandbox.telegram.listening import Listening
from sandbox.telegram.media import keep_file
from sandbox.telegram.pace import Pace
from sandbox.telegram.profile import Profile
from sandbox.telegram.sending import Sending
from sandbox.telegram.spec import Judge, Misuse
from sandbox.telegram.state import Chat, State
from sandbox.telegram.stored_files import StoredFiles
from sandbox.telegram.updates import Updates
from sandbox.telegram.webhook import Webhook
from sandbox.world import World
from tests.fuzz.nasty import is_readable

TOKEN = "1000001:only-for-fuzzing"
KEPT_MESSAGES = 40
ASKED_AT_MOST = 250
"""Polls that bring the same update; one that is never confirmed keeps all others away."""
POLL_SECONDS = 0.5
SAID = {"sendMessage", "sendDocument", "sendPhoto", "editMessageText"}
NO_MATTER = {
    "editMessageText": (
        "message is not modified", "message to edit not found", "message can't be edited",
        "there is no text in the message to edit",
    ),
    "editMessageReplyMarkup": (
        "message is not modified", "message to edit not found", "message can't be edited",
    ),
    "answerCallbackQuery": ("query is too old",),
    "getFile": ("wrong file_id",),
}  # fmt: skip
"""Refusals that a bot meets through no fault of its own."""


@dataclass
class Waiting:
    """An update that Telegram has, as it is written; without an id it is told once."""

    update_id: int | None
    text: str
    asked: int = 0
    told: bool = False
    """In an answer that can be read, or alone: only then an offset says that it is kept."""


@dataclass
class Door:
    """`answered` counts what was said on behalf of an update; `refused` is what should not be."""

    judge: Judge
    answered: Counter[str] = field(default_factory=Counter)
    presses: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    news: Condition = field(default_factory=Condition)
    lock: Lock = field(default_factory=Lock)
    speaker: local = field(default_factory=local)

    def __post_init__(self) -> None:
        world, seconds = World(SandboxSettings()), count()
        self.state = State(world.journal)
        updates = Updates(self.state, world)
        # Each look at its clock is a second later: the pace is another test's matter.
        pace = Pace(lambda: float(next(seconds)), 1_000.0)
        self.office = Office(self.state, updates, StoredFiles(None), pace)
        webhook = Webhook(self.state, updates)
        parts = (
            Sending(self.office), Editing(self.office), Profile(self.office),
            Listening(self.office, webhook),
        )  # fmt: skip
        self.methods = {name: method for part in parts for name, method in part.handlers().items()}

    def open_chat(self, chat_id: int) -> None:
        """As after the customer's first word."""
        person = {"id": chat_id, "is_bot": False, "first_name": "Maria", "language_code": "en"}
        self.state.commit("person", person=person)
        chat = self.state.chats[chat_id]
        message = {"message_id": self.state.next_message_id(), "from": person, "text": "/start"}
        self.state.commit("message", message=message | {"chat": chat.as_telegram()})

    def chat(self, chat_id: int) -> Chat:
        return self.state.chats[chat_id]

    def tell(self, updates: list[Waiting]) -> None:
        """Have the next polls bring these."""
        with self.news:
            self.waiting += updates
            self.news.notify()

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """The document of a customer's message."""
        record = keep_file(self.office, FileStorage(io.BytesIO(content), name), "document")
        return {key: record[key] for key in ("file_id", "file_unique_id", "file_name")} | {
            "file_size": len(content)
        }

    def send(
        self,
        _: str,
        address: str,
        *,
        params: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, IO[bytes]]] | None = None,
        **__: object,
    ) -> Answer:
        """In the place of `Wire.send`."""
        host, method = address.rpartition("/")[::2]
        if "/file/" in host:
            return self._file(f"{host.rpartition('/')[2]}/{method}")
        self.calls[method] += 1
        if method == "getUpdates":
            return _answer(200, self._updates(**(params or {})))
        uploads = {
            name: FileStorage(io.BytesIO(file.read()), called)
            for name, (called, file) in (files or {}).items()
        }
        given = {name: str(value) for name, value in (params or {}).items()}
        try:
            values = self.judge.read(method, given, uploads)
            self._note(method, values)
            result = self.methods[method](Call(TOKEN, values, uploads))
        except (Misuse, BotApiError) as trouble:
            error = trouble if isinstance(trouble, BotApiError) else bad_request(str(trouble))
            if not self._is_no_matter(method, given, error.description):
                told = {name: value[:600] for name, value in given.items()}
                self.refused.append(f"{method}: {error.description}: {told}")
            return _answer(error.code, json.dumps(error.envelope()))
        return _answer(200, json.dumps({"ok": True, "result": result}))

    def _file(self, path: str) -> Answer:
        record = next(one for one in self.state.files.values() if one["path"] == path)
        return Answer(200, "OK", self.office.stored.get(record["sha256"]))

    def _is_no_matter(self, method: str, given: Mapping[str, str], told: str) -> bool:
        """Also what a broken update makes it say to nobody."""
        if "chat not found" in told:
            return int(given["chat_id"]) not in self.state.chats
        return any(words in told for words in NO_MATTER.get(method, ()))

    def _note(self, method: str, values: Mapping[str, Any]) -> None:
        with self.lock:
            if method in SAID:
                self.answered[getattr(self.speaker, "update_id", "")] += 1
                self._forget_old(values["chat_id"])
            if method == "answerCallbackQuery":
                self.presses.add(values["callback_query_id"])

    def _forget_old(self, chat_id: int) -> None:
        with self.state.changed:
            chat = self.state.chats.get(chat_id)
            for message_id in sorted(chat.messages if chat else ())[:-KEPT_MESSAGES]:
                del chat.messages[message_id]

    def _updates(self, offset: int = 0, limit: int = 100, **_: object) -> str:
        with self.news:
            self.waiting = [one for one in self.waiting if not _is_confirmed(one, offset)]
            self.news.wait_for(lambda: self.waiting, POLL_SECONDS)
            told = self.waiting[:limit]
            answer = f'{{"ok":true,"result":[{",".join(one.text for one in told)}]}}'
            readable = is_readable(answer)
            for one in told:
                one.asked += 1
                one.told = one.told or readable or limit == 1 or one.update_id is None
            if told and told[0].asked > ASKED_AT_MOST:
                self.refused.append(f"getUpdates: asked for ever: {told[0].text[:300]}")
                self.waiting.pop(0)
        return answer


def _is_confirmed(update: Waiting, offset: int) -> bool:
    return update.told and (update.update_id is None or update.update_id < offset)


def _answer(status: int, text: str) -> Answer:
    return Answer(status, "", text.encode())
