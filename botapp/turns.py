"""One turn of the conversation: who speaks, what is kept, and what the shop can do."""

from dataclasses import dataclass
from typing import Any

from botapp.label_draft import LabelDraft
from botapp.markup import Html
from botapp.shop import Shop
from botapp.states import Place, place_named
from models.draft import Draft
from models.outbox import NoteKind


@dataclass(slots=True, kw_only=True)
class Turn:
    """`data` is a copy of the draft's: it counts only when the draft has been written.

    `rest` is what was said after a command; `shown_in`, a message's id, is of the draft that was
    read.
    """

    shop: Shop
    user_id: int
    update_id: int
    here: Place
    data: dict[str, Any]
    rest: str = ""
    shown_in: int | None = None

    @classmethod
    def of(cls, draft: Draft, shop: Shop, update_id: int) -> "Turn":
        return cls(
            shop=shop,
            user_id=draft.id,
            update_id=update_id,
            here=place_named(draft.screen),
            data=plain(draft.data),
            shown_in=draft.message_id,
        )

    @property
    def wish(self) -> str:
        """Names what is asked for in this turn, whoever does it, how often, on whichever draft."""
        return f"{self.user_id}:{self.update_id}"

    @property
    def notice(self) -> Html:
        """What is said above the next screen: a refusal, a remark. Safe HTML."""
        return Html(self.data.get("notice", ""))

    def have_sent(self, kind: NoteKind, subject: str, **facts: Any) -> None:
        """A note to this customer: at least once, and once for each press that asks for it."""
        note_id = f"{kind}:{subject}:{self.update_id}"
        self.shop.outbox.put(note_id, self.user_id, kind, **facts)
        self.shop.outbox.hurry(note_id)

    def remark(self, notice: Html) -> None:
        self.data["notice"] = str(notice)

    def forget_remarks(self) -> None:
        self.data.pop("notice", None)
        self.data.pop("again", None)

    @property
    def has_label(self) -> bool:
        """Whether there is an unfinished label worth going on with."""
        return LabelDraft(self.data.get("label", {})).is_begun

    @property
    def label(self) -> LabelDraft:
        return LabelDraft(self.data.setdefault("label", {}))

    def drop_label(self) -> None:
        self.data.pop("label", None)


def plain(kept: Any) -> Any:
    """A copy of what a draft keeps, all the way down."""
    if isinstance(kept, dict):
        return {name: plain(value) for name, value in kept.items()}
    return [plain(value) for value in kept] if isinstance(kept, list) else kept
