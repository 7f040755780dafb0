"""Updates pushed to the bot's webhook, in order, until each is taken."""

from threading import Thread

import requests

from sandbox.telegram.state import JsonObject, State
from sandbox.telegram.updates import Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
TIME_OUT_SECONDS = 10
FIRST_RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 30.0


class Webhook:
    def __init__(self, state: State, updates: Updates) -> None:
        self._state = state
        self._updates = updates
        self._thread: Thread | None = None
        self._last_error: JsonObject = {}

    def wake(self) -> None:
        """Start delivering if a webhook is set and nobody delivers yet."""
        with self._state.changed:
            if self._thread is None and self._state.webhook.get("url"):
                self._thread = Thread(target=self._deliver, name="webhook", daemon=True)
                self._thread.start()

    def info(self) -> JsonObject:
        with self._state.changed:
            webhook = self._state.webhook
            url = webhook.get("url", "")
            kinds = self._state.allowed_updates
            return (
                {
                    "url": url,
                    "has_custom_certificate": False,
                    "pending_update_count": len(self._state.updates),
                }
                | (
                    {"max_connections": webhook["max_connections"]} | self._last_error
                    if url
                    else {}
                )
                | ({"allowed_updates": kinds} if kinds else {})
            )

    def _deliver(self) -> None:
        wait = FIRST_RETRY_SECONDS
        while True:
            with self._state.changed:
                self._state.changed.wait_for(
                    lambda: self._state.webhook.get("url") and self._state.updates
                )
                webhook = self._state.webhook
                update = next(iter(self._state.updates.values()))
            problem = _posted(webhook, update)
            if problem is None:
                if self._updates.twice():
                    _posted(webhook, update)
                self._updates.confirm(update["update_id"] + 1)
                wait = FIRST_RETRY_SECONDS
                continue
            self._pause(problem, webhook, wait)
            wait = min(wait * 2, LONGEST_RETRY_SECONDS)

    def _pause(self, problem: str, webhook: JsonObject, wait: float) -> None:
        """Remember what went wrong, and wait; another webhook ends the wait."""
        with self._state.changed:
            self._last_error = {
                "last_error_date": int(self._state.clock()),
                "last_error_message": problem,
            }
            self._state.changed.wait_for(lambda: self._state.webhook != webhook, wait)


def _posted(webhook: JsonObject, update: JsonObject) -> str | None:
    """None when the bot took the update, otherwise what went wrong."""
    secret = webhook["secret_token"]
    headers = {SECRET_HEADER: secret} if secret else {}
    try:
        response = requests.post(
            webhook["url"], json=update, headers=headers, timeout=TIME_OUT_SECONDS
        )
    except requests.Timeout:
        return "Read timeout expired"
    except requests.RequestException:
        return "Connection refused"
    if response.ok:
        return None
    return f"Wrong response from the webhook: {response.status_code} {response.reason}"
