"""What the shop knows of its customer: sent to them, or forgotten."""

from typing import ClassVar

from botapp.screens.base import Leads, Screen, way_out
from botapp.states import Place
from botapp.texts import privacy as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from services import forgetting


class Forget(Screen):
    """Says what goes and what stays, and asks before anything goes."""

    place = Place.FORGET
    leads: ClassVar[Leads] = {
        Action.FORGET: {Place.MENU},
        Action.BACK: Place.SETTINGS,
    }

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        return View(texts.ask_forget(), ((Choice(texts.yes_forget(), Action.FORGET),), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.FORGET:
            return super().press(turn, action, argument)
        forgetting.forget(turn.user_id, turn.shop.drafts.clock.now())
        turn.data.clear()
        turn.remark(texts.forgotten())
        return Place.MENU


def take_out(turn: Turn) -> None:
    """Once for each update, however often it is handled."""
    turn.shop.exports.ask(turn.user_id, turn.update_id)
    turn.remark(texts.export_is_coming())
