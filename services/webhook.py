"""Updates that Telegram brings by itself: proven, kept, and only then taken."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.crashes import crash_at
from core.ids import is_update_id
from services.inbox import Inbox
from services.ports import Bell

PATH = "/webhooks/telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Whoever takes an update rings; a bot that hears it has the update's chat handled."""

    url: str
    secret: str = field(repr=False)
    inbox: Inbox
    bell: Bell

    def knows(self, token: str) -> bool:
        """Whether this is the secret that only Telegram and we know."""
        return hmac.compare_digest(token.encode(), self.secret.encode())

    def take(self, body: bytes) -> bool:
        """Keep the update durably and ring; False for what is no update and never will be."""
        update = _read(body)
        if update is None:
            return False
        self.inbox.receive([update])
        crash_at("webhook.after_keep")
        self.bell.ring(str(update["update_id"]))
        return True

    def wait(self, seconds: int) -> Sequence[Mapping[str, Any]]:
        """Kept updates that a bot has to look at; waits up to `seconds` for one.

        Raises Unavailable while nobody can be heard: the sweep of the inbox finds them later.
        """
        return self.inbox.find([int(rung) for rung in self.bell.wait(seconds)])


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and is_update_id(told.get("update_id")) else None
