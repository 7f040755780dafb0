"""Where nothing is asked for, so that words can begin a label."""

from typing import ClassVar

from botapp.reading import take_parcel
from botapp.screens.base import WORDS, Leads, Screen
from botapp.screens.pair import hear_both
from botapp.screens.unfinished import begin_anew
from botapp.states import Place
from botapp.texts import common
from botapp.turns import Turn
from core.pasting.pairs import read_pair


class Idle(Screen):
    """Who sends both addresses wants a label, whatever was done before."""

    leads: ClassVar[Leads] = {WORDS: {Place.PAIR, Place.FIELD, Place.CONFIRM, Place.CONTENTS}}

    def hear(self, turn: Turn, text: str) -> Place:
        if read_pair(take_parcel(text)[0]) is None:
            turn.remark(common.use_the_buttons_or_begin())
            return self.place
        begin_anew(turn)
        return hear_both(turn, text) or self.place
