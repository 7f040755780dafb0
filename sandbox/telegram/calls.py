"""One call of the Bot API, and the parts of the sandbox that answer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage

from sandbox.telegram.errors import bad_request, blocked, too_many_requests
from sandbox.telegram.pace import Pace
from sandbox.telegram.state import Chat, State
from sandbox.telegram.stored_files import StoredFiles
from sandbox.telegram.updates import Updates


@dataclass(frozen=True, slots=True)
class Call:
    """`values` have passed the judge; a file among them reads `attach://<its name in files>`."""

    token: str
    values: Mapping[str, Any]
    files: Mapping[str, FileStorage]


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Office:
    """What all methods work on."""

    state: State
    updates: Updates
    stored: StoredFiles
    pace: Pace

    def chat(self, chat_id: object) -> Chat:
        """A chat that its customer has begun. Raises for any other, as Telegram does."""
        chat = self.state.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: object) -> Chat:
        chat = self.chat(chat_id)
        if chat.blocked:
            raise blocked()
        return chat

    def keep_pace(self, chat_id: int | None = None) -> None:
        wait = self.pace.take(chat_id)
        if wait:
            raise too_many_requests(wait)
