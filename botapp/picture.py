"""Draws the conversation into docs/conversation.md: `make picture`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from pathlib import Path
from types import MappingProxyType

from botapp import ways
from botapp.graph import BUTTONS_OF_ALL, TRANSITIONS
from botapp.label_draft import GAPS
from botapp.screens.base import WORDS
from botapp.states import ADDRESSES, CHECKS, LABEL_PLACES, PARCEL, PRICED, Place
from botapp.views import Action

PAGE = Path(__file__).parents[1] / "docs" / "conversation.md"
FLOWS: Mapping[str, tuple[Place, ...]] = MappingProxyType(
    {
        "menu": (
            Place.MENU,
            Place.UNFINISHED,
            Place.HELP,
            Place.LANGUAGE,
            Place.SETTINGS,
            Place.ZONE,
            Place.FORGET,
        ),
        "addresses": ADDRESSES,
        "checks": CHECKS,
        "parcel": PARCEL,
        "purchase": (*PRICED, Place.BUYING),
        "money": (Place.BALANCE, Place.TOPUP, Place.PROVIDER, Place.INVOICE),
        "orders": (
            Place.ORDERS,
            Place.ORDER,
            Place.FIND,
            Place.TRACKING,
            Place.FORMATS,
            Place.VOID,
        ),
        "kept": (
            Place.SAVED,
            Place.SAVED_LIST,
            Place.SAVED_ONE,
            Place.SAVE,
            Place.NAME,
            Place.DELETE,
        ),
        "files": (
            Place.BATCH,
            Place.BATCH_COLUMNS,
            Place.BATCH_COLUMN,
            Place.BATCH_SENDER,
            Place.BATCH_WEIGHT,
            Place.BATCH_SIZES,
        ),
    }
)
"""Each is a picture of its own; every place is in one of them."""
_DRAWN = re.compile(r"(?<=<!-- drawn: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


def drawn(page: str) -> str:
    """The page with all that is drawn on it drawn anew."""
    return _DRAWN.sub(lambda found: f"{found[1]}{found[2]}{_part(found[1])}\n", page)


def _part(name: str) -> str:
    if name == "everywhere":
        return _everywhere()
    places = FLOWS[name]
    return "\n".join(("```mermaid", _picture(places), "```", "", _table(places)))


def _picture(places: tuple[Place, ...]) -> str:
    """Where one goes on to; Back and what stays are in the table."""
    edges: dict[tuple[str, str], list[str]] = {}
    for here in places:
        for by in sorted({each.by for each in TRANSITIONS if each.here is here} - {Action.BACK}):
            for to in _ends(_led(here, by) - {here}):
                edges.setdefault((here, to), []).append(_name(by))
    nodes = dict.fromkeys(end for edge in edges for end in edge) | dict.fromkeys(places)
    return "\n".join(
        (
            "flowchart LR",
            *(f"    {_node(end, inside=end in places)}" for end in nodes),
            *(
                f'    {_id(here)} -- "{", ".join(by)}" --> {_id(to)}'
                for (here, to), by in edges.items()
            ),
        )
    )


def _ends(places: AbstractSet[Place]) -> Iterator[str]:
    """One end instead of many, where a draft and not a button decides."""
    if places >= frozenset(Place) - {Place.LANGUAGE}:
        yield "where one was"
    elif places >= LABEL_PLACES:
        yield from ("where the label was left", *sorted(places - LABEL_PLACES))
    elif Place.CONTENTS in places and len(places & GAPS) > 1:
        # Customs are asked for only when they are the next thing that is not told.
        yield from ("what is still untold", *sorted(places - GAPS))
    else:
        yield from sorted(places)


def _table(places: tuple[Place, ...]) -> str:
    rows = ((here, _ends(_led(here, Action.BACK)), sorted(_staying(here))) for here in places)
    told = (f"| {_name(here)} | {_names(back)} | {_names(stays)} |" for here, back, stays in rows)
    return "\n".join(("| screen | Back leads to | stays here |", "|---|---|---|", *told))


def _staying(here: Place) -> set[str]:
    return {each.by for each in TRANSITIONS if (each.here, each.to) == (here, here)} - {Action.BACK}


def _everywhere() -> str:
    rows = [
        *((f"`/{name}`", way.to) for name, way in ways.COMMANDS.items()),
        *((_name(name), way.to) for name, way in BUTTONS_OF_ALL.items()),
        ("a file", ways.FILE.to),
    ]
    told = (f"| {name} | {_names(_ends(to)) or 'stays'} |" for name, to in rows)
    return "\n".join(("| said or pressed | leads to |", "|---|---|", *told))


def _led(here: Place, by: str) -> frozenset[Place]:
    return frozenset(each.to for each in TRANSITIONS if (each.here, each.by) == (here, by))


def _node(end: str, *, inside: bool) -> str:
    left, right = ("[", "]") if inside else ("([", "])") if end in set(Place) else ("{{", "}}")
    return f'{_id(end)}{left}"{_name(end)}"{right}'


def _id(end: str) -> str:
    return end.replace(" ", "_")


def _names(ends: Iterable[str]) -> str:
    return ", ".join(map(_name, ends))


def _name(name: str) -> str:
    return "words" if name == WORDS else name.replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text()))
