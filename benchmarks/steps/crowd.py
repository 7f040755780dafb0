"""Many customers, each answering six questions one after another. The same for every side."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

Raw = dict[str, Any]

ANSWERS = {
    "name": "Maria O'Brien",
    "company": "Labeldesk",
    "street": "388 Townsend St",
    "street2": "Apt 20",
    "zip": "94107",
    "phone": "415-555-0132",
}
QUESTIONS = tuple(ANSWERS)
PER_POLL = 100
"""Telegram hands out so many at once."""
FIRST_CHAT = 7_000_001
BUTTONS = (("Back", "12:back"), ("Cancel", "12:cancel"))


def chats(number: int) -> range:
    return range(FIRST_CHAT, FIRST_CHAT + number)


def openings(game: int, chat_ids: Sequence[int]) -> list[Raw]:
    """Everybody asks to be asked."""
    first = 1 + 2 * game * len(chat_ids) * len(ANSWERS)
    return [_update(first + number, chat_id, "/form") for number, chat_id in enumerate(chat_ids)]


def answers(game: int, chat_ids: Sequence[int]) -> list[list[Raw]]:
    """All that they answer, each in order, all mixed, as one poll after another brings it."""
    turns = [chat_id for chat_id in chat_ids for _ in ANSWERS]
    Random(game).shuffle(turns)  # noqa: S311  a game, told again by its number
    left = {chat_id: iter(ANSWERS.values()) for chat_id in chat_ids}
    first = 1 + (2 * game + 1) * len(turns)
    updates = [
        _update(first + number, chat_id, next(left[chat_id]))
        for number, chat_id in enumerate(turns)
    ]
    return [updates[at : at + PER_POLL] for at in range(0, len(updates), PER_POLL)]


def reply(known: Mapping[str, Any]) -> str:
    """About as long as what the product says to an answer."""
    told = "\n".join(str(known[field]) for field in QUESTIONS if field in known)
    return f"<b>Ship from</b>\n{told}\n\nAnd what comes after that?"


def _update(number: int, chat_id: int, text: str) -> Raw:
    person = {"id": chat_id, "first_name": "Maria", "username": f"maria{chat_id}"}
    message: Raw = {
        "message_id": number,
        "date": 1_790_000_000,
        "from": {**person, "is_bot": False, "language_code": "en"},
        "chat": {**person, "type": "private"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {"update_id": number, "message": message}
