"""What is new since a page last asked: one long poll for all the chats it shows."""

import secrets
from collections.abc import Iterable
from typing import Any

from sandbox.telegram.bot import NAME
from sandbox.telegram.profile import commands_for
from sandbox.telegram.state import Chat, State

LONGEST_WAIT_SECONDS = 20.0


class Changes:
    """Versions mean nothing to another life of this process, hence the epoch."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._epoch = secrets.token_hex(4)

    def since(self, chat_ids: list[int], epoch: str, version: int, wait: float) -> dict[str, Any]:
        state = self._state
        if epoch != self._epoch:
            version, wait = 0, 0.0
        with state.changed:
            state.changed.wait_for(lambda: state.version > version, self._patience(chat_ids, wait))
            return {
                "epoch": self._epoch,
                "version": state.version,
                "reset": version == 0,
                "bot": {"name": state.profile.get("name:") or NAME},
                "chats": {str(key): self._news(key, version) for key in chat_ids},
            }

    def _news(self, chat_id: int, version: int) -> dict[str, Any]:
        state = self._state
        chat = state.chats.get(chat_id) or Chat({"id": chat_id})
        fresh = [key for key, seen in chat.seen.items() if seen > version]
        language = chat.person.get("language_code", "en")
        return {
            "messages": [chat.messages[key] for key in sorted(fresh) if key in chat.messages],
            "deleted": [key for key in fresh if key in chat.deleted],
            "answers": [answer for seen, answer in chat.answers if version and seen > version],
            "typing": chat.typing_until > state.clock(),
            "blocked": chat.blocked,
            "first_name": chat.person.get("first_name", ""),
            "commands": commands_for(state.profile, chat_id, language),
            "description": state.profile.get("description:", ""),
        }

    def _typing(self, chat_ids: Iterable[int]) -> list[int]:
        now = self._state.clock()
        chats = self._state.chats
        return [key for key in chat_ids if key in chats and chats[key].typing_until > now]

    def _patience(self, chat_ids: Iterable[int], wait: float) -> float:
        """No longer than until the next typing sign goes out by itself."""
        now = self._state.clock()
        ends = [self._state.chats[key].typing_until - now for key in self._typing(chat_ids)]
        return max(0.0, min([wait, LONGEST_WAIT_SECONDS, *ends]))
