"""Messages that are kept true when their customer has gone on in another: an invoice, a file."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from botapp.answers import Answers
from botapp.markup import Html
from botapp.states import Place, place_named
from core.keyboards import Keyboard
from models.draft import Draft

SUBJECTS = {Place.BUYING: "order", Place.INVOICE: "payment", Place.BATCH: "batch"}
"""Whose id in the draft's data says what such a screen is about."""
MOST = 5

Standing = Mapping[str, Any]
"""`place`, `subject` and `message_id`."""


class About(NamedTuple):
    place: Place
    subject: str


def still_standing(draft: Draft, known: Iterable[Standing], into: int | None) -> list[Standing]:
    """Of those `known` before, and of what the draft shows now, when it goes on in `into`."""
    taken = (draft.message_id, into)
    standing = [each for each in known if each["message_id"] not in taken]
    about = _about(draft)
    if about and draft.message_id and draft.message_id != into:
        standing.append({**about._asdict(), "message_id": draft.message_id})
    return standing[-MOST:]


def tell(answers: Answers, draft: Draft, about: About, text: Html, keyboard: Keyboard) -> bool:
    """Have all messages that show this very subject say `text`.

    True if what the draft shows now is one of them; that one has the buttons.
    """
    for each in draft.data.get("standing", ()):
        message_id = each["message_id"]
        if about == (each["place"], each["subject"]) and message_id != draft.message_id:
            answers.change(draft.id, message_id, text)
    if not draft.message_id or _about(draft) != about:
        return False
    return answers.change(draft.id, draft.message_id, text, keyboard)


def _about(draft: Draft) -> About | None:
    place = place_named(draft.screen)
    subject = draft.data.get(SUBJECTS.get(place, ""))
    return About(place, subject) if subject else None
