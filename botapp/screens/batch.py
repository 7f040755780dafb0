"""A file of many labels: its columns, what it leaves open, its price, and how far it is."""

from typing import ClassVar

from botapp import batch_view
from botapp.reading import read_domestic
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.topups import INVOICED, chosen, open_invoice
from botapp.states import Place
from botapp.texts import batch_files as files, batches as texts
from botapp.texts.columns import column_button
from botapp.turns import Turn
from botapp.views import Action, Choice, Row, View
from core.addresses import Address, read_address
from core.tables import TableKind
from core.tables.columns import Column
from models.batch import Batch, BatchState
from models.outbox import NoteKind
from services.batch_templates import template

PER_ROW = 2
LONGEST_HEADING = 22
MOST_BUTTONS = 90
"""Telegram takes a hundred under one message."""
ASKS = {
    "sender": Place.BATCH_SENDER,
    "weight": Place.BATCH_WEIGHT,
    "sizes": Place.BATCH_SIZES,
}
ASKED = frozenset({*ASKS.values(), Place.BATCH})
"""Where `go_on` may lead."""


def batch_of(turn: Turn) -> Batch:
    """The batch of this chat. Raises NotFound."""
    return turn.shop.batches.get(str(turn.data.get("batch", "")), turn.user_id)


def go_on(turn: Turn) -> Place:
    """Ask what is still open; then have the rows checked. Raises ColumnsMissing."""
    batch = batch_of(turn)
    for untold in turn.shop.batches.untold(batch):
        return ASKS[untold]
    turn.shop.batches.confirm(batch)
    return Place.BATCH


class BatchScreen(Screen):
    """How to begin while there is no file; then the file as it stands."""

    place = Place.BATCH
    leads: ClassVar[Leads] = {
        Action.LOOKS_RIGHT: ASKED,
        Action.COLUMN: {Place.BATCH_COLUMNS},
        Action.BUY_ALL: {Place.BATCH},
        Action.BUY_FIRST: {Place.BATCH},
        Action.REPEATS: {Place.BATCH},
        Action.RECHECK: {Place.BATCH},
        Action.AMOUNT: INVOICED,
        Action.DROP: {Place.BATCH},
        Action.LABEL: {Place.BATCH},
        Action.TEMPLATE: {Place.BATCH},
    }
    ways = frozenset({Action.ORDERS, Action.MENU})

    def show(self, turn: Turn) -> View:
        if not turn.data.get("batch"):
            templates = tuple(
                Choice(files.template_button(kind), Action.TEMPLATE, kind) for kind in TableKind
            )
            return View(files.how_to(), (templates, way_out()))
        return batch_view.view(batch_of(turn), turn.shop.batches)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.TEMPLATE and argument in set(TableKind):
            _send_template(turn, TableKind(argument))
        if not turn.data.get("batch"):
            return self.place
        batch, batches = batch_of(turn), turn.shop.batches
        match action:
            case Action.LOOKS_RIGHT if batch.status is BatchState.MAPPING:
                return go_on(turn)
            case Action.COLUMN if batch.status is BatchState.MAPPING:
                return Place.BATCH_COLUMNS
            case Action.BUY_ALL | Action.BUY_FIRST:
                batches.buy(batch, all_of_it=action == Action.BUY_ALL)
            case Action.REPEATS:
                batches.want_repeats(batch)
            case Action.AMOUNT:
                turn.data["pays"] = batch.id
                return open_invoice(turn, chosen(argument))
            case Action.DROP:
                batches.drop(batch)
            case Action.LABEL if batch.erased_at is None:
                turn.have_sent(NoteKind.BATCH_LABELS, batch.id, batch_id=batch.id)
                turn.remark(texts.labels_are_coming())
        return self.place

    def shown(self, turn: Turn) -> None:
        if turn.data.get("batch"):
            turn.shop.batches.shown(turn.data["batch"])


def _send_template(turn: Turn, kind: TableKind) -> None:
    name = f"labeldesk-template.{kind.value}"
    turn.shop.chat.send_document(turn.user_id, name, template(kind), files.template_caption())


