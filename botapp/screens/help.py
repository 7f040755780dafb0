"""How it works, answers to what is often asked, and a person to write to."""

from typing import ClassVar

from botapp.screens.base import Leads, Screen, way_out
from botapp.states import Place
from botapp.texts import common, help as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Link, Row, View

AT = "https://t.me/"


class Help(Screen):
    """`question` in the draft is the one that is answered just now."""

    place = Place.HELP
    leads: ClassVar[Leads] = {
        Action.QUESTION: {Place.HELP},
        Action.BACK: {Place.HELP, Place.MENU},
    }
    ways = frozenset({Action.NEW})

    def show(self, turn: Turn) -> View:
        answers, contact = texts.answers(), turn.shop.contact
        asked = turn.data.get("question", -1)
        text = texts.answer(asked) if asked in range(len(answers)) else texts.help_text(contact)
        questions = (
            (Choice(question, Action.QUESTION, str(number)),)
            for number, (question, _) in enumerate(answers)
            if number != asked
        )
        new = Choice(common.new_label(), Action.NEW)
        return View(text, (*questions, *_person(contact), (new,), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.QUESTION and argument in map(str, range(len(texts.answers()))):
            turn.data["question"] = int(argument)
        return self.place

    def back(self, turn: Turn) -> Place:
        """From an answer to the page, from the page to the menu."""
        return Place.MENU if turn.data.pop("question", None) is None else self.place


def _person(contact: str) -> tuple[Row, ...]:
    page = AT + contact[1:] if contact.startswith("@") else contact
    return ((Link(texts.write_to_us(), page),),) if page.startswith("https://") else ()
