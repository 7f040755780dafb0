"""What a customer keeps: listed, used, renamed, deleted."""

from typing import Any, ClassVar

from botapp.label_draft import GAPS, Side
from botapp.screens import picking
from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.saving import ask_name
from botapp.screens.unfinished import begin_anew
from botapp.states import Place
from botapp.texts import common, saved as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Row, View
from services.saved import Kind

PER_PAGE = 6


class Saved(Screen):
    """How much there is of each kind."""

    place = Place.SAVED
    leads: ClassVar[Leads] = {Action.OPEN: {Place.SAVED_LIST}}
    ways = frozenset({Action.NEW})

    def show(self, turn: Turn) -> View:
        counts = {kind: turn.shop.saved.count(kind, turn.user_id) for kind in Kind}
        if not any(counts.values()):
            return View(texts.nothing(), (_new_label(), way_out()))
        rows = (
            (Choice(texts.kind_button(kind, count), Action.OPEN, kind),)
            for kind, count in counts.items()
            if count
        )
        return View(texts.hub(), (*rows, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.OPEN and argument in set(Kind):
            return picking.listing(turn, Kind(argument))
        return super().press(turn, action, argument)


class SavedList(Screen):
    """Opened at a step of a label it answers that step; else it leads to what is chosen."""

    place = Place.SAVED_LIST
    leads: ClassVar[Leads] = {
        Action.CHOOSE: GAPS | {Place.PAIR, Place.SAVED_ONE},
        Action.OLDER: {Place.SAVED_LIST},
        Action.NEWER: {Place.SAVED_LIST},
        Action.BACK: {Place.SAVED, Place.SENDER, Place.RECIPIENT, Place.PAIR, Place.WEIGHT},
    }
    ways = frozenset({Action.NEW})

    def show(self, turn: Turn) -> View:
        kind, page = kind_of(turn), int(_at(turn).get("page", 0))
        found = turn.shop.saved.most_used(
            kind, turn.user_id, skip=page * PER_PAGE, most=PER_PAGE + 1
        )
        if not found and not page:
            return View(texts.nothing_of(kind), (_new_label(), way_out()))
        rows = tuple(
            (Choice(texts.title(kept), Action.CHOOSE, kept.key),) for kept in found[:PER_PAGE]
        )
        turning = (
            *((Choice(texts.previous(), Action.NEWER),) if page else ()),
            *((Choice(texts.next_page(), Action.OLDER),) if len(found) > PER_PAGE else ()),
        )
        return View(texts.list_title(kind), (*rows, *((turning,) if turning else ()), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        at = _at(turn)
        if action == Action.CHOOSE and at.get("at"):
            return picking.pick(turn, Place(at["at"]), argument)
        if action == Action.CHOOSE:
            turn.shop.saved.get(kind_of(turn), turn.user_id, argument)
            at["key"] = argument
            return Place.SAVED_ONE
        if action in {Action.OLDER, Action.NEWER}:
            at["page"] = max(0, int(at.get("page", 0)) + (1 if action == Action.OLDER else -1))
        return self.place

    def back(self, turn: Turn) -> Place:
        return Place(_at(turn).get("at") or Place.SAVED)


class SavedOne(Screen):
    place = Place.SAVED_ONE
    leads: ClassVar[Leads] = {
        Action.PICK: {Place.CONFIRM, Place.CONTENTS, Place.SENDER, Place.RECIPIENT},
        Action.RENAME: {Place.NAME},
        Action.DELETE: Place.DELETE,
        Action.BACK: Place.SAVED_LIST,
    }

    def show(self, turn: Turn) -> View:
        kept = _chosen(turn)
        changing = (
            Choice(texts.rename(), Action.RENAME),
            Choice(texts.delete(), Action.DELETE),
        )
        uses = _uses(kind_of(turn))
        return View(texts.one(kept), (*((uses,) if uses else ()), changing, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        kind, key = kind_of(turn), str(_at(turn).get("key", ""))
        if action == Action.RENAME:
            return ask_name(turn, self.place, renamed=key)
        if action == Action.PICK and kind is Kind.TEMPLATE:
            return picking.use_template(turn, key)
        if action == Action.PICK and kind is Kind.ADDRESS and argument in set(Side):
            begin_anew(turn)
            return picking.pick_address(turn, Side(argument), key)
        return super().press(turn, action, argument)


class Delete(Screen):
    """Asks first."""

    place = Place.DELETE
    leads: ClassVar[Leads] = {
        Action.DELETE: {Place.SAVED_LIST},
        Action.BACK: Place.SAVED_ONE,
    }

    def show(self, turn: Turn) -> View:
        title = texts.title(_chosen(turn))
        return View(
            texts.ask_delete(title), ((Choice(texts.yes_delete(), Action.DELETE),), way_out())
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.DELETE:
            return super().press(turn, action, argument)
        turn.shop.saved.delete(kind_of(turn), turn.user_id, str(_at(turn).get("key", "")))
        turn.remark(texts.deleted())
        return Place.SAVED_LIST


def kind_of(turn: Turn) -> Kind:
    """What is being looked at."""
    return Kind(_at(turn).get("kind", Kind.ADDRESS))


def _new_label() -> Row:
    return (Choice(common.new_label(), Action.NEW),)


def _uses(kind: Kind) -> Row:
    if kind is Kind.TEMPLATE:
        return (Choice(texts.use_template(), Action.PICK),)
    if kind is Kind.ADDRESS:
        return (
            Choice(texts.ship_from_here(), Action.PICK, Side.SENDER),
            Choice(texts.ship_to_here(), Action.PICK, Side.RECIPIENT),
        )
    return ()


def _at(turn: Turn) -> dict[str, Any]:
    """The kind, the page, the key that is looked at, and the step that asked for the list."""
    at: dict[str, Any] = turn.data.setdefault("saved", {})
    return at


def _chosen(turn: Turn) -> Any:
    """Raises models.base.NotFound."""
    return turn.shop.saved.get(kind_of(turn), turn.user_id, str(_at(turn).get("key", "")))