class BatchColumns(Screen):
    """What may be read from another column."""

    place = Place.BATCH_COLUMNS
    leads: ClassVar[Leads] = {
        Action.CHOOSE: {Place.BATCH_COLUMN},
        Action.BACK: Place.BATCH,
    }

    def show(self, turn: Turn) -> View:
        known = batch_of(turn).columns
        choices = [
            Choice(_button(column, mapped=column in known), Action.CHOOSE, column)
            for column in Column
        ]
        return View(texts.which_column(), (*_in_rows(choices), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.CHOOSE or argument not in {column.value for column in Column}:
            return super().press(turn, action, argument)
        turn.data["column"] = argument
        return Place.BATCH_COLUMN


class BatchColumn(Screen):
    """From which column of the file it is read."""

    place = Place.BATCH_COLUMN
    leads: ClassVar[Leads] = {
        Action.CHOOSE: {Place.BATCH},
        Action.REMOVE: {Place.BATCH},
        Action.BACK: Place.BATCH_COLUMNS,
    }

    def show(self, turn: Turn) -> View:
        batch = batch_of(turn)
        choices = [
            Choice(heading[:LONGEST_HEADING], Action.CHOOSE, str(number))
            for number, heading in enumerate(batch.heading[:MOST_BUTTONS])
            if heading
        ]
        none = (Choice(texts.no_column(), Action.REMOVE),)
        asked = texts.which_heading(Column(turn.data["column"]))
        return View(asked, (*_in_rows(choices), none, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        batch, column = batch_of(turn), Column(turn.data["column"])
        if action == Action.REMOVE:
            turn.shop.batches.map_column(batch, column, None)
            return Place.BATCH
        if action != Action.CHOOSE or not argument.isdecimal():
            return self.place
        if int(argument[:4]) < len(batch.heading):
            turn.shop.batches.map_column(batch, column, int(argument[:4]))
        return Place.BATCH


class BatchSender(Screen):
    """Where all rows ship from that don't say it themselves."""

    place = Place.BATCH_SENDER
    leads: ClassVar[Leads] = {
        WORDS: ASKED - {Place.BATCH_SENDER},
        Action.CHOOSE: ASKED - {Place.BATCH_SENDER},
        Action.BACK: Place.BATCH,
    }

    def show(self, turn: Turn) -> View:
        last = _last_sender(turn)
        known = ((Choice(texts.last_sender(last), Action.CHOOSE),),) if last else ()
        return View(texts.ask_sender(), (*known, way_out()))

    def hear(self, turn: Turn, text: str) -> Place:
        turn.shop.batches.put_sender(batch_of(turn), read_address(read_domestic(text).fields))
        return go_on(turn)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        last = _last_sender(turn)
        if action != Action.CHOOSE or last is None:
            return super().press(turn, action, argument)
        turn.shop.batches.put_sender(batch_of(turn), last)
        return go_on(turn)


class BatchWeight(Screen):
    place = Place.BATCH_WEIGHT
    leads: ClassVar[Leads] = {
        WORDS: {Place.BATCH_SIZES, Place.BATCH},
        Action.BACK: Place.BATCH,
    }

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        return View(texts.ask_weight(), (way_out(),))

    def hear(self, turn: Turn, text: str) -> Place:
        turn.shop.batches.put_weight(batch_of(turn), text)
        return go_on(turn)


class BatchSizes(Screen):
    place = Place.BATCH_SIZES
    leads: ClassVar[Leads] = {
        WORDS: {Place.BATCH},
        Action.BACK: Place.BATCH,
    }

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        return View(texts.ask_sizes(), (way_out(),))

    def hear(self, turn: Turn, text: str) -> Place:
        turn.shop.batches.put_sizes(batch_of(turn), text)
        return go_on(turn)


def _last_sender(turn: Turn) -> Address | None:
    """Of the customer's newest order."""
    orders = turn.shop.orders.of_user(turn.user_id, most=1)
    return orders[0].sender if orders and not orders[0].is_erased else None


def _button(column: Column, *, mapped: bool) -> str:
    name = column_button(column)
    return f"✓ {name}" if mapped else name


def _in_rows(choices: list[Choice]) -> tuple[Row, ...]:
    return tuple(tuple(choices[at : at + PER_ROW]) for at in range(0, len(choices), PER_ROW))
