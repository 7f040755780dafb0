"""What is in a parcel that the customs look at: why it is sent, and one thing after the other."""

from typing import ClassVar

from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.offers import checked_parcel
from botapp.states import Place
from botapp.texts import customs as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.customs import MOST_ITEMS, ContentsType, check_items
from core.declared import read_item


class Contents(Screen):
    place = Place.CONTENTS
    leads: ClassVar[Leads] = {
        Action.CHOOSE: {Place.ITEM, Place.ITEMS},
        Action.BACK: {Place.SIZES, Place.ITEMS},
    }

    def show(self, turn: Turn) -> View:  # noqa: ARG002  the same for every turn
        choices = (
            (Choice(texts.contents_name(kind), Action.CHOOSE, kind.value),) for kind in ContentsType
        )
        return View(texts.ask_contents(), (*choices, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.CHOOSE or argument not in set(ContentsType):
            return super().press(turn, action, argument)
        declaration = turn.label.declaration
        declaration.put_contents(ContentsType(argument))
        return Place.ITEMS if declaration.items else Place.ITEM

    def back(self, turn: Turn) -> Place:
        if turn.label.is_editing and turn.label.customs:
            return Place.ITEMS
        return Place.SIZES


class Item(Screen):
    """Asks for one kind of thing."""

    place = Place.ITEM
    leads: ClassVar[Leads] = {
        WORDS: {Place.ITEMS},
        Action.BACK: {Place.CONTENTS, Place.ITEMS},
    }

    def show(self, turn: Turn) -> View:
        return View(texts.ask_item(len(turn.label.declaration.items)), (way_out(),))

    def hear(self, turn: Turn, text: str) -> Place:
        return add(turn, text)

    def back(self, turn: Turn) -> Place:
        return Place.ITEMS if turn.label.declaration.items else Place.CONTENTS


class Items(Screen):
    """All that was told; a customer who writes on has the next thing added."""

    place = Place.ITEMS
    leads: ClassVar[Leads] = {
        WORDS: {Place.ITEMS},
        Action.MORE: Place.ITEM,
        Action.DONE: {Place.CONFIRM},
        Action.REMOVE: {Place.ITEM, Place.ITEMS},
        Action.EDIT: Place.CONTENTS,
        Action.BACK: {Place.CONTENTS, Place.CONFIRM},
    }

    def show(self, turn: Turn) -> View:
        declaration = turn.label.declaration
        contents, items = declaration.contents or ContentsType.MERCHANDISE, declaration.items
        more = (Choice(texts.add_another(), Action.MORE),) if len(items) < MOST_ITEMS else ()
        removing = (
            (Choice(texts.remove(item), Action.REMOVE, str(number)),)
            for number, item in enumerate(items)
        )
        return View(
            texts.so_far(contents, items),
            (
                (*more, Choice(texts.done(), Action.DONE)),
                *removing,
                (Choice(texts.change(contents), Action.EDIT),),
                way_out(),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        return add(turn, text)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        label = turn.label
        items = label.declaration.items
        if action == Action.DONE:
            return label.next_gap()
        if action == Action.REMOVE and argument in map(str, range(len(items))):
            removed = int(argument)
            label.declaration.put_items([*items[:removed], *items[removed + 1 :]])
            return Place.ITEMS if len(items) > 1 else Place.ITEM
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return Place.CONFIRM if turn.label.is_editing else Place.CONTENTS


def add(turn: Turn, typed: str) -> Place:
    """Raises what read_item and check_items raise."""
    declaration = turn.label.declaration
    items = (*declaration.items, read_item(typed))
    check_items(items, checked_parcel(turn))
    declaration.put_items(items)
    return Place.ITEMS
