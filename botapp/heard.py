"""What an update means to us. Whatever else Telegram may send is heard as nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from botapp.views import NOTE
from core.ids import is_telegram_id

Raw = Mapping[str, Any]
SPOKEN_OTHERWISE = frozenset(
    {
        "animation", "audio", "checklist", "contact", "dice", "document", "game", "giveaway",
        "invoice", "live_photo", "location", "paid_media", "photo", "poll", "rich_message",
        "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip
GONE, HERE = frozenset({"kicked", "left"}), "member"


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
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message of before says now."""

    text: str
    message_id: int


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
    """A sticker, a picture without words, a voice: nothing that we read, unless words are added."""

    message_id: int = 0
    text: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The customer stopped the bot."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The customer lets the bot write again."""


Heard = Text | Edit | Command | Press | File | Wordless | Blocked | Returned


def read_update(raw: Raw) -> tuple[Person, Heard] | None:
    """Who says what, in a private chat; None for everything else, whatever it may be."""
    for name, read in (
        ("message", _message),
        ("edited_message", _edit),
        ("callback_query", _press),
        ("my_chat_member", _membership),
    ):
        part = raw.get(name)
        if isinstance(part, Mapping):
            person, heard = _person(part.get("from")), read(part)
            return (person, heard) if person and heard and _is_private(part, person) else None
    return None


def _message(message: Raw) -> Heard | None:
    said = _said(message)
    if said is not None:
        return _command(said) or Text(said, _id_of(message))
    return _file(message.get("document")) or _wordless(message)


def _edit(message: Raw) -> Heard | None:
    """What the customer edited. Telegram edits too, to add a preview, but undated.

    A file that took another's place is heard as if it were sent now.
    """
    if not message.get("edit_date"):
        return None
    said = _said(message)
    if said is not None:
        return Edit(said, _id_of(message))
    return _file(message.get("document"))


def _said(message: Raw) -> str | None:
    """Its text, or what stands under its picture; with a document, that is what is read."""
    if isinstance(message.get("text"), str):
        return _words(message, "text")
    return None if "document" in message else _words(message, "caption") or None


def _id_of(message: Raw) -> int:
    told = message.get("message_id")
    return told if is_telegram_id(told) else 0


def _file(document: object) -> File | None:
    if not isinstance(document, Mapping) or not _words(document, "file_id"):
        return None
    size = document.get("file_size")
    return File(
        _words(document, "file_id"),
        _words(document, "file_name"),
        size if is_telegram_id(size) else 0,
    )


def _wordless(message: Raw) -> Wordless | None:
    return Wordless(_id_of(message)) if SPOKEN_OTHERWISE & message.keys() else None


def _command(text: str) -> Command | None:
    first, *rest = text.split(maxsplit=1) or [""]
    name = first.removeprefix("/").partition("@")[0]
    is_command = first.startswith("/") and name.isidentifier()
    return Command(name.lower(), "".join(rest)) if is_command else None


def _press(query: Raw) -> Heard | None:
    message = query.get("message")
    if not isinstance(message, Mapping) or not is_telegram_id(message.get("message_id")):
        return None
    version, _, rest = _words(query, "data").partition(":")
    action, _, argument = rest.partition(":")
    return Press(_words(query, "id"), message["message_id"], version, action, argument)


def _membership(change: Raw) -> Heard | None:
    now = change.get("new_chat_member")
    status = _words(now, "status") if isinstance(now, Mapping) else ""
    if status == HERE:
        return Returned()
    return Blocked() if status in GONE else None


def _person(sender: object) -> Person | None:
    if not isinstance(sender, Mapping) or not is_telegram_id(sender.get("id")):
        return None
    if sender["id"] <= 0:
        return None
    first_name, username, language = (
        _words(sender, name) for name in ("first_name", "username", "language_code")
    )
    return Person(sender["id"], first_name, username, language or "en")


def _is_private(part: Raw, person: Person) -> bool:
    """A private chat has the id of the customer in it."""
    holder = part.get("message", part)
    chat = holder.get("chat") if isinstance(holder, Mapping) else None
    return (
        isinstance(chat, Mapping)
        and chat.get("type", "private") == "private"
        and chat.get("id") == person.user_id
    )


def _words(part: Raw, name: str) -> str:
    """A text as it can be kept and sent: half of a character becomes a question mark."""
    value = part.get(name)
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""
