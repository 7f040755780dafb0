"""Drafts: where a customer stands in a conversation, moved on exactly once an update."""

from dataclasses import dataclass
from typing import Any

from core.clock import Clock
from core.errors import Unavailable
from models.draft import Draft


class DraftMoved(Unavailable):
    """Somebody else wrote this chat's draft: read it again. Facts: `chat_id`."""


class WordsLost(DraftMoved):
    """Likewise, and only the draft in hand has what was said: hear all of it again."""


@dataclass(frozen=True, slots=True)
class Drafts:
    clock: Clock

    def load(self, chat_id: int) -> Draft:
        """The chat's draft; a new chat stands at the menu."""
        draft: Draft = Draft.objects.seek(chat_id) or Draft.objects.get_or_insert(
            chat_id, touched_at=self.clock.now()
        )
        return draft

    def show(self, draft: Draft) -> None:
        """Keep which message shows the draft, unless it has moved on.

        Raises WordsLost if MongoDB has lost it: one that dies takes along what it had not put down.
        """
        if Draft.objects.show_in(draft.id, draft.version, draft.message_id):
            return
        if not Draft.objects(version__gte=draft.version).has(draft.id):
            raise WordsLost(chat_id=draft.id)

    def move(
        self,
        draft: Draft,
        *,
        update_id: int,
        screen: str,
        data: dict[str, Any],
        message_id: int | None,
    ) -> None:
        """Move the draft on in hand; `keep` writes it."""
        now = self.clock.now()
        draft.move(update_id, screen=screen, data=data, message_id=message_id, touched_at=now)

    def keep(self, draft: Draft, *, for_updates: bool = True) -> None:
        """Write the draft over the version that was read. Raises DraftMoved if somebody else did.

        What is moved for no update waits for the majority by itself.
        """
        if not Draft.objects.replace(draft, for_updates=for_updates):
            raise DraftMoved(chat_id=draft.id)
        draft.unwritten = 0
