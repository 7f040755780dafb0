"""What an update means to us. Whatever else Telegram may send is heard as nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botapp.views import NOTE

Raw = Mapping[str, Any]
SPOKEN_OTHERWISE = frozenset(
    {
        "animation", "audio", "contact", "dice", "document", "location", "photo", "poll",
        "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip
GONE = frozenset({"kicked", "left"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who sent it; in a private chat also where to answer."""

    user_id: int
    first_name: str
    username: str
    language: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """`/track 9400` is `track`, and `9400` is the rest."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """`version` is a number, or NOTE, or neither for a button that is not ours."""

    callback_id: str
    message_id: int
    version: str
    action: str
    argument: str

    @property
    def under_note(self) -> bool:
        return self.version == NOTE


@dataclass(frozen=True, slots=True)
class File:
    """A document; `size` in bytes, 0 when Telegram does not say."""

    file_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Wordless:
    """A sticker, a picture, a voice: nothing that we read."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The customer stopped the bot."""


Heard = Text | Command | Press | File | Wordless | Blocked


def read_update(raw: Raw) -> tuple[Person, Heard] | None:
    """Who says what, in a private chat; None for everything else."""
    for name, read in (
        ("message", _message),
        ("callback_query", _press),
        ("my_chat_member", _membership),
    ):
        part = raw.get(name)
        if isinstance(part, Mapping):
            person, heard = _person(part.get("from")), read(part)
            return (person, heard) if person and heard and _is_private(part) else None
    return None


def _message(message: Raw) -> Heard | None:
    text = message.get("text")
    if isinstance(text, str):
        return _command(text) or Text(text)
    return _file(message.get("document")) or _wordless(message)


def _file(document: object) -> File | None:
    if not isinstance(document, Mapping) or not isinstance(document.get("file_id"), str):
        return None
    size = document.get("file_size")
    name = str(document.get("file_name") or "")
    return File(document["file_id"], name, size if isinstance(size, int) else 0)


def _wordless(message: Raw) -> Wordless | None:
    return Wordless() if SPOKEN_OTHERWISE & message.keys() else None


def _command(text: str) -> Command | None:
    first, *rest = text.split(maxsplit=1) or [""]
    name = first.removeprefix("/").partition("@")[0]
    is_command = first.startswith("/") and name.isidentifier()
    return Command(name.lower(), "".join(rest)) if is_command else None


def _press(query: Raw) -> Heard | None:
    message = query.get("message")
    if not isinstance(message, Mapping) or not isinstance(message.get("message_id"), int):
        return None
    version, _, rest = str(query.get("data", "")).partition(":")
    action, _, argument = rest.partition(":")
    return Press(str(query.get("id", "")), message["message_id"], version, action, argument)


def _membership(change: Raw) -> Heard | None:
    now = change.get("new_chat_member")
    return Blocked() if isinstance(now, Mapping) and now.get("status") in GONE else None


def _person(sender: object) -> Person | None:
    if not isinstance(sender, Mapping) or not isinstance(sender.get("id"), int):
        return None
    first_name, username, language = (
        str(sender.get(name) or "") for name in ("first_name", "username", "language_code")
    )
    return Person(sender["id"], first_name, username, language or "en")


def _is_private(part: Raw) -> bool:
    holder = part.get("message", part)
    chat = holder.get("chat") if isinstance(holder, Mapping) else None
    return isinstance(chat, Mapping) and chat.get("type", "private") == "private"
