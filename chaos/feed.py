"""What the bot says to all customers: one long poll, handed out chat by chat."""

from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any, Self

import requests

Message = dict[str, Any]
WAIT_SECONDS = 0.5
PAUSE_SECONDS = 0.05
HTTP_SECONDS = 30.0


@dataclass(slots=True)
class Chat:
    """The newest state of each of the bot's messages."""

    messages: dict[int, Message] = field(default_factory=dict)


class Feed:
    def __init__(self, sandbox: str) -> None:
        self._url = f"{sandbox}/chats/changes"
        self._session = requests.Session()
        self._epoch, self._version = "", 0
        self._chats: dict[int, Chat] = {}
        self._rounds = 0
        self._news = Condition()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="feed", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self._session.close()

    def join(self, chat_id: int) -> None:
        """From now on nothing that is said there is missed."""
        with self._news:
            self._chats[chat_id] = Chat()
            listening = self._rounds + 2
            self._news.wait_for(lambda: self._rounds >= listening)

    def leave(self, chat_id: int) -> None:
        with self._news:
            del self._chats[chat_id]

    def messages(self, chat_id: int) -> list[Message]:
        """The bot's messages, oldest first."""
        with self._news:
            chat = self._chats[chat_id].messages
            return [chat[key] for key in sorted(chat)]

    def wait(self, until: float) -> None:
        """Until there is news of anybody, or the moment has come."""
        with self._news:
            self._news.wait(max(0.0, until - monotonic()))

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE_SECONDS):
            with self._news:
                listened = sorted(self._chats)
            try:
                self._hand_out(self._ask(listened))
            except requests.RequestException:
                self._stopping.wait(WAIT_SECONDS)

    def _ask(self, listened: list[int]) -> dict[str, Any]:
        asked: dict[str, str | float] = {
            "chats": ",".join(map(str, listened)),
            "epoch": self._epoch,
            "since": self._version,
            "wait": WAIT_SECONDS,
        }
        answer = self._session.get(self._url, params=asked, timeout=HTTP_SECONDS)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def _hand_out(self, told: dict[str, Any]) -> None:
        with self._news:
            self._epoch, self._version = told["epoch"], told["version"]
            for chat_id, news in told["chats"].items():
                chat = self._chats.get(int(chat_id))
                for message in news["messages"] if chat else ():
                    if chat and message["from"]["is_bot"]:
                        chat.messages[message["message_id"]] = message
            self._rounds += 1
            self._news.notify_all()
