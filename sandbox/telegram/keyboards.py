"""Inline keyboards: what Telegram accepts, and which button a customer means."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.telegram.errors import CustomerError, bad_request

Button = dict[str, Any]

DATA_BYTES = 64
_URL = re.compile(r"(https?|tg)://[^\s/]+\S*|mailto:\S+")
_LOOKS = {"text", "style", "icon_custom_emoji_id"}


def accepted_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The inline keyboard a message will carry; None for none and for other keyboards."""
    rows = (markup or {}).get("inline_keyboard")
    if rows is None:
        return None
    kept = [[_accepted(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _accepted(button: Button) -> Button:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    actions = button.keys() - _LOOKS
    if not actions:
        why = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {why}")
    if "callback_data" in actions and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and not _URL.fullmatch(button["url"]):
        url = button["url"]
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button


def _buttons(message: dict[str, Any]) -> Iterator[Button]:
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from row


def button_named(message: dict[str, Any], label: str) -> Button:
    """The button with exactly this label, or the only one whose label contains it."""
    buttons = list(_buttons(message))
    named = [button for button in buttons if button["text"] == label]
    named = named or [button for button in buttons if label and label in button["text"]]
    labels = [button["text"] for button in buttons]
    if not named:
        raise CustomerError(f"there is no button {label!r}", buttons=labels)
    if len(named) > 1 and any(button != named[0] for button in named):
        raise CustomerError(f"more than one button has {label!r} in its label", buttons=labels)
    if "callback_data" not in named[0]:
        url = named[0].get("url")
        raise CustomerError(f"this button opens {url}: it sends nothing", buttons=labels)
    return named[0]


def labels_of(message: dict[str, Any]) -> list[str]:
    return [button["text"] for button in _buttons(message)]
