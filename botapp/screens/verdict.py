"""What the carriers think of an address: a correction is offered, never forced."""

from typing import ClassVar

from botapp import checks
from botapp.label_draft import GAPS
from botapp.markup import Html
from botapp.screens.addresses import Check
from botapp.screens.base import WORDS, Leads, way_out
from botapp.screens.pair import BOTH
from botapp.states import Place
from botapp.texts import checks as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from services.addresses import Opinion, Standing


class Verdict(Check):
    """Hears what the check of the address hears: another one is a better one."""

    place = Place.VERDICT
    leads: ClassVar[Leads] = {
        WORDS: BOTH | {Place.ADDRESS},
        Action.ACCEPT: GAPS,
        Action.KEEP: GAPS,
        Action.EDIT: {Place.FIELDS},
        Action.BACK: {Place.ADDRESS},
    }

    def show(self, turn: Turn) -> View:
        label, opinion = turn.label, _opinion(turn)
        address = label.address(label.side)
        accept = (Choice(texts.use_corrected(), Action.ACCEPT),) if opinion.suggestion else ()
        keep = (Choice(texts.keep_mine(), Action.KEEP),) if _may_stay(opinion) else ()
        rows = ((*accept, *keep), (Choice(texts.edit(), Action.EDIT),), way_out())
        return View(texts.verdict(label.side, address, opinion), tuple(row for row in rows if row))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label, opinion = turn.label, _opinion(turn)
        if action == Action.ACCEPT and opinion.suggestion:
            label.put_place(label.side, opinion.suggestion)
        elif action == Action.EDIT:
            return super().press(turn, action, argument)
        elif action != Action.KEEP or not _may_stay(opinion):
            return self.place
        checks.settle(label, label.side)
        return label.next_gap()

    def is_fine(self, turn: Turn) -> bool:
        return _may_stay(_opinion(turn))

    def back(self, turn: Turn) -> Place:  # noqa: ARG002  always the address as understood
        return Place.ADDRESS

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  nothing is asked here
        return None


def _opinion(turn: Turn) -> Opinion:
    """What is kept; a draft that lost it is asked about when the rates are."""
    label = turn.label
    return checks.opinion_of(label, label.side) or Opinion(Standing.UNCHECKED)


def _may_stay(opinion: Opinion) -> bool:
    return opinion.standing is not Standing.UNDELIVERABLE
