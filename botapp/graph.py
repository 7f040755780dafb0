"""The conversation as a graph: which screen leads where, by which button or by words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from botapp import ways
from botapp.factory import SCREENS
from botapp.screens.base import Leads, Screen
from botapp.states import Place
from botapp.views import Action

BUTTONS_OF_ALL: Mapping[str, ways.Way[...]] = MappingProxyType(
    {**ways.EVERYWHERE, **ways.TO_SUBJECTS, **ways.ON_A_SCREEN}
)


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """`by` is the button's action, or WORDS."""

    here: Place
    by: str
    to: Place


def own(screen: Screen) -> Iterator[Transition]:
    """By its own buttons, and by words if it listens."""
    back: Leads = {} if screen.place is Place.MENU else {Action.BACK: Place.MENU}
    for by, lead in {**back, **screen.leads}.items():
        for to in [lead] if isinstance(lead, Place) else lead:
            yield Transition(screen.place, by, to)


def shared(screen: Screen) -> Iterator[Transition]:
    """By those of everybody's buttons that it shows."""
    for by in screen.ways:
        for to in BUTTONS_OF_ALL[by].to:
            yield Transition(screen.place, by, to)


TRANSITIONS = frozenset(
    each for screen in SCREENS.values() for each in (*own(screen), *shared(screen))
)
"""All of them; commands, files and the buttons under notes work everywhere besides."""
