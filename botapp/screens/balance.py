"""The balance and its statement, a page at a time."""

from botapp.screens.base import Screen, way_out
from botapp.states import Place
from botapp.texts import common, money as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from models.ledger import entries_of
from services.ledger import account_of

PER_PAGE = 8


class Balance(Screen):
    """`before` in the draft holds the sequence number under which each older page begins."""

    place = Place.BALANCE

    def show(self, turn: Turn) -> View:
        before = turn.data.get("before", [])
        balance = turn.shop.ledger.balance(turn.user_id)
        page = entries_of(
            account_of(turn.user_id), before_seq=before[-1] if before else None, most=PER_PAGE
        )
        stand = texts.balance(balance.available, balance.held)
        story = texts.statement(list(page)) if page else texts.no_entries()
        last = int(page[-1]["seq"]) if page else 1
        turning = (
            *((Choice(texts.newer(), Action.NEWER),) if before else ()),
            *((Choice(texts.older(), Action.OLDER, str(last)),) if last > 1 else ()),
        )
        return View(
            texts.balance_page(stand, story),
            (
                *((turning,) if turning else ()),
                (Choice(common.top_up(), Action.TOPUP),),
                way_out(),
            ),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        before = turn.data.setdefault("before", [])
        if action == Action.OLDER and argument.isdecimal():
            before.append(int(argument))
        elif action == Action.NEWER and before:
            before.pop()
        return self.place
