"""Keeping what was used for the next time, by one press."""

from botapp.states import Place
from botapp.texts import saved as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Row
from core.addresses import Address
from core.parcels import Parcel
from models.order import Order
from services.saved import Saved

SENDER, RECIPIENT, PARCEL, TEMPLATE = "sender", "recipient", "parcel", "template"
A_ROW = 2


def saving_rows(turn: Turn, order: Order) -> tuple[Row, ...]:
    """A button for each part of the order that is not kept yet, and one for all of it."""
    saved = turn.shop.saved
    parts: dict[str, tuple[str, Address | Parcel]] = {
        SENDER: (texts.save_sender(), order.sender),
        RECIPIENT: (texts.save_recipient(), order.recipient),
        PARCEL: (texts.save_parcel(), order.parcel),
    }
    choices = [
        Choice(label, Action.SAVE, part)
        for part, (label, kept) in parts.items()
        if not saved.has(kept, turn.user_id)
    ]
    choices.append(Choice(texts.save_template(), Action.SAVE, TEMPLATE))
    return tuple(tuple(choices[at : at + A_ROW]) for at in range(0, len(choices), A_ROW))


def save(turn: Turn, order: Order, part: str) -> Place:
    """Keep a part of the order; a template is asked its name first. Raises TooManySaved."""
    saved = turn.shop.saved
    if part == TEMPLATE:
        return ask_name(turn, turn.here)
    if part in {SENDER, RECIPIENT}:
        kept = order.sender if part == SENDER else order.recipient
        saved.keep_address(turn.user_id, kept)
        turn.remark(texts.address_saved(kept))
    elif part == PARCEL:
        saved.keep_parcel(turn.user_id, order.parcel)
        turn.remark(texts.parcel_saved())
    return turn.here


def save_all(turn: Turn, order: Order) -> None:
    """Both addresses and the parcel. Raises TooManySaved."""
    saved = turn.shop.saved
    for address in (order.sender, order.recipient):
        saved.keep_address(turn.user_id, address)
    saved.keep_parcel(turn.user_id, order.parcel)
    turn.remark(texts.all_saved())


def note_rows(saved: Saved, order: Order) -> tuple[Row, ...]:
    """Under the label itself, while something of it is not kept."""
    parts = (order.sender, order.recipient, order.parcel)
    if all(saved.has(part, order.user_id) for part in parts):
        return ()
    return ((Choice(texts.save_for_next_time(), Action.KEEP_ORDER, order.id),),)


def ask_name(turn: Turn, home: Place, *, renamed: str = "") -> Place:
    """For a new template of what `home` shows, or for what is kept under the key `renamed`."""
    turn.data["naming"] = {"home": home.value, "key": renamed}
    return Place.NAME
