"""What a screen shows, and how its buttons travel to Telegram and back."""

from dataclasses import dataclass
from enum import StrEnum

from botapp.markup import Html
from core.keyboards import Button

NOTE = "note"
"""Stands for the version in buttons under notes: they work whatever the draft is."""


class Action(StrEnum):
    """What a button asks for. The first group works on every screen."""

    MENU = "menu"
    NEW = "new"
    RESUME = "resume"
    BUY_NOW = "buy_now"
    UNFINISHED = "unfinished"
    TOPUP = "topup"
    BALANCE = "balance"
    ORDERS = "orders"
    HELP = "help"
    SETTINGS = "settings"
    LANGUAGE = "language"
    SAVED = "saved"
    TEMPLATES = "templates"
    SHOW_ORDER = "order"
    KEEP_ORDER = "keep_order"
    BATCH = "batch"
    SHOW_BATCH = "show_batch"
    BACK = "back"
    CANCEL = "cancel"
    UNDO = "undo"
    AGAIN = "again"

    SPEAK = "speak"
    BY_FIELD = "by_field"
    SKIP = "skip"
    ACCEPT = "accept"
    KEEP = "keep"
    BY_ZIP = "by_zip"
    EDIT = "edit"
    PASTE = "paste"
    SWAP = "swap"
    CHOOSE = "choose"
    PICK = "pick"
    SAVE = "save"
    RENAME = "rename"
    DELETE = "delete"
    MORE = "more"
    REMOVE = "remove"
    DONE = "done"
    RATES = "rates"
    FILTER = "filter"
    PAY = "pay"
    BUY = "buy"
    AT_ONCE = "at_once"
    AMOUNT = "amount"
    PROVIDER = "provider"
    QR = "qr"
    CHECK = "check"
    CSV = "csv"
    OLDER = "older"
    NEWER = "newer"
    OPEN = "open"
    LABEL = "label"
    FORMATS = "formats"
    PRINT = "print"
    NEWS = "news"
    QUIET = "quiet"
    ZONE = "zone"
    EXPORT = "export"
    FORGET = "forget"
    QUESTION = "question"
    SEND_AGAIN = "send_again"
    TRACK = "track"
    VOID = "void"
    LOOKS_RIGHT = "right"
    COLUMN = "column"
    BUY_ALL = "buy_all"
    BUY_FIRST = "buy_first"
    REPEATS = "repeats"
    DROP = "drop"
    RECHECK = "recheck"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that comes back to the screen that showed it."""

    label: str
    action: Action
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page."""

    label: str
    url: str


Row = tuple[Choice | Link, ...]


@dataclass(frozen=True, slots=True)
class View:
    text: Html
    rows: tuple[Row, ...] = ()


def bound(rows: tuple[Row, ...], version: int | str) -> list[list[Button]]:
    """The rows for Telegram: `<version>:<action>:<argument>`, at most 64 bytes."""
    return [[_button(choice, version) for choice in row] for row in rows]


def _button(choice: Choice | Link, version: int | str) -> Button:
    if isinstance(choice, Link):
        return Button(choice.label, url=choice.url)
    return Button(choice.label, data=f"{version}:{choice.action}:{choice.argument}")
