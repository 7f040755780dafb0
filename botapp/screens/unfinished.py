"""The labels in the making: which there are, and going on with one of them."""

from typing import ClassVar

from botapp import unfinished
from botapp.label_draft import LabelDraft, Side
from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.offers import left_at
from botapp.states import LABEL_PLACES, Place
from botapp.texts import common, unfinished as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Row, View


class Unfinished(Screen):
    place = Place.UNFINISHED
    leads: ClassVar[Leads] = {Action.OPEN: LABEL_PLACES}
    ways = frozenset({Action.RESUME, Action.NEW, Action.ORDERS})

    def show(self, turn: Turn) -> View:
        in_hand = ((Choice(_title(turn.label), Action.RESUME),),) if turn.has_label else ()
        rows = tuple(
            (Choice(_title(label), Action.OPEN, str(number)),)
            for number, label in enumerate(unfinished.others(turn))
        )
        anew = Choice(common.new_label(), Action.NEW)
        if not in_hand and not rows:
            to_orders = Choice(common.orders(), Action.ORDERS)
            return View(texts.none_unfinished(), ((anew, to_orders), way_out()))
        return View(texts.unfinished(), (*in_hand, *rows, (anew,), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.OPEN and argument in map(str, range(len(unfinished.others(turn)))):
            unfinished.take_up(turn, int(argument))
            return left_at(turn)
        return super().press(turn, action, argument)


def begin_anew(turn: Turn) -> LabelDraft:
    """An empty label in hand; that another one is kept is said. Raises TooManyUnfinished."""
    if turn.has_label:
        turn.remark(texts.kept_for_later(turn.label.address(Side.RECIPIENT)))
    return unfinished.begin(turn)


def going_on(turn: Turn) -> tuple[Row, ...]:
    """The menu's buttons for what was begun, or was cancelled just now."""
    count = len(unfinished.others(turn)) + turn.has_label
    back = ((Choice(texts.bring_back(), Action.UNDO),),) if turn.data.get("dropped") else ()
    if not count:
        return back
    every = (Choice(texts.all_unfinished(count), Action.UNFINISHED),) if count > 1 else ()
    return (*back, (Choice(common.continue_label(), Action.RESUME), *every))


def _title(label: LabelDraft) -> str:
    return texts.title(label.address(Side.SENDER), label.address(Side.RECIPIENT))
