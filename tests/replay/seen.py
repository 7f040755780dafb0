"""What the customer sees, in a form that two runs can be compared by."""

import re
from dataclasses import dataclass, field

from botapp.views import NOTE
from core.keyboards import Button
from models.draft import Draft
from tests.botapp.talk import Talk
from tests.shop import BUYER

ID = re.compile(r"(?<=[A-Z]-)[0-9A-HJKMNP-TV-Z]{12}(?:-[0-9A-HJKMNP-TV-Z]{6})?\b")
ID_LENGTH = 12
INVOICE = re.compile(r"track-\d+")
Buttons = list[tuple[int, Button]]


@dataclass(frozen=True)
class Screen:
    """Two runs show the same when these are equal; `buttons` say where to press in this one."""

    place: str
    version: int
    text: str
    labels: tuple[str, ...]
    buttons: Buttons = field(compare=False, repr=False)


def screen_of(talk: Talk) -> Screen:
    """The message that the draft says shows it; nothing before the first word."""
    draft = Draft.objects.seek(BUYER)
    if draft is None:
        return Screen("", 0, "", (), [])
    text, buttons = talk.chat.shown.get(draft.message_id, ("", []))
    live = [
        (draft.message_id, button)
        for button in buttons
        if button.data.startswith(f"{draft.version}:")
    ]
    labels = tuple(masked(f"{button.label} {button.data}") for button in buttons)
    return Screen(draft.screen, draft.version, masked(text), labels, live)


def notes_of(talk: Talk) -> Buttons:
    """The buttons of the last five notes, the newest first."""
    notes = [
        [(message_id, button) for button in buttons if button.data.startswith(f"{NOTE}:")]
        for message_id, (_, buttons) in sorted(talk.chat.shown.items(), reverse=True)
    ]
    return [button for note in [each for each in notes if each][:5] for button in note]


def masked(text: str) -> str:
    """Without what is drawn at random in each run."""
    return INVOICE.sub("invoice", ID.sub("random", text))


def told_of(talk: Talk) -> list[str]:
    """Everything that was said, in order."""
    return [masked(repr(each)) for each in talk.chat.told]


def files_of(talk: Talk) -> list[str]:
    return sorted(masked(name) for name, _ in talk.chat.files if name != "picture.png")
