"""Both addresses of one message, shown to confirm; the parcel may be told right there."""

from typing import ClassVar

from botapp.label_draft import PARCEL_GAPS, Side
from botapp.reading import insist_on_home, read_domestic, take_parcel
from botapp.refusals import words
from botapp.screens import picking
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.parcel import hear_parcel, keep_parcel
from botapp.states import Place
from botapp.texts import label as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.addresses import problems, read_address
from core.parcels import read_weight
from core.pasting.pairs import read_pair
from services.saved import Kind

BOTH = frozenset({Place.PAIR, Place.FIELD, Place.CONTENTS, Place.ITEM, Place.CONFIRM})
"""Where a message with both addresses may lead."""


def hear_both(turn: Turn, text: str) -> Place | None:
    """Keep both addresses of a text, and its parcel if there is one; None if it has not both.

    Raises BadField for one abroad, TooBigForEveryCarrier, and what read_weight and read_sizes
    raise of a parcel in it.
    """
    rest, parcel = take_parcel(text)
    pair = read_pair(rest)
    if pair is None:
        return None
    label, read = turn.label, {Side.SENDER: pair.sender, Side.RECIPIENT: pair.recipient}
    for pasted in read.values():
        insist_on_home(pasted)
    for side, pasted in read.items():
        label.put_address(side, dict(pasted.fields), pasted.doubtful)
    if parcel is not None:
        keep_parcel(turn, *parcel)
    for side, pasted in read.items():
        if pasted.missing:
            label.turn_to(side)
            return label.ask(pasted.missing, back=Place.SENDER, then=Place.PAIR)
    return Place.PAIR if parcel is None or _wants_a_look(turn) else label.next_gap()


class Pair(Screen):
    place = Place.PAIR
    leads: ClassVar[Leads] = {
        WORDS: BOTH | {Place.WEIGHT, Place.SIZES},
        Action.ACCEPT: PARCEL_GAPS,
        Action.PICK: {Place.CONTENTS, Place.CONFIRM},
        Action.MORE: {Place.SAVED_LIST},
        Action.SWAP: {Place.PAIR},
        Action.EDIT: {Place.FIELDS},
        Action.BACK: {Place.SENDER},
    }

    def show(self, turn: Turn) -> View:
        label = turn.label
        sender, recipient = label.address(Side.SENDER), label.address(Side.RECIPIENT)
        wrong = [words(problem) for problem in (*problems(sender), *problems(recipient))[:1]]
        accept = () if wrong else (Choice(texts.looks_right(), Action.ACCEPT),)
        text = texts.check_pair(
            sender,
            recipient,
            _doubts(turn),
            asks_parcel=label.parcel is None,
            wrong=next(iter(wrong), ""),
        )
        saved = picking.rows(turn, Kind.PARCEL) if accept and label.parcel is None else ()
        rows = (
            *saved,
            (*accept, Choice(texts.swap(), Action.SWAP)),
            (
                Choice(texts.edit_sender(), Action.EDIT, Side.SENDER),
                Choice(texts.edit_recipient(), Action.EDIT, Side.RECIPIENT),
            ),
            way_out(),
        )
        return View(text, rows)

    def hear(self, turn: Turn, text: str) -> Place:
        """The parcel, which says that the addresses are right, or both addresses anew.

        Of one address alone nobody knows which of them it is to replace: the buttons do.
        """
        if (both := hear_both(turn, text)) is not None:
            return both
        if not set(read_domestic(text).missing) - {"name"}:
            return super().hear(turn, text)
        if not hear_parcel(turn, text):
            keep_parcel(turn, read_weight(text), None)
        return _accept(turn)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        if action == Action.ACCEPT:
            return _accept(turn)
        if action == Action.PICK:
            picking.pick_parcel(turn, argument)
            return _accept(turn)
        if action == Action.MORE:
            return picking.listing(turn, Kind.PARCEL, self.place)
        if action == Action.SWAP:
            label.swap()
            return self.place
        if action == Action.EDIT and argument in set(Side):
            label.kept["home"] = self.place.value
            label.turn_to(Side(argument))
            return Place.FIELDS
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        turn.label.turn_to(Side.SENDER)
        return Place.SENDER


def _accept(turn: Turn) -> Place:
    """Raises BadField while one of them can't go on a label."""
    for side in Side:
        read_address(turn.label.address(side).as_dict())
    turn.label.trust(*Side)
    return turn.label.next_gap()


def _doubts(turn: Turn) -> list[tuple[Side, str]]:
    return [(side, field) for side in Side for field in sorted(turn.label.doubtful(side))]


def _wants_a_look(turn: Turn) -> bool:
    return bool(_doubts(turn)) or any(problems(turn.label.address(side)) for side in Side)
