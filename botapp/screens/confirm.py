"""Everything on one screen, each part of it editable, before the carriers are asked."""

from typing import ClassVar

from botapp import checks
from botapp.label_draft import Side
from botapp.markup import Html
from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.offers import ask_rates, checked_parcel
from botapp.screens.parcel import hear_parcel
from botapp.screens.saving import ask_name
from botapp.states import Place
from botapp.texts import customs as customs_texts, label as texts, saved as saved_texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.limits import next_fix

PARTS = {"weight": Place.WEIGHT, "sizes": Place.SIZES, "contents": Place.ITEMS}
UNTOLD = frozenset({Place.SENDER, Place.RECIPIENT, Place.CONTENTS, Place.ITEM})
"""What an edited address may leave wrong, or have asked."""


class Confirm(Screen):
    place = Place.CONFIRM
    leads: ClassVar[Leads] = {
        Action.RATES: UNTOLD | {Place.VERDICT, Place.RATES},
        Action.EDIT: set(PARTS.values()) | {Place.FIELDS},
        Action.SAVE: {Place.NAME},
        Action.BACK: {Place.SIZES, Place.ITEMS},
    }

    def show(self, turn: Turn) -> View:
        label, parcel = turn.label, checked_parcel(turn)
        sender, recipient = label.address(Side.SENDER), label.address(Side.RECIPIENT)
        customs = label.customs
        contents = (Choice(customs_texts.edit_contents(), Action.EDIT, "contents"),)
        return View(
            texts.confirm(sender, recipient, parcel, next_fix(parcel), customs),
            (
                (Choice(texts.get_rates(), Action.RATES),),
                (
                    Choice(texts.edit_sender(), Action.EDIT, Side.SENDER),
                    Choice(texts.edit_recipient(), Action.EDIT, Side.RECIPIENT),
                ),
                (
                    Choice(texts.edit_weight(), Action.EDIT, "weight"),
                    Choice(texts.edit_sizes(), Action.EDIT, "sizes"),
                ),
                *((contents,) if customs else ()),
                (Choice(saved_texts.save_template(), Action.SAVE),),
                way_out(),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        """Another parcel: its weight, its sizes, or both."""
        return self.place if hear_parcel(turn, text) else super().hear(turn, text)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.RATES:
            if (untold := turn.label.next_gap()) is not self.place:
                return untold
            if undecided := checks.undecided(turn, *Side):
                return undecided
            ask_rates(turn)
            return Place.RATES
        if action == Action.SAVE:
            return ask_name(turn, self.place)
        if action == Action.EDIT and argument in {*Side, *PARTS}:
            return self._edit(turn, argument)
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        turn.label.kept["editing"] = False
        return Place.ITEMS if turn.label.customs else Place.SIZES

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  the same always
        return texts.asking_carriers() if action == Action.RATES else None

    def _edit(self, turn: Turn, part: str) -> Place:
        label = turn.label
        label.kept["editing"], label.kept["home"] = True, self.place.value
        if part in PARTS:
            return PARTS[part]
        label.turn_to(Side(part))
        return Place.FIELDS
