"""Another customer, who writes at the same time: nothing of it may reach the first one's chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from core.keyboards import Keyboard
from models.draft import Draft
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, PaperChat
from tests.replay.seen import masked
from tests.shop import BUYER

NEIGHBOUR = 8
WORDS = (
    *["/new"] * 3, *[SENDER_TEXT] * 2, f"{SENDER_TEXT}\n{RECIPIENT_TEXT}", "/start", "/help",
    "/language", "/topup", "/templates", "/settings", "/cancel", "2 lb", "what?",
)  # fmt: skip
OF_THE_TIME = frozenset({"aside_at", "born", "standing"})
"""A draft's moments, updates and messages; who writes when is not the same in two runs."""


def words_of(chance: Random, most: int) -> list[str]:
    return chance.choices(WORDS, k=most)


def heard_from(text: str) -> Mapping[str, Any]:
    """What Telegram sends for it, without the number of the update."""
    person = {"id": NEIGHBOUR, "is_bot": False, "first_name": "Nia", "language_code": "es"}
    chat = {"id": NEIGHBOUR, "type": "private", "first_name": "Nia"}
    return {"message": {"message_id": 1, "from": person, "chat": chat, "date": 0, "text": text}}


@dataclass
class TwoChats(PaperChat):
    """The neighbour's messages are on a paper of their own, and numbered as if alone."""

    neighbours: PaperChat = field(default_factory=PaperChat)

    def send_text(self, chat_id: int, text: str, keyboard: Keyboard | None = None) -> int:
        if chat_id == BUYER:
            return super().send_text(chat_id, text, keyboard)
        return self.neighbours.send_text(chat_id, text, keyboard)

    def edit_text(
        self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        if chat_id == BUYER:
            super().edit_text(chat_id, message_id, text, keyboard)
        else:
            self.neighbours.edit_text(chat_id, message_id, text, keyboard)


def left_of(chat: TwoChats) -> Sequence[str]:
    """The neighbour's draft and what was said to them."""
    draft = Draft.objects.seek(NEIGHBOUR)
    told = {masked(repr(each)) for each in chat.neighbours.told}
    return [
        f"{draft.screen} {draft.version} {_lasting(draft.data)}" if draft else "",
        *sorted(told),
    ]


def _lasting(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _lasting(each) for name, each in value.items() if name not in OF_THE_TIME}
    return [_lasting(each) for each in value] if isinstance(value, list) else value
