"""In which language the customer is answered from now on."""

from typing import ClassVar

import structlog

from botapp import language
from botapp.screens.base import Leads, Screen, way_out
from botapp.states import Place, place_named
from botapp.texts import common
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.errors import PlatformError

log = structlog.get_logger()

ELSEWHERE = frozenset(Place) - {Place.LANGUAGE}


class Languages(Screen):
    """Understood by whoever reads only one of them."""

    place = Place.LANGUAGE
    leads: ClassVar[Leads] = {
        Action.SPEAK: ELSEWHERE,
        Action.BACK: ELSEWHERE,
    }

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        names = tuple(
            Choice(language.own_name(code), Action.SPEAK, code) for code in language.languages()
        )
        return View(common.which_language(), (names, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.SPEAK or argument not in language.languages():
            return super().press(turn, action, argument)
        turn.shop.users.choose_language(turn.user_id, argument)
        language.speak(argument)
        self._list_commands(turn)
        return self.back(turn)

    def _list_commands(self, turn: Turn) -> None:
        """The app's list follows, whatever language the app is in. A courtesy: it may fail."""
        try:
            turn.shop.chat.set_commands(common.commands(), chat_id=turn.user_id)
        except PlatformError as trouble:
            log.info("commands_not_listed", chat_id=turn.user_id, why=str(trouble))

    def back(self, turn: Turn) -> Place:
        return place_named(turn.data.get("spoken_at", ""))
