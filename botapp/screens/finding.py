"""Tracking by a number: any that an order of the customer's goes by."""

from typing import ClassVar

from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.parcels import track
from botapp.screens.rates import placed
from botapp.states import Place
from botapp.texts import overview as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from services import finding


class Find(Screen):
    place = Place.FIND
    leads: ClassVar[Leads] = {
        WORDS: {Place.TRACKING, Place.ORDER},
        Action.OPEN: {Place.TRACKING},
    }

    def show(self, turn: Turn) -> View:
        found = finding.bought_by(turn.user_id)
        trails = turn.shop.tracking.of_many([order.id for order in found])
        rows = tuple(
            (Choice(texts.parcel_button(order, trails.get(order.id)), Action.OPEN, order.id),)
            for order in found
        )
        return View(texts.ask_number(or_tap=bool(rows)), (*rows, way_out()))

    def hear(self, turn: Turn, text: str) -> Place:
        return find(turn, text)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.OPEN:
            return super().press(turn, action, argument)
        turn.data["order"] = argument
        placed(turn)
        return track(turn)


def find(turn: Turn, number: str) -> Place:
    """Where its parcel is; its page while there is nothing to track. Raises UnknownNumber."""
    order = finding.order_numbered(turn.user_id, number)
    turn.data["order"] = order.id
    return track(turn) if order.tracking_code and not order.is_erased else Place.ORDER
