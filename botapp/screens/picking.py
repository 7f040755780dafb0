"""What a customer keeps, offered where it is asked for: the most used first, each by one press."""

from typing import Any

from botapp import checks
from botapp.label_draft import Side
from botapp.screens.offers import checked_parcel
from botapp.screens.unfinished import begin_anew
from botapp.states import Place
from botapp.texts import saved as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Row
from core.addresses import Address
from models.saved import Template
from services.saved import Kind

OFFERED = {Kind.ADDRESS: 4, Kind.PARCEL: 3}


def rows(turn: Turn, kind: Kind, *, but: Address | None = None) -> tuple[Row, ...]:
    """The first few, and a way to all of them where there are more; `but` is offered there only."""
    most = OFFERED[kind]
    kept = turn.shop.saved.most_used(kind, turn.user_id, most=most + 2)
    found = [one for one in kept if kind is not Kind.ADDRESS or one.address != but]
    more = (Choice(texts.show_all(kind), Action.MORE),)
    offered = ((Choice(texts.title(kept), Action.PICK, kept.key),) for kept in found[:most])
    return (*offered, *((more,) if len(found) > most else ()))


def template_row(turn: Turn) -> Row:
    known = turn.shop.saved.most_used(Kind.TEMPLATE, turn.user_id, most=1)
    return (Choice(texts.templates_button(), Action.TEMPLATES),) if known else ()


def listing(turn: Turn, kind: Kind, asked_at: Place | None = None) -> Place:
    """All of a kind, to have one of them used where it was asked for, or to look after them."""
    turn.data["saved"] = {"kind": kind.value, "page": 0, "at": asked_at.value if asked_at else ""}
    return Place.SAVED_LIST


def pick_address(turn: Turn, side: Side, key: str) -> Place:
    """It was shipped with before, so the carriers are not asked again. Raises NotFound."""
    label, kept = turn.label, _used(turn, Kind.ADDRESS, key)
    label.turn_to(side)
    label.put_address(side, kept.address.as_dict(), ())
    checks.settle(label, side)
    return label.next_gap()


def pick_parcel(turn: Turn, key: str) -> Place:
    """Raises TooBigForEveryCarrier, NotFound."""
    label, kept = turn.label, _used(turn, Kind.PARCEL, key)
    label.put_weight(kept.parcel.weight_oz)
    label.put_sizes(kept.parcel.sizes_in)
    checked_parcel(turn)
    return label.next_gap()


def pick(turn: Turn, asked_at: Place, key: str) -> Place:
    """From the list that was opened at this place."""
    if asked_at in {Place.SENDER, Place.RECIPIENT}:
        return pick_address(turn, Side(asked_at.value), key)
    place = pick_parcel(turn, key)
    return asked_at if asked_at is Place.PAIR else place


def use_template(turn: Turn, key: str) -> Place:
    """A new label of all that it keeps. Raises NotFound, TooManyUnfinished."""
    kept: Template = turn.shop.saved.get(Kind.TEMPLATE, turn.user_id, key)
    label = begin_anew(turn)
    label.copy(kept.sender, kept.recipient, kept.parcel, kept.customs)
    checks.settle(label, *Side)
    _used(turn, Kind.TEMPLATE, key)
    return label.next_gap()


def _used(turn: Turn, kind: Kind, key: str) -> Any:
    return turn.shop.saved.use(kind, turn.user_id, key, by=str(turn.update_id))
