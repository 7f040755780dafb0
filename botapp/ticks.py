"""The tick that has a label bought as soon as its money is here: kept with the label."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botapp.label_draft import LabelDraft
from botapp.states import LABEL_PLACES, Place, place_named
from botapp.turns import plain
from models.draft import Draft
from services.at_once import Wish
from services.drafts import DraftMoved, Drafts

KEPT_AS = "at_once"
ROUNDS_AT_MOST = 5
Data = dict[str, Any]
Change = Callable[[Draft, Data], Place | None]
"""Changes the draft's data and says where the customer stands then; None changes nothing."""


def is_ticked(label: LabelDraft) -> bool:
    """It is for one rate, and for as long as the label waits for the money to buy that."""
    waits = label.at is Place.INSUFFICIENT
    return waits and label.kept.get(KEPT_AS) == _chosen(label.kept)


def turn(label: LabelDraft) -> None:
    """Tick the chosen rate, or take the tick away."""
    if is_ticked(label):
        del label.kept[KEPT_AS]
    else:
        label.kept[KEPT_AS] = _chosen(label.kept)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Implements `services.at_once.Wishes`, for the label in hand and those set aside."""

    drafts: Drafts

    def of(self, user_id: int) -> Sequence[Wish]:
        labels = _labels(plain(self.drafts.load(user_id).data))
        return [_wish(LabelDraft(kept)) for kept in labels if KEPT_AS in kept]

    def grant(self, user_id: int, wish: Wish, order_id: str) -> None:
        def change(draft: Draft, data: Data) -> Place | None:
            if not any(_is_for(kept, wish) for kept in _labels(data)):
                return None
            here = place_named(draft.screen)
            if _is_for(data.get("label", {}), wish):
                del data["label"]
                if here in LABEL_PLACES:
                    data.pop("notice", None)
                    data["order"], here = order_id, Place.BUYING
            data["aside"] = [kept for kept in data.get("aside", []) if not _is_for(kept, wish)]
            return here

        self._change(user_id, change)

    def renew(self, user_id: int, wish: Wish, fresh: Wish) -> None:
        def change(draft: Draft, data: Data) -> Place | None:
            labels = (kept for kept in _labels(data) if _is_for(kept, wish))
            ticked = [kept for kept in labels if is_ticked(LabelDraft(kept))]
            for kept in ticked:
                kept["quote"], kept["rate"] = fresh.quote_id, fresh.rate_id
                kept[KEPT_AS] = _chosen(kept)
            return place_named(draft.screen) if ticked else None

        self._change(user_id, change)

    def drop(self, user_id: int, wish: Wish) -> None:
        def change(draft: Draft, data: Data) -> Place | None:
            ticked = [kept for kept in _labels(data) if _is_for(kept, wish)]
            for kept in ticked:
                del kept[KEPT_AS]
            return place_named(draft.screen) if ticked else None

        self._change(user_id, change)

    def _change(self, user_id: int, change: Change) -> None:
        """Raises DraftMoved when the customer is quicker every time."""
        for _ in range(ROUNDS_AT_MOST):
            draft = self.drafts.load(user_id)
            data = plain(draft.data)
            place = change(draft, data)
            if place is None or self._is_written(draft, data, place):
                return
        raise DraftMoved(chat_id=user_id)

    def _is_written(self, draft: Draft, data: Data, place: Place) -> bool:
        try:
            self.drafts.move(
                draft,
                update_id=draft.last_update_id,
                screen=place.value,
                data=data,
                message_id=draft.message_id,
            )
            self.drafts.keep(draft, for_updates=False)
        except DraftMoved:
            return False
        return True


def _wish(label: LabelDraft) -> Wish:
    quote_id, rate_id = label.kept[KEPT_AS]
    return Wish(quote_id, rate_id, stands=is_ticked(label))


def _labels(data: Data) -> list[Data]:
    """Those in the making, the one in hand first."""
    in_hand = [data["label"]] if "label" in data else []
    return [*in_hand, *reversed(data.get("aside", []))]


def _is_for(kept: Mapping[str, Any], wish: Wish) -> bool:
    return kept.get(KEPT_AS) == [wish.quote_id, wish.rate_id]


def _chosen(kept: Mapping[str, Any]) -> list[str]:
    return [str(kept.get("quote", "")), str(kept.get("rate", ""))]
