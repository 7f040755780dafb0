"""The same label on other paper, or for another printer."""

from typing import ClassVar

from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.rates import may_be_printed, placed
from botapp.states import Place
from botapp.texts import orders as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.label_formats import LabelFormat
from models.outbox import NoteKind


class Formats(Screen):
    place = Place.FORMATS
    leads: ClassVar[Leads] = {
        Action.PRINT: {Place.FORMATS},
        Action.BACK: Place.ORDER,
    }

    def show(self, turn: Turn) -> View:
        order = placed(turn)
        offered = turn.shop.labels.formats(order.id) if may_be_printed(order) else []
        choices = [Choice(texts.format_button(each), Action.PRINT, each) for each in offered]
        pairs = (tuple(choices[at : at + 2]) for at in range(0, len(choices), 2))
        return View(texts.ask_format(order), (*pairs, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        order = placed(turn)
        if action == Action.PRINT and may_be_printed(order) and argument in set(LabelFormat):
            told = {"order_id": order.id, "again": True, "format": argument}
            turn.have_sent(NoteKind.LABEL_READY, order.id, **told)
            turn.remark(texts.label_is_coming())
        return self.place
