"""What the carriers said of a label's addresses, kept in the draft: each is asked about once."""

import hashlib
from typing import Any

from botapp.label_draft import WHERE, LabelDraft, Side
from botapp.states import Place
from botapp.texts import checks as texts
from botapp.turns import Turn
from core.addresses import Address
from services.addresses import Opinion, Standing


def undecided(turn: Turn, *sides: Side) -> Place | None:
    """Have these addresses checked; the screen for the first that the customer must decide on."""
    for side in sides:
        opinion = opinion_of(turn.label, side) or _ask(turn, side)
        if opinion.asks_for_a_decision:
            turn.label.turn_to(side)
            return Place.VERDICT
    return None


def is_due(label: LabelDraft, *sides: Side) -> bool:
    """Whether somebody has yet to be asked."""
    return any(opinion_of(label, side) is None for side in sides)


def opinion_of(label: LabelDraft, side: Side) -> Opinion | None:
    kept = _kept(label).get(_key(label.address(side)))
    if kept is None:
        return None
    suggested = kept["suggestion"]
    suggestion = Address.from_dict(suggested) if suggested else None
    return Opinion(Standing(kept["standing"]), suggestion, tuple(kept["remarks"]))


def settle(label: LabelDraft, *sides: Side) -> None:
    """These addresses are good as they are now, whatever the carriers think."""
    for side in sides:
        _keep(label, side, Opinion(Standing.ACCEPTED))


def _ask(turn: Turn, side: Side) -> Opinion:
    opinion = turn.shop.addresses.check(turn.label.address(side))
    if opinion.standing is Standing.UNCHECKED:
        turn.remark(texts.unchecked())
    _keep(turn.label, side, opinion)
    return opinion


def _keep(label: LabelDraft, side: Side, opinion: Opinion) -> None:
    _kept(label)[_key(label.address(side))] = {
        "standing": opinion.standing.value,
        "suggestion": opinion.suggestion.as_dict() if opinion.suggestion else None,
        "remarks": list(opinion.remarks),
    }


def _kept(label: LabelDraft) -> dict[str, Any]:
    kept: dict[str, Any] = label.kept.setdefault("checks", {})
    return kept


def _key(address: Address) -> str:
    """The same for whoever lives there."""
    where = "\n".join(getattr(address, field) for field in WHERE)
    return hashlib.sha256(where.encode()).hexdigest()[:16]
