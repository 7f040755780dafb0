"""The menu."""

from botapp.screens.idle import Idle
from botapp.screens.unfinished import going_on
from botapp.states import Place
from botapp.texts import batches as batch_texts, common, saved as saved_texts, settings
from botapp.turns import Turn
from botapp.views import Action, Choice, View


class Menu(Idle):
    place = Place.MENU
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
