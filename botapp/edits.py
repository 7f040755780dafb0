"""A message that the customer edits changes what that message had told, and nothing else.

The label in hand remembers its latest words: the message, its text, and where it was heard. Each
of two texts, read there by itself, tells some facts; where they differ, the label changes. A word
that told nothing yet (it was refused, or waits for a choice) is simply heard again, as are the
first words under a picture.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botapp import unfinished
from botapp.heard import Edit, Heard, Text, Wordless
from botapp.label_draft import LabelDraft, Side
from botapp.markup import paragraphs
from botapp.screens.base import Screen
from botapp.screens.offers import checked_parcel
from botapp.states import PRICED, Place
from botapp.texts import edits as texts
from botapp.turns import Turn
from core.addresses import problems
from core.customs import check_items
from core.declared import read_item

MOST = 10
LONGEST = 1_000
"""Letters of a message that is remembered: both addresses and the parcel are far shorter."""
PARCEL = {Place.WEIGHT: "weight_oz", Place.SIZES: "sizes_in"}


def remember(turn: Turn, before: Mapping[str, Any], place: Place, heard: Heard) -> None:
    """What a word told, or that it may still be said otherwise."""
    last = turn.data.pop("last_word", {})
    if isinstance(heard, Text | Wordless):
        word = {"id": heard.message_id, "at": turn.here.value, "text": heard.text}
    elif isinstance(heard, Edit) and last.get("id") == heard.message_id:
        word = last | {"text": heard.text}
    else:
        return
    if at := _told_at(turn, before):
        said = [*turn.label.kept.get("said", []), word | at]
        turn.label.kept["said"] = said[-MOST:] if len(heard.text) <= LONGEST else said[:-1]
    elif place is Place.PROVIDER or (place is turn.here and turn.notice):
        turn.data["last_word"] = word


def is_no_change(turn: Turn, edit: Edit) -> bool:
    """Telegram tells of a message again when only its preview has changed."""
    word = _word(turn, edit)
    return word is not None and word["text"] == edit.text


def take_over(turn: Turn, edit: Edit, screens: Mapping[Place, Screen]) -> Place:
    """Raises what the screen raises that heard the message first."""
    word = _word(turn, edit)
    if word is None:
        turn.remark(texts.too_late())
        return turn.here
    if word is turn.data.get("last_word", {}):
        return screens[Place(word["at"])].hear(turn, edit.text)
    if word["at"] == Place.ITEM:
        return _replace_item(turn, word, edit.text)
    was, now = (_alone(turn, word, text, screens) for text in (word["text"], edit.text))
    if not unfinished.told(now.label.kept):
        turn.remark(paragraphs(now.notice, texts.not_changed()))
        return turn.here
    word["text"] = edit.text
    changed = _change(turn.label, was.label, now.label)
    if not changed:
        return turn.here
    if turn.label.parcel is not None:
        checked_parcel(turn)
    _say_changed(turn)
    return _go_on(turn, changed)


def _word(turn: Turn, edit: Edit) -> dict[str, Any] | None:
    """What that message said, if it is remembered."""
    said = [turn.data.get("last_word", {}), *turn.data.get("label", {}).get("said", [])]
    return next((word for word in said if word.get("id") == edit.message_id), None)


def _told_at(turn: Turn, before: Mapping[str, Any]) -> dict[str, str] | None:
    """The screen that reads such a word, if it told something of the label."""
    was = before.get("label", {})
    old, new = unfinished.told(was), unfinished.told(turn.data.get("label", {}))
    if turn.here is Place.FIELD and old != new:
        asked = LabelDraft(was)
        return {"at": Place.FIELD.value, "side": asked.side.value, "field": asked.asked}
    by_fact = {"sender": Place.SENDER, "recipient": Place.RECIPIENT, "customs": Place.ITEM} | {
        fact: place for place, fact in PARCEL.items()
    }
    places = (place for fact, place in by_fact.items() if old.get(fact) != new.get(fact))
    place = next(places, None)
    return {"at": place.value} if place else None


def _replace_item(turn: Turn, word: dict[str, Any], text: str) -> Place:
    """In its place among the others. Raises what read_item and check_items raise."""
    declaration = turn.label.declaration
    items, was = [*declaration.items], read_item(word["text"])
    if was not in items:
        turn.remark(texts.too_late())
        return turn.here
    items[items.index(was)] = read_item(text)
    check_items(items, checked_parcel(turn))
    declaration.put_items(items)
    word["text"] = text
    _say_changed(turn)
    return _go_on(turn, frozenset())


def _alone(turn: Turn, word: Mapping[str, Any], text: str, screens: Mapping[Place, Screen]) -> Turn:
    """A label of which only this text was told."""
    blank = replace(turn, data={"label": {}})
    if "field" in word:
        blank.label.turn_to(Side(word["side"]))
        blank.label.ask([word["field"]], back=Place.FIELDS, then=Place.FIELDS)
    screens[Place(word["at"])].hear(blank, text)
    return blank


def _change(label: LabelDraft, was: LabelDraft, now: LabelDraft) -> frozenset[str]:
    """Bring what differs into the label; its facts and fields, by name. Raises BadField."""
    changed = {fact for fact in PARCEL.values() if _differs(fact, was.kept, now.kept)}
    label.kept.update({fact: now.kept[fact] for fact in changed})
    for side in Side:
        if side not in now.kept:
            continue
        old, new = was.kept.get(side, {}), now.kept[side]
        fields = {field for field in {*old, *new} if old.get(field, "") != new.get(field, "")}
        if not fields:
            continue
        before = problems(label.address(side))
        doubtful = (label.doubtful(side) - fields) | (now.doubtful(side) & fields)
        told = {field: new.get(field, "") for field in fields}
        label.put_address(side, label.kept.get(side, {}) | told, doubtful)
        for problem in () if before else problems(label.address(side)):
            raise problem
        changed |= {side.value, *fields} if label.side is side else {side.value}
    return frozenset(changed)


def _differs(fact: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return fact in now and now[fact] != was.get(fact)


def _say_changed(turn: Turn) -> None:
    """And forget the prices: those of another parcel are none of this one."""
    label = turn.label.kept
    priced = turn.label.forget_price()
    if turn.label.at in PRICED:
        label["at"] = turn.label.next_gap().value
    turn.remark(paragraphs(texts.changed(), texts.new_price() if priced else ""))


def _go_on(turn: Turn, changed: frozenset[str]) -> Place:
    """Where the customer stands, unless just what is asked for there was told now."""
    here, label = turn.here, turn.label
    if here in PRICED or PARCEL.get(here) in changed:
        return label.next_gap()
    if here is Place.VERDICT:
        return Place.ADDRESS
    if here is Place.FIELD:
        return label.spare(changed)
    told_both = here is Place.RECIPIENT and Side.RECIPIENT.value in changed
    return Place.PAIR if told_both else here
