"""Somebody who goes every way that the screens declare, from wherever a journey comes by."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from botapp.graph import Transition
from botapp.label_draft import LabelDraft
from botapp.screens.base import WORDS
from botapp.states import Place
from botapp.views import Action
from models.draft import Draft
from models.inbox import Update
from models.order import Order
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, TERRITORY_TEXT, Talk
from tests.botapp.watched import OWN

PARCEL_TEXT = "2 lb 10x8x4"
BOTH = f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"
ABROAD = f"{SENDER_TEXT}\n{TERRITORY_TEXT}"
NAMELESS = "500 Howard St\nSan Francisco, CA 94105"
ADDRESSES = (
    f"{ABROAD}\n{PARCEL_TEXT}",
    SENDER_TEXT,
    NAMELESS,
    BOTH,
    f"{SENDER_TEXT}\n\n{NAMELESS}",
    f"{BOTH}\n{PARCEL_TEXT}",
)
_names = itertools.count(1)
SAYINGS: Mapping[Place, Sequence[str | Callable[[], str]]] = {
    **dict.fromkeys((Place.MENU, Place.SENDER, Place.RECIPIENT, Place.ADDRESS), ADDRESSES),
    **dict.fromkeys((Place.BUYING, Place.INVOICE, Place.ORDER, Place.BALANCE), ADDRESSES),
    Place.VERDICT: ADDRESSES,
    Place.FIELD: ("Ann Lee", "94107"),
    Place.PAIR: (ADDRESSES[0], *ADDRESSES[3:], "2 lb", "10x8x4", PARCEL_TEXT),
    Place.WEIGHT: ("2 lb",),
    Place.SIZES: ("10x8x4",),
    **dict.fromkeys((Place.RATES, Place.PAY), ("3 lb",)),
    Place.ITEM: ("2 T-shirts 30 USD 1 lb",),
    Place.ITEMS: ("1 mug 5 USD 4 oz",),
    Place.NAME: (lambda: f"Box {next(_names)}",),
    Place.TOPUP: ("25",),
    Place.INSUFFICIENT: ("25",),
    Place.PROVIDER: ("25",),
    **dict.fromkeys(
        (Place.ORDERS, Place.FIND),
        (
            lambda: Order.objects(tracking_code__gt="").first().id,
            lambda: Order.objects(tracking_code__in=[None, ""]).first().id,
        ),
    ),
    Place.BATCH_SENDER: (SENDER_TEXT,),
    Place.BATCH_WEIGHT: ("2 lb",),
    Place.BATCH_SIZES: ("10x8x4",),
}
ELSEWHERE = {
    (Place.LANGUAGE, Action.BACK),
    (Place.LANGUAGE, Action.SPEAK),
    (Place.UNFINISHED, Action.OPEN),
}
"""These lead to wherever one was: they are gone from every place by another test."""
TO_WALK = frozenset(
    each for own in OWN.values() for each in own if (each.here, each.by) not in ELSEWHERE
)
LAST = {Action.DROP, Action.DELETE, Action.FORGET, Action.BUY_FIRST, Action.BUY_ALL}
"""After these there is nothing to return to: a journey presses them itself, at its end."""
ALIKE = 2
WITH_A_LABEL = {
    Place.SENDER: ("/new", SENDER_TEXT, "press:Back"),
    Place.FIELD: ("/new", SENDER_TEXT, "press:Edit", "press:Name"),
}
OF_AN_ORDER = {
    Place.ORDER: (),
    Place.TRACKING: ("press:Track",),
    Place.VOID: ("press:Refund",),
    Place.FORMATS: ("press:Other formats",),
    Place.SAVE: ("press:Save",),
}
NO_SIZES = b"Name,Address,City,State,ZIP\nAnn Lee,350 5th Ave,New York,NY,10118\n"
OF_A_FILE = {
    Place.BATCH: (),
    Place.BATCH_COLUMNS: ("press:Change a column",),
    Place.BATCH_COLUMN: ("press:Change a column", "press:First name"),
    Place.BATCH_SENDER: ("press:Looks right",),
    Place.BATCH_WEIGHT: ("press:Looks right", SENDER_TEXT),
    Place.BATCH_SIZES: ("press:Looks right", SENDER_TEXT, "2 lb"),
}


@dataclass
class Walker:
    """`untaken` is what is still to be gone; `known` is what was tried in vain already."""

    talk: Talk
    untaken: set[Transition] = field(default_factory=lambda: set(TO_WALK))
    known: set[tuple[str, ...]] = field(default_factory=set)

    def go(self, *steps: str | Callable[[Talk], object]) -> None:
        """Each is a step of `Talk.walk`, or happens in the world; at each stop look around."""
        for step in steps:
            if isinstance(step, str):
                self.talk.walk((step,))
            else:
                step(self.talk)
                self.known.clear()
            self._look_around()

    def back_to(self, place: Place) -> None:
        while self.talk.place != place:
            self.go("press:Back")

    def _look_around(self) -> None:
        """Try whatever may lead where nobody has gone, and return each time."""
        talk, kept, shown = self.talk, self.talk.draft, dict(self.talk.chat.shown)
        standing = _standing(kept)
        for by, told in self._tries(Place(kept.screen)):
            hoped = any((each.here, each.by) == (kept.screen, by) for each in self._left())
            if hoped and (told, *standing) not in self.known:
                self.known.add((told, *standing))
                self._try(by, told)
                stand_at(kept)
                talk.chat.shown = dict(shown)

    def _left(self) -> set[Transition]:
        self.untaken -= self.talk.conversation.taken
        return self.untaken

    def _tries(self, here: Place) -> list[tuple[str, str]]:
        """What can be said and pressed here, the first few of many buttons alike."""
        said = [text if isinstance(text, str) else text() for text in SAYINGS.get(here, ())]
        pressed: dict[str, list[str]] = {}
        for by, told in self._buttons():
            pressed.setdefault(by, []).append(told)
        alike = [(by, told) for by, each in pressed.items() for told in each[:ALIKE]]
        return [*((WORDS, text) for text in said), *(each for each in alike if each[0] not in LAST)]

    def _try(self, by: str, told: str) -> None:
        """Where it leads anew, also the way back."""
        talk, left = self.talk, len(self._left())
        if by == WORDS:
            talk.say(told)
        else:
            talk.handle(self._pressed(f"{talk.draft.version}:{told}"))
        assert not talk.draft.data.get("notice", "").startswith("Sorry")
        if len(self._left()) < left:
            self._come_back()

    def _come_back(self) -> None:
        """By Back, or to the menu where there is no Back."""
        buttons = dict(self._buttons())
        if self.talk.place != Place.MENU:
            way = next(by for by in (Action.BACK, Action.MENU) if by in buttons)
            self.talk.handle(self._pressed(f"{self.talk.draft.version}:{way}:"))

    def _buttons(self) -> list[tuple[str, str]]:
        """The screen's, by their actions."""
        _, buttons = self.talk.chat.shown[self.talk.draft.message_id]
        told = [button.data.partition(":")[2] for button in buttons if button.data]
        return [(each.partition(":")[0], each) for each in told]

    def _pressed(self, data: str) -> Update:
        return self.talk.pressed_data(self.talk.draft.message_id, data)


