"""The balance and its statement, a page at a time."""

from typing import ClassVar

from botapp.screens.base import Leads, way_out
from botapp.screens.idle import Idle
from botapp.states import Place
from botapp.texts import account, common, money as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from models.outbox import NoteKind
from services import statements

PER_PAGE = 8
LONGEST_NUMBER = 18
"""Digits that MongoDB can keep, whatever a button says."""


class Balance(Idle):
    """`before` in the draft holds the sequence number under which each older page begins."""

    place = Place.BALANCE
    leads: ClassVar[Leads] = {
        **Idle.leads,
        Action.OLDER: {Place.BALANCE},
        Action.NEWER: {Place.BALANCE},
        Action.CSV: {Place.BALANCE},
    }
    ways = frozenset({Action.TOPUP})

    def show(self, turn: Turn) -> View:
        before = turn.data.get("before", [])
        balance = turn.shop.ledger.balance(turn.user_id)
        page = statements.page(
            turn.user_id, before_seq=before[-1] if before else None, most=PER_PAGE
        )
        stand = texts.balance(balance.available, balance.held)
        story = (
            texts.statement(list(page.entries), statements.recipients(page.entries))
            if page.entries
            else texts.no_entries()
        )
        turning = (
            *((Choice(texts.newer(), Action.NEWER),) if before else ()),
            *((Choice(texts.older(), Action.OLDER, str(page.older)),) if page.older else ()),
        )
        return View(
            texts.balance_page(stand, story),
            (
                *((turning,) if turning else ()),
                (
                    Choice(common.top_up(), Action.TOPUP),
                    *((Choice(account.statement_button(), Action.CSV),) if page.entries else ()),
                ),
                way_out(),
            ),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        before = turn.data.setdefault("before", [])
        if action == Action.OLDER and argument.isdecimal():
            before.append(int(argument[:LONGEST_NUMBER]))
        elif action == Action.NEWER and before:
            before.pop()
        elif action == Action.CSV:
            turn.have_sent(NoteKind.STATEMENT, str(turn.user_id))
            turn.remark(account.statement_is_coming())
        return self.place
