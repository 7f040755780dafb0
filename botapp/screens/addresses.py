"""Both addresses of a label: pasted, asked field by field, shown to confirm, edited."""

from typing import ClassVar

from botapp import checks
from botapp.label_draft import BY_FIELD, GAPS, OPTIONAL, Side
from botapp.markup import Html
from botapp.reading import read_domestic
from botapp.refusals import words
from botapp.screens import picking
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.pair import BOTH, hear_both
from botapp.screens.parcel import note_parcel
from botapp.states import Place
from botapp.texts import checks as check_texts, label as texts, names
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.addresses import Address, BadField, problems, read_address, read_field
from models.order import Order
from services.saved import Kind

EDITABLE = ("name", "company", "street", "street2", "city", "state", "zip", "phone", "email")
A_ROW = 2
TELLING = frozenset({"name", "street", "city", "zip"})
TELLING_AT_LEAST = 2
"""Of a text with fewer of these, nobody can say that it is an address."""
ANSWERED = frozenset({Place.FIELD, Place.ADDRESS, Place.PAIR, Place.CONFIRM})
"""The next field, or where the asking began."""


class Paste(Screen):
    """One message with the whole address."""

    side: Side
    leads: ClassVar[Leads] = {
        WORDS: BOTH | {Place.ADDRESS},
        Action.MORE: {Place.SAVED_LIST},
        Action.BY_FIELD: {Place.FIELD},
    }

    def show(self, turn: Turn) -> View:
        usual = self._usual(turn)
        here = turn.label.address(Side.SENDER) if self.side is Side.RECIPIENT else None
        again = ((Choice(texts.same_sender(usual.name, usual), Action.CHOOSE),),) if usual else ()
        templates = picking.template_row(turn) if self.side is Side.SENDER else ()
        return View(
            texts.paste_prompt(self.side),
            (
                *picking.rows(turn, Kind.ADDRESS, but=here),
                *again,
                (Choice(texts.by_field(), Action.BY_FIELD), *templates),
                way_out(),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        if (both := hear_both(turn, text)) is not None:
            return both
        pasted = read_domestic(text)
        if len(pasted.fields.keys() & TELLING) < TELLING_AT_LEAST:
            if not note_parcel(turn, text):
                turn.remark(texts.no_address_found())
            return self.place
        label = turn.label
        label.turn_to(self.side)
        label.put_address(self.side, dict(pasted.fields), pasted.doubtful)
        if not pasted.missing:
            return Place.ADDRESS
        return label.ask(pasted.missing, back=self.place, then=Place.ADDRESS)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        label.turn_to(self.side)
        if action == Action.PICK:
            return picking.pick_address(turn, self.side, argument)
        if action == Action.MORE:
            return picking.listing(turn, Kind.ADDRESS, self.place)
        usual = self._usual(turn) if action == Action.CHOOSE else None
        if usual:
            label.put_address(self.side, usual.as_dict(), [])
            checks.settle(label, self.side)
            return label.next_gap()
        if action == Action.BY_FIELD:
            return label.ask(BY_FIELD, back=self.place, then=Place.ADDRESS)
        return super().press(turn, action, argument)

    def _usual(self, turn: Turn) -> Address | None:
        """Where this customer shipped from the last time, if that is not kept anyway."""
        if self.side is not Side.SENDER:
            return None
        last: list[Order] = turn.shop.orders.of_user(turn.user_id, most=1)
        if not last or last[0].is_erased or turn.shop.saved.has(last[0].sender, turn.user_id):
            return None
        return last[0].sender


class Sender(Paste):
    place = Place.SENDER
    leads: ClassVar[Leads] = {
        **Paste.leads,
        Action.PICK: GAPS - {Place.SENDER},
        Action.CHOOSE: GAPS - {Place.SENDER},
    }
    ways = frozenset({Action.TEMPLATES})
    side = Side.SENDER


class Recipient(Paste):
    place = Place.RECIPIENT
    leads: ClassVar[Leads] = {
        **Paste.leads,
        Action.PICK: GAPS - {Place.RECIPIENT},
        Action.BACK: {Place.ADDRESS},
    }
    side = Side.RECIPIENT

    def back(self, turn: Turn) -> Place:
        turn.label.turn_to(Side.SENDER)
        return Place.ADDRESS


class Field(Screen):
    """One field, asked for."""

    place = Place.FIELD
    leads: ClassVar[Leads] = {
        WORDS: ANSWERED,
        Action.SKIP: ANSWERED,
        Action.BACK: {Place.FIELD, Place.FIELDS, Place.SENDER, Place.RECIPIENT},
    }

    def show(self, turn: Turn) -> View:
        label = turn.label
        known = label.address(label.side)
        without = texts.leave_empty() if getattr(known, label.asked) else texts.skip()
        skip = ((Choice(without, Action.SKIP),),) if label.asked in OPTIONAL else ()
        return View(texts.ask_field(label.side, label.asked, known), (*skip, way_out()))

    def hear(self, turn: Turn, text: str) -> Place:
        """The city may be answered with a ZIP: the one before it was mistyped."""
        label = turn.label
        if label.asked == "city" and _is_zip(text):
            label.ask_first("zip")
        return label.answer(read_field(label.asked, text))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        if action == Action.SKIP and label.asked in OPTIONAL:
            return label.answer("")
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return turn.label.unanswer()


class Check(Screen):
    """The address as it was understood."""

    place = Place.ADDRESS
    leads: ClassVar[Leads] = {
        WORDS: BOTH | {Place.ADDRESS},
        Action.ACCEPT: GAPS | {Place.VERDICT},
        Action.BY_ZIP: {Place.ADDRESS},
        Action.EDIT: {Place.FIELDS},
        Action.BACK: {Place.SENDER, Place.RECIPIENT},
    }

    def show(self, turn: Turn) -> View:
        label = turn.label
        address = label.address(label.side)
        by_zip = label.place_by_zip(label.side)
        wrong = [_words_unless_told(problem, by_zip) for problem in problems(address)[:1]]
        accept = () if wrong else (Choice(texts.looks_right(), Action.ACCEPT),)
        other = ((Choice(texts.use_place(*by_zip), Action.BY_ZIP),),) if by_zip else ()
        doubtful = label.doubtful(label.side)
        rows = ((*accept, Choice(texts.edit(), Action.EDIT)), *other)
        return View(
            texts.check_address(label.side, address, doubtful, by_zip, *wrong),
            (*(reversed(rows) if wrong else rows), way_out()),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        """Another whole address: the recipient's if only that is missing, else a better one.

        Or the parcel, of somebody who is faster than we are.
        """
        if (both := hear_both(turn, text)) is not None:
            return both
        if set(read_domestic(text).missing) - {"name"}:
            return self.place if note_parcel(turn, text) else super().hear(turn, text)
        label = turn.label
        here = label.side
        goes_on = here is Side.SENDER and label.next_gap() is Place.RECIPIENT and self.is_fine(turn)
        paste = Sender() if here is Side.SENDER and not goes_on else Recipient()
        return paste.hear(turn, text)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        if action == Action.ACCEPT:
            read_address(label.address(label.side).as_dict())
            label.trust(label.side)
            return checks.undecided(turn, label.side) or label.next_gap()
        if action == Action.BY_ZIP:
            label.put_field(label.side, "zip", label.address(label.side).zip)
            return self.place
        if action == Action.EDIT:
            label.kept["home"] = Place.ADDRESS.value
            return Place.FIELDS
        return super().press(turn, action, argument)

    def is_fine(self, turn: Turn) -> bool:  # noqa: ARG002  the carriers may think otherwise
        """Whether what is said next may be about something else."""
        return True

    def back(self, turn: Turn) -> Place:
        return Place.SENDER if turn.label.side is Side.SENDER else Place.RECIPIENT

    def busy(self, turn: Turn, action: str) -> Html | None:
        due = action == Action.ACCEPT and checks.is_due(turn.label, turn.label.side)
        return check_texts.checking() if due else None


class Fields(Screen):
    """Which field of the address to change."""

    place = Place.FIELDS
    leads: ClassVar[Leads] = {
        Action.CHOOSE: {Place.FIELD},
        Action.PASTE: {Place.SENDER, Place.RECIPIENT},
        Action.BACK: {Place.ADDRESS, Place.PAIR, Place.CONFIRM},
    }

    def show(self, turn: Turn) -> View:
        label = turn.label
        choices = [
            *(Choice(names.field_button(field), Action.CHOOSE, field) for field in EDITABLE),
            Choice(texts.paste_again(), Action.PASTE),
        ]
        rows = (tuple(choices[at : at + A_ROW]) for at in range(0, len(choices), A_ROW))
        return View(
            texts.which_field(label.side, label.address(label.side)),
            (*rows, way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        if action == Action.CHOOSE and argument in EDITABLE:
            return label.ask([argument], back=self.place, then=self.back(turn))
        if action == Action.PASTE:
            return Place.SENDER if label.side is Side.SENDER else Place.RECIPIENT
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return Place(turn.label.kept.get("home", Place.ADDRESS))


def _is_zip(text: str) -> bool:
    try:
        return bool(read_field("zip", text))
    except BadField:
        return False


def _words_unless_told(problem: BadField, by_zip: object) -> Html:
    """Where its ZIP belongs is said already, with a button for it."""
    is_told = by_zip and problem.facts["reason"] == "zip_not_in_state"
    return Html() if is_told else words(problem)
