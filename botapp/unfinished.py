"""Labels in the making: a new one sets the one in hand aside, and each can be taken up again.

In the draft, `label` is the one in hand, `aside` those set aside (the latest last), `dropped`
the one that was cancelled last.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from botapp.label_draft import LabelDraft
from botapp.states import LABEL_PLACES, TOLD_AT, Place
from botapp.turns import Turn
from core.errors import Refusal

MOST = 10
LIFETIME = timedelta(days=30)
DEPTH = 3
"""So many words of a customer about a label can be taken back."""
_TOLD = ("sender", "recipient", "weight_oz", "sizes_in", "customs")
_NOT_TAKEN_BACK = frozenset({"past", "checks", "quote", "rate", "only", "at", "at_once"})


class TooManyUnfinished(Refusal):
    """Another label would be one too many to keep. Facts: `limit`."""


def begin(turn: Turn) -> LabelDraft:
    """An empty label in hand; one that was begun is set aside. Raises TooManyUnfinished."""
    if turn.has_label and len(others(turn)) + 1 >= MOST:
        raise TooManyUnfinished(limit=MOST)
    _set_aside(turn)
    turn.data.pop("dropped", None)
    turn.data["label"] = {"born": turn.update_id}
    return turn.label


def others(turn: Turn) -> list[LabelDraft]:
    """Those set aside in the last 30 days, the latest first."""
    oldest = turn.shop.drafts.clock.now() - LIFETIME
    kept = [each for each in turn.data.get("aside", []) if _since(each) > oldest]
    return [LabelDraft(each) for each in reversed(kept)]


def take_up(turn: Turn, number: int) -> None:
    """Have one of `others` in hand; the one that was is set aside in its place."""
    wanted = others(turn)[number].kept
    turn.data["aside"] = [each for each in turn.data["aside"] if each is not wanted]
    _set_aside(turn)
    turn.data["label"] = wanted


def take_up_born(turn: Turn, born: int) -> bool:
    """Have the one that this update began in hand; False if it is not kept."""
    for number, label in enumerate(others(turn)):
        if label.born == born:
            take_up(turn, number)
            break
    return turn.has_label and turn.label.born == born


def drop(turn: Turn) -> None:
    """The label in hand is cancelled; until the next one is begun it can be brought back."""
    if turn.has_label:
        turn.data["dropped"] = turn.label.kept
    turn.drop_label()


def bring_back(turn: Turn) -> None:
    """Undo the last `drop`; if there is none, nothing."""
    dropped = turn.data.pop("dropped", None)
    if dropped:
        _set_aside(turn)
        turn.data["label"] = dropped


def can_bring_back(turn: Turn, born: int) -> bool:
    return LabelDraft(turn.data.get("dropped", {})).born == born


def remember(turn: Turn, before: Mapping[str, Any], here: Place) -> None:
    """Keep how the label stood `before` these words, if they changed what is told of it."""
    was, now = before.get("label", {}), turn.data.get("label", {})
    same_label = was.get("born") == now.get("born") and len(_past(now)) >= len(_past(was))
    if not same_label or here not in LABEL_PLACES or told(was) == told(now):
        return
    at = here if here in TOLD_AT else Place.CONFIRM
    kept = {name: value for name, value in was.items() if name not in _NOT_TAKEN_BACK}
    now["past"] = [*_past(now), {"at": at.value, "kept": kept}][-DEPTH:]


def can_undo(turn: Turn) -> bool:
    return bool(_past(turn.data.get("label", {})))


def undo(turn: Turn) -> Place:
    """Take back what was told last; where it was told."""
    label = turn.label.kept
    *past, last = label["past"]
    checks = {"checks": label["checks"]} if "checks" in label else {}
    turn.data["label"] = {**last["kept"], **checks, "past": past}
    return Place(last["at"])


def _set_aside(turn: Turn) -> None:
    if turn.has_label:
        label = turn.label.kept | {"aside_at": turn.shop.drafts.clock.now().isoformat()}
        turn.data["aside"] = [*(each.kept for each in reversed(others(turn))), label]
    turn.drop_label()


def _since(kept: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(kept["aside_at"])


def told(label: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer said of it, without what was made of that."""
    return {name: label[name] for name in _TOLD if name in label}


def _past(label: Mapping[str, Any]) -> list[Any]:
    past: list[Any] = label.get("past", [])
    return past
