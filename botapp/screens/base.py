"""What every screen can do, where it leads, and the rows that most of them share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Set as AbstractSet
from typing import ClassVar

from botapp.markup import Html
from botapp.states import Place
from botapp.texts import common
from botapp.turns import Turn
from botapp.views import Action, Choice, Row, View

WORDS = "words"
"""Stands among the buttons for whatever is typed."""
Leads = Mapping[str, Place | AbstractSet[Place]]
"""Where a button leads: to this place, or to one of these, which then the code chooses."""


class Screen(ABC):
    """Nothing is kept in it: all that it knows is in the turn.

    `hear` and `press` answer where to go and may raise what services raise: a Refusal is told
    to the customer, who stays where they are with the draft as it was.
    """

    place: ClassVar[Place]
    leads: ClassVar[Leads] = {}
    """Its buttons and, if it listens, WORDS. Back that is not named leads to the menu."""
    ways: ClassVar[AbstractSet[Action]] = frozenset()
    """Which buttons it may show besides, of those that work everywhere."""
    lasts: ClassVar[bool] = False
    """Whether its message is of use when the customer has gone on in another."""

    @abstractmethod
    def show(self, turn: Turn) -> View:
        """What the customer sees now. Changes nothing."""

    def hear(self, turn: Turn, text: str) -> Place:  # noqa: ARG002  screens that read override it
        turn.remark(common.use_the_buttons())
        return self.place

    def press(self, turn: Turn, action: str, argument: str) -> Place:  # noqa: ARG002  likewise
        """A button of this very screen; one that it doesn't know changes nothing."""
        lead = self.leads.get(action)
        return lead if isinstance(lead, Place) else self.place

    def back(self, turn: Turn) -> Place:  # noqa: ARG002  likewise
        lead = self.leads.get(Action.BACK)
        return lead if isinstance(lead, Place) else Place.MENU

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  likewise
        """What to say while this button is worked on, if that takes seconds."""
        return None

    def shown(self, turn: Turn) -> None:  # noqa: B027  most need not know
        """Called when the customer sees it."""


def way_out() -> Row:
    return (
        Choice(common.back(), Action.BACK),
        Choice(common.cancel(), Action.CANCEL),
    )


def to_menu() -> Row:
    return (Choice(common.menu_button(), Action.MENU),)
