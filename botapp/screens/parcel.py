"""The parcel: weight, then sizes, or both in one message."""

from decimal import Decimal
from typing import ClassVar

from botapp.label_draft import CUSTOMS_GAPS, PARCEL_GAPS, Side
from botapp.reading import Inches, read_told
from botapp.screens import picking
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.offers import checked_parcel
from botapp.states import Place
from botapp.texts import label as texts, names
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.parcels import read_sizes, read_weight
from core.units import OUNCES_PER_POUND
from services.saved import Kind

USUAL_OUNCES = (8, 16, 32, 80)
STANDARD_SIDE = Decimal(10)
STANDARD_UP_TO_OUNCES = 10 * OUNCES_PER_POUND


def keep_parcel(turn: Turn, weight_oz: Decimal | None, sizes_in: Inches | None) -> None:
    """What is None stays as it is. Raises TooBigForEveryCarrier."""
    if weight_oz is not None:
        turn.label.put_weight(weight_oz)
    if sizes_in is not None:
        turn.label.put_sizes(sizes_in)
    if turn.label.parcel is not None:
        checked_parcel(turn)


def hear_parcel(turn: Turn, text: str) -> bool:
    """Keep what a text tells of the parcel, whatever is asked for; False if it tells nothing.

    Raises TooHeavy, TooLarge, TooBigForEveryCarrier.
    """
    told = read_told(text)
    if any(told):
        keep_parcel(turn, *told)
    return any(told)


def note_parcel(turn: Turn, text: str) -> bool:
    """Likewise, where the screen does not show it."""
    told = hear_parcel(turn, text)
    if told:
        turn.remark(texts.parcel_noted(turn.label.weight_oz, turn.label.sizes_in))
    return told


class Weight(Screen):
    place = Place.WEIGHT
    leads: ClassVar[Leads] = {
        WORDS: PARCEL_GAPS - {Place.WEIGHT},
        Action.CHOOSE: PARCEL_GAPS - {Place.WEIGHT},
        Action.PICK: CUSTOMS_GAPS,
        Action.MORE: {Place.SAVED_LIST},
        Action.BACK: {Place.ADDRESS, Place.CONFIRM},
    }

    def show(self, turn: Turn) -> View:
        usual = tuple(
            Choice(names.weight(Decimal(ounces)), Action.CHOOSE, str(ounces))
            for ounces in USUAL_OUNCES
        )
        rows = (*picking.rows(turn, Kind.PARCEL), usual, way_out())
        return View(texts.ask_weight(), rows)

    def hear(self, turn: Turn, text: str) -> Place:
        """The sizes, too, or they alone."""
        if not hear_parcel(turn, text):
            return self._keep(turn, read_weight(text))
        if turn.label.weight_oz is None:
            turn.remark(texts.parcel_noted(None, turn.label.sizes_in))
        return turn.label.next_gap()

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.CHOOSE and argument in map(str, USUAL_OUNCES):
            return self._keep(turn, Decimal(argument))
        if action == Action.PICK:
            return picking.pick_parcel(turn, argument)
        if action == Action.MORE:
            return picking.listing(turn, Kind.PARCEL, self.place)
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        if turn.label.is_editing:
            return Place.CONFIRM
        turn.label.turn_to(Side.RECIPIENT)
        return Place.ADDRESS

    def _keep(self, turn: Turn, ounces: Decimal) -> Place:
        keep_parcel(turn, ounces, None)
        return turn.label.next_gap()


class Sizes(Screen):
    place = Place.SIZES
    leads: ClassVar[Leads] = {
        WORDS: CUSTOMS_GAPS,
        Action.CHOOSE: CUSTOMS_GAPS,
        Action.BACK: {Place.WEIGHT, Place.CONFIRM},
    }

    def show(self, turn: Turn) -> View:
        ounces = turn.label.weight_oz
        light = ounces is not None and ounces <= STANDARD_UP_TO_OUNCES
        standard = ((Choice(names.sizes((STANDARD_SIDE,) * 3), Action.CHOOSE),),) if light else ()
        return View(texts.ask_sizes(ounces), (*standard, way_out()))

    def hear(self, turn: Turn, text: str) -> Place:
        """The weight, too, or that alone."""
        if not hear_parcel(turn, text):
            return self._keep(turn, read_sizes(text))
        return turn.label.next_gap()

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.CHOOSE:
            return self._keep(turn, (STANDARD_SIDE,) * 3)
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return Place.CONFIRM if turn.label.is_editing else Place.WEIGHT

    def _keep(self, turn: Turn, sizes: Inches) -> Place:
        keep_parcel(turn, None, sizes)
        return turn.label.next_gap()
