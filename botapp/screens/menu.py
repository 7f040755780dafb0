"""The menu."""

from typing import ClassVar

from botapp.reading import take_parcel
from botapp.screens.base import WORDS, Leads, Screen
from botapp.screens.pair import hear_both
from botapp.screens.unfinished import begin_anew, going_on
from botapp.states import Place
from botapp.texts import batches as batch_texts, common, saved as saved_texts, settings
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.pasting.pairs import read_pair


class Menu(Screen):
    place = Place.MENU
    leads: ClassVar[Leads] = {WORDS: {Place.PAIR, Place.FIELD, Place.CONFIRM, Place.CONTENTS}}
    ways = frozenset(
        {
            Action.NEW,
            Action.RESUME,
            Action.UNFINISHED,
            Action.BATCH,
            Action.SAVED,
            Action.TOPUP,
            Action.BALANCE,
            Action.ORDERS,
            Action.HELP,
            Action.SETTINGS,
            Action.LANGUAGE,
        }
    )

    def show(self, turn: Turn) -> View:
        balance = turn.shop.ledger.balance(turn.user_id)
        return View(
            common.menu(balance.available, balance.held),
            (
                *going_on(turn),
                (Choice(common.new_label(), Action.NEW),),
                (
                    Choice(batch_texts.from_file(), Action.BATCH),
                    Choice(saved_texts.saved_button(), Action.SAVED),
                ),
                (
                    Choice(common.top_up(), Action.TOPUP),
                    Choice(common.balance(), Action.BALANCE),
                ),
                (
                    Choice(common.orders(), Action.ORDERS),
                    Choice(common.help_button(), Action.HELP),
                ),
                (
                    Choice(settings.button(), Action.SETTINGS),
                    Choice(common.language_button(), Action.LANGUAGE),
                ),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        """Who sends both addresses wants a label, whatever was pressed before."""
        if read_pair(take_parcel(text)[0]) is None:
            return super().hear(turn, text)
        begin_anew(turn)
        return hear_both(turn, text) or self.place
