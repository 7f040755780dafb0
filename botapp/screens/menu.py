"""The menu, the help page, and what to do with a label left unfinished."""

from botapp.label_draft import Side
from botapp.screens.base import Screen, way_out
from botapp.screens.pair import hear_both
from botapp.states import Place
from botapp.texts import common, label as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View


class Menu(Screen):
    place = Place.MENU

    def show(self, turn: Turn) -> View:
        balance = turn.shop.ledger.balance(turn.user_id)
        unfinished = ((Choice(common.continue_label(), Action.RESUME),),) if turn.has_label else ()
        return View(
            common.menu(balance.available, balance.held),
            (
                *unfinished,
                (
                    Choice(common.new_label(), Action.NEW),
                    Choice(common.top_up(), Action.TOPUP),
                ),
                (
                    Choice(common.balance(), Action.BALANCE),
                    Choice(common.orders(), Action.ORDERS),
                ),
                (
                    Choice(common.help_button(), Action.HELP),
                    Choice(common.language_button(), Action.LANGUAGE),
                ),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        """Who sends both addresses wants a label, whatever was pressed before."""
        both = None if turn.has_label else hear_both(turn, text)
        return both or super().hear(turn, text)


class Help(Screen):
    place = Place.HELP

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        return View(
            common.help_text(),
            ((Choice(common.new_label(), Action.NEW),), way_out()),
        )


class Unfinished(Screen):
    """Asked before a new label would overwrite the one that was begun."""

    place = Place.UNFINISHED

    def show(self, turn: Turn) -> View:
        return View(
            texts.unfinished(turn.label.address(Side.RECIPIENT)),
            (
                (Choice(common.continue_label(), Action.RESUME),),
                (Choice(texts.start_over(), Action.AFRESH),),
                way_out(),
            ),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.AFRESH:
            return super().press(turn, action, argument)
        turn.drop_label()
        return Place.SENDER
