"""Controls: the shop with one rule switched off. A replay over any has to find differences."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from models import inbox
from models.connection import collection
from models.draft import Draft
from models.inbox import InboxQuerySet, Lease, Update
from services.drafts import Drafts
from services.inbox import Inbox

NOBODYS = Lease(undisturbed=False, after_death=False)


def last_update() -> AbstractContextManager[object]:
    """A draft does not know which updates it heard: heard again, they are obeyed again."""
    whole = Drafts.load

    def forgetful(self: Drafts, chat_id: int) -> Draft:
        draft = whole(self, chat_id)
        draft.last_update_id, draft.heard = 0, []
        return draft

    return patch.object(Drafts, "load", forgetful)


def kept_once() -> AbstractContextManager[object]:
    """An update that the inbox has is kept anew when it comes again."""

    def keep(updates: Iterable[dict[str, Any]]) -> list[int]:
        kept = collection(inbox.COLLECTION)
        for update in updates:
            row = {**update, "raw": Update.raw.to_mongo(update["raw"])}
            kept.replace_one({"_id": row["_id"]}, row, upsert=True)
        return []

    return patch.object(inbox, "keep", keep)


def order() -> AbstractContextManager[object]:
    """A chat's updates are handled as they came, not as Telegram counts them."""

    def waiting(self: InboxQuerySet, chat_id: int, most: int) -> list[Update]:
        unhandled = {"chat_id": chat_id, "next_at": {"$type": "date"}}
        return list(self.filter(__raw__=unhandled).order_by("$natural").limit(most))

    return patch.object(InboxQuerySet, "waiting", waiting)


def lease() -> AbstractContextManager[object]:
    """Whoever comes handles a chat, whether or not another does."""
    return patch.object(Inbox, "take_chat", lambda *_: NOBODYS)


RULES: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    rule.__name__: rule for rule in (last_update, kept_once, order, lease)
}
