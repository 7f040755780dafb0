"""Who is told of what happens at EasyPost: registered webhooks, and one that always stands."""

from collections.abc import Iterator
from typing import Any

import requests

from sandbox.carrier import errors, shapes
from sandbox.carrier.events import Event, forgery, notice
from sandbox.carrier.store import Document, Store
from sandbox.notices import Notices
from sandbox.world import World

RETRIES = (60.0, 180.0, 1800.0)


class Hooks:
    def __init__(self, world: World, store: Store) -> None:
        self._store = store
        self._settings = world.settings
        self._notices = Notices(world, "easypost", RETRIES, _welcomed)

    def register(self, given: Any, mode: str) -> Document:
        if not isinstance(given, dict) or not given.get("url"):
            raise errors.missing("url")
        hook = shapes.webhook(given, mode)
        secret = {"secret": given.get("webhook_secret") or ""}
        self._store.put(("webhooks", hook["id"], hook), ("webhook_secrets", hook["id"], secret))
        return hook

    def all(self) -> list[Document]:
        return self._store.all("webhooks")

    def get(self, hook_id: str) -> Document:
        hook = self._store.get("webhooks", hook_id)
        if hook is None:
            raise errors.not_found()
        return hook

    def enable(self, hook_id: str) -> Document:
        hook = {**self.get(hook_id), "disabled_at": None}
        self._store.put(("webhooks", hook_id, hook))
        return hook

    def delete(self, hook_id: str) -> None:
        self.get(hook_id)
        self._store.put(("webhooks", hook_id, None), ("webhook_secrets", hook_id, None))

    def tell(self, event: Event) -> None:
        """Each of those who listen in the event's mode hears of it, once or more."""
        for hook, secret in self._listening(event.mode):
            true = notice(hook, secret, event)
            self._notices.send(true, forgery(true))

    def _listening(self, mode: str) -> Iterator[tuple[Document, str]]:
        if self._settings.easypost_webhook:
            standing = shapes.webhook({"url": self._settings.easypost_webhook}, mode)
            yield standing, self._settings.easypost_webhook_secret
        for hook in self.all():
            if hook["disabled_at"] is None and hook["mode"] == mode:
                known = self._store.get("webhook_secrets", hook["id"]) or {}
                yield hook, known.get("secret", "")


def _welcomed(response: requests.Response) -> bool:
    return response.ok
