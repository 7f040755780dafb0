"""Where updates come from: we ask Telegram, or it tells the web process. Nobody else knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bootstrap import Platform
from botapp.ports import Line
from services.inbox import Inbox
from services.webhook import Webhook


class Source(Protocol):
    def open(self) -> None:
        """Have Telegram give out its updates this way, and no other."""
        ...

    def fetch(self, seconds: int) -> Sequence[Mapping[str, Any]]:
        """Updates that the inbox has got; waits up to `seconds` for one."""
        ...


def source_of(platform: Platform) -> Source:
    webhook = platform.webhook
    if webhook is None:
        return Polling(platform.telegram, platform.inbox)
    return Pushing(platform.telegram, webhook)


class Polling:
    """Updates are confirmed to Telegram only when the inbox has them."""

    def __init__(self, telegram: Line, inbox: Inbox) -> None:
        self._telegram = telegram
        self._inbox = inbox
        self._offset = 0

    def open(self) -> None:
        self._telegram.delete_webhook()

    def fetch(self, seconds: int) -> Sequence[Mapping[str, Any]]:
        """Fetch, keep, and only then go on: the next call's offset is the confirmation."""
        updates = self._telegram.get_updates(self._offset, seconds)
        self._inbox.receive(updates)
        # An empty answer has confirmed all before it, and after a quiet week ids start anew.
        self._offset = max((update["update_id"] for update in updates), default=-1) + 1
        return updates


class Pushing:
    """The web process has kept them; here they are heard of."""

    def __init__(self, telegram: Line, webhook: Webhook) -> None:
        self._telegram = telegram
        self._webhook = webhook

    def open(self) -> None:
        self._telegram.set_webhook(self._webhook.url, self._webhook.secret)

    def fetch(self, seconds: int) -> Sequence[Mapping[str, Any]]:
        return self._webhook.wait(seconds)
