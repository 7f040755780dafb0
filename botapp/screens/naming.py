"""What of an order is kept, and under which name."""

from typing import ClassVar

from botapp.label_draft import Side
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.offers import checked_parcel
from botapp.screens.rates import placed
from botapp.screens.saved import kind_of
from botapp.screens.saving import save, saving_rows
from botapp.states import Place, place_named
from botapp.texts import saved as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.addresses import read_address
from core.naming import LONGEST
from core.shipments import Shipment

HOMES = frozenset({Place.CONFIRM, Place.BUYING, Place.SAVE, Place.SAVED_ONE})
"""Where a name is asked for."""


class Save(Screen):
    """From the page of a past order."""

    place = Place.SAVE
    leads: ClassVar[Leads] = {
        Action.SAVE: {Place.SAVE, Place.NAME},
        Action.BACK: Place.ORDER,
    }

    def show(self, turn: Turn) -> View:
        order = placed(turn).whole()
        return View(
            texts.what_to_save(order.sender, order.recipient, order.parcel),
            (*saving_rows(turn, order), way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.SAVE:
            return save(turn, placed(turn).whole(), argument)
        return super().press(turn, action, argument)


class Name(Screen):
    """Asks for a name, of a new template or of something kept."""

    place = Place.NAME
    leads: ClassVar[Leads] = {
        WORDS: HOMES,
        Action.CHOOSE: HOMES - {Place.SAVED_ONE},
        Action.BACK: HOMES,
    }

    def show(self, turn: Turn) -> View:
        key = _key(turn)
        if key:
            kept = turn.shop.saved.get(kind_of(turn), turn.user_id, key)
            return View(texts.ask_new_name(texts.title(kept)), (way_out(),))
        suggested = _shipment(turn).recipient.name[:LONGEST]
        rows = ((Choice(suggested, Action.CHOOSE),), way_out())
        return View(texts.ask_template_name(), rows)

    def hear(self, turn: Turn, text: str) -> Place:
        key, saved = _key(turn), turn.shop.saved
        if key:
            saved.rename(kind_of(turn), turn.user_id, key, text)
        else:
            kept = saved.keep_template(turn.user_id, text, _shipment(turn))
            turn.remark(texts.template_saved(kept.name))
        return self.back(turn)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.CHOOSE and not _key(turn):
            return self.hear(turn, _shipment(turn).recipient.name[:LONGEST])
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return place_named(turn.data.get("naming", {}).get("home", ""))


def _key(turn: Turn) -> str:
    return str(turn.data.get("naming", {}).get("key", ""))


def _shipment(turn: Turn) -> Shipment:
    """Of the label in hand where it was confirmed, else of the order that is looked at."""
    if turn.data.get("naming", {}).get("home") != Place.CONFIRM:
        return placed(turn).whole().shipment
    label = turn.label
    sender, recipient = (read_address(label.address(side).as_dict()) for side in Side)
    return Shipment(
        sender=sender, recipient=recipient, parcel=checked_parcel(turn), customs=label.customs
    )
