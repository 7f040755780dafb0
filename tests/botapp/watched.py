"""A conversation that goes nowhere and shows no button that no table names."""

from dataclasses import dataclass, field

from botapp import ways
from botapp.conversation import Conversation
from botapp.factory import SCREENS
from botapp.graph import BUTTONS_OF_ALL, Transition, own
from botapp.heard import Command, Edit, File, Heard, Press, Text
from botapp.screens.base import WORDS
from botapp.states import Place
from botapp.turns import Turn
from botapp.views import Action, Choice, View

OWN = {place: frozenset(own(screen)) for place, screen in SCREENS.items()}
LISTENED_TO = frozenset(each.to for ways in OWN.values() for each in ways if each.by == WORDS)
EDIT = "edit"
BESIDES = {Action.BACK, Action.CANCEL, Action.UNDO}
"""Undo stands where something can be taken back, Cancel beside Back."""
MENU = SCREENS[Place.MENU].ways - {Action.RESUME, Action.UNFINISHED}
"""It is shown for a screen whose subject is gone."""


@dataclass(frozen=True)
class Watched(Conversation):
    """What was done is kept in `taken`, and which screen showed whose buttons in `seen`."""

    taken: set[Transition] = field(default_factory=set)
    seen: set[tuple[Place, str]] = field(default_factory=set)

    def _ask(self, turn: Turn, here: Place, heard: Heard) -> Place:
        place = super()._ask(turn, here, heard)
        by = _name(heard)
        self.taken.add(Transition(here, by, place))
        assert place is here or place in _led(here, heard), f"undeclared: {here} -{by}-> {place}"
        return place

    def _view(self, turn: Turn, place: Place) -> View:
        view = super()._view(turn, place)
        shown = {each.action for row in view.rows for each in row if isinstance(each, Choice)}
        self.seen.update((place, action) for action in shown)
        if place is Place.MENU or not shown >= MENU:
            screen = SCREENS[place]
            unknown = shown - {each.by for each in OWN[place]} - screen.ways - BESIDES
            assert not unknown, f"undeclared at {place}: {unknown}"
            assert shown & (screen.ways | {Action.BACK}), f"no way out of {place}"
        return view


def _name(heard: Heard) -> str:
    if isinstance(heard, Press):
        return heard.action
    if isinstance(heard, Edit):
        return EDIT
    return f"/{heard.name}" if isinstance(heard, Command) else WORDS


def _led(here: Place, heard: Heard) -> frozenset[Place]:
    if isinstance(heard, Command):
        return frozenset(ways.COMMANDS[heard.name].to)
    if isinstance(heard, File):
        return frozenset(ways.FILE.to)
    if isinstance(heard, Edit):
        return frozenset(ways.EDIT.to) | LISTENED_TO
    if isinstance(heard, Press) and heard.action in BUTTONS_OF_ALL:
        return frozenset(BUTTONS_OF_ALL[heard.action].to)
    by = heard.action if isinstance(heard, Press) else WORDS if isinstance(heard, Text) else ""
    return frozenset(each.to for each in OWN[here] if each.by == by)
