"""What a customer sees: the bot's newest screen, and the notes between the screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Message = dict[str, Any]
NOTE = "note"
LEADING_AWAY = frozenset(
    {"back", "cancel", "menu", "help", "orders", "balance", "topup", "new", "edit", "check"}
)


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is `<version>:<action>:<argument>`; a button with `url` opens a page."""

    text: str
    data: str = ""
    url: str = ""

    @property
    def action(self) -> str:
        return [*self.data.split(":"), "", ""][1]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message with buttons that belong to a version of the conversation."""

    message_id: int = 0
    version: int = 0
    text: str = ""
    buttons: tuple[Button, ...] = ()

    def button(self, *actions: str) -> Button | None:
        """The first button of the first of these actions that is there."""
        for action in actions:
            for button in self.buttons:
                if button.action == action:
                    return button
        return None

    def all(self, action: str) -> list[Button]:
        return [button for button in self.buttons if button.action == action]

    @property
    def link(self) -> str:
        return next((button.url for button in self.buttons if button.url), "")

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    @property
    def unknown(self) -> list[Button]:
        """Buttons that lead on, for a screen that nobody here has heard of."""
        return [one for one in self.buttons if one.data and one.action not in LEADING_AWAY]


def newest(messages: Iterable[Message]) -> Screen:
    """The screen of the highest version; an empty one where there is none yet."""
    screens = (_read(message) for message in messages)
    return max(screens, key=lambda one: one.version, default=Screen())


def said(messages: Iterable[Message], words: str, after: int = 0) -> bool:
    return any(words in _words(one) for one in messages if one["message_id"] > after)


def _read(message: Message) -> Screen:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = tuple(
        Button(each["text"], each.get("callback_data", ""), each.get("url", ""))
        for row in rows
        for each in row
    )
    versions = [int(start) for start in map(_version, buttons) if start.isdecimal()]
    return Screen(message["message_id"], max(versions, default=0), _words(message), buttons)


def _version(button: Button) -> str:
    return button.data.partition(":")[0]


def _words(message: Message) -> str:
    return message.get("text") or message.get("caption") or ""
