"""Where an order's parcel is, and whether its label is to be given back."""

from typing import ClassVar

from botapp.refusals import words
from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.rates import placed
from botapp.states import Place
from botapp.texts import parcels as texts, voids as void_texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from services.voids import NotVoidable


class TrackingPage(Screen):
    place = Place.TRACKING
    leads: ClassVar[Leads] = {
        Action.TRACK: {Place.TRACKING},
        Action.BACK: Place.ORDER,
    }

    def show(self, turn: Turn) -> View:
        order = placed(turn)
        return View(
            texts.journey(order, turn.shop.tracking.of(order.id)),
            ((Choice(texts.refresh(), Action.TRACK),), way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.TRACK:
            return super().press(turn, action, argument)
        return track(turn)


class VoidPage(Screen):
    """Asks before the carrier is asked, then tells how far that is; or says why it can't be."""

    place = Place.VOID
    leads: ClassVar[Leads] = {
        Action.VOID: {Place.ORDER},
        Action.BACK: Place.ORDER,
    }

    def show(self, turn: Turn) -> View:
        order = placed(turn)
        voids = turn.shop.voids
        void = voids.of(order.id)
        if void is not None:
            return View(void_texts.void_stages(order, void), (way_out(),))
        obstacle = voids.obstacle(order)
        if obstacle is not None:
            why = NotVoidable(order_id=order.id, reason=obstacle)
            return View(words(why), (way_out(),))
        return View(
            texts.ask_refund(order, voids.until(order)),
            ((Choice(texts.yes_refund(order.price), Action.VOID),), way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.VOID:
            return super().press(turn, action, argument)
        try:
            turn.shop.voids.ask(placed(turn).id, user_id=turn.user_id)
        except NotVoidable:
            return self.place
        turn.remark(texts.refund_asked())
        return Place.ORDER


def track(turn: Turn) -> Place:
    """Show what is known, and have the carrier asked for more."""
    turn.shop.tracking.look(placed(turn))
    turn.remark(texts.asked_the_carrier())
    return Place.TRACKING
