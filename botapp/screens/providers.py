"""How to pay, asked where the shop has several payment providers."""

from typing import ClassVar

from botapp.markup import Html
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.topups import INVOICED, open_invoice
from botapp.states import Place
from botapp.texts import money as texts, names
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.money import Money


class Providers(Screen):
    place = Place.PROVIDER
    leads: ClassVar[Leads] = {
        Action.PROVIDER: {Place.INVOICE},
        WORDS: INVOICED,
        Action.BACK: Place.TOPUP,
    }

    def show(self, turn: Turn) -> View:
        offered = turn.shop.topups.choices()
        rows = tuple(
            (Choice(names.provider_name(name), Action.PROVIDER, name),) for name in offered
        )
        return View(texts.choose_provider(_amount(turn)), (*rows, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.PROVIDER and argument:
            return open_invoice(turn, _amount(turn), argument)
        return super().press(turn, action, argument)

    def hear(self, turn: Turn, text: str) -> Place:
        """Somebody who types here has thought of another amount."""
        return open_invoice(turn, Money.parse(text))

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  the same always
        return texts.opening_invoice() if action == Action.PROVIDER else None


def _amount(turn: Turn) -> Money:
    return Money(int(turn.data.get("topup", 0)))