def _standing(draft: Draft) -> tuple[str, ...]:
    """What decides where a word may lead: what is still to be told, and who asked."""
    label = LabelDraft(draft.data.get("label", {}))
    asked = [str(label.kept.get(name)) for name in ("side", "editing", "home", "then", "asking")]
    others = [str(draft.data.get(name)) for name in ("saved", "naming", "batch", "question")]
    return (draft.screen, label.next_gap(), str(label.kept.get("checks")), *asked, *others)


def stand_at(kept: Draft) -> None:
    """Have the conversation be where it was."""
    facts = {name: kept[name] for name in ("screen", "data", "version", "message_id")}
    Draft.objects(pk=kept.id).update_one(**{f"set__{name}": fact for name, fact in facts.items()})


def arrive(talk: Talk, place: Place) -> None:
    """Stand at this place, with a label or a file or an order as it needs."""
    if place in OF_AN_ORDER:
        talk.reach(Place.BUYING)
        talk.shop.work()
        talk.say("/orders")
        talk.walk((f"press:{talk.labels[0]}", *OF_AN_ORDER[place]))
    elif place in OF_A_FILE:
        talk.send("orders.csv", NO_SIZES)
        talk.walk(OF_A_FILE[place])
    elif place in WITH_A_LABEL:
        talk.walk(WITH_A_LABEL[place])
    else:
        talk.reach(place)
    assert talk.place == place
