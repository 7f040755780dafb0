"""Methods by which the bot hears: polling, webhook, and answering a pressed button."""

import re
from typing import Any

from sandbox.telegram.calls import Call, Handler, Office
from sandbox.telegram.errors import bad_request
from sandbox.telegram.state import JsonObject
from sandbox.telegram.webhook import Webhook

# Telegram names no number; a bot that needs longer than this has lost its customer.
ANSWER_SECONDS = 20.0
TOAST_LENGTH = 200
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Listening:
    def __init__(self, office: Office, webhook: Webhook) -> None:
        self._office = office
        self._webhook = webhook

    def handlers(self) -> dict[str, Handler]:
        return {
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "answerCallbackQuery": self.answer,
        }

    def get_updates(self, call: Call) -> list[JsonObject]:
        values = call.values
        updates = self._office.updates
        updates.allow(values.get("allowed_updates"))
        return updates.poll(
            values.get("offset", 0), values.get("limit", 100), values.get("timeout", 0)
        )

    def set_webhook(self, call: Call) -> bool:
        values = call.values
        url, secret = values["url"], values.get("secret_token", "")
        if url and not re.match(r"https?://[^\s/]+", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("bad webhook: secret token contains unallowed characters")
        self._office.updates.allow(values.get("allowed_updates"))
        self._set(
            {
                "url": url,
                "secret_token": secret,
                "max_connections": values.get("max_connections", 40),
            },
            call,
        )
        self._webhook.wake()
        return True

    def delete_webhook(self, call: Call) -> bool:
        self._set({}, call)
        return True

    def get_webhook_info(self, call: Call) -> JsonObject:  # noqa: ARG002  every method takes a call
        return self._webhook.info()

    def answer(self, call: Call) -> bool:
        values = call.values
        state = self._office.state
        if len(values.get("text", "")) > TOAST_LENGTH:
            raise bad_request("MESSAGE_TOO_LONG")
        with state.changed:
            query = state.queries.get(values["callback_query_id"])
            if query is None or query.answered or state.clock() - query.at > ANSWER_SECONDS:
                raise bad_request(
                    "query is too old and response timeout expired or query ID is invalid"
                )
            facts: dict[str, Any] = {
                "callback_query_id": values["callback_query_id"],
                "message_id": query.message_id,
                "text": values.get("text", ""),
                "show_alert": values.get("show_alert", False),
                "url": values.get("url", ""),
                "date": int(state.clock()),
            }
            state.commit("answered", answer=facts)
        return True

    def _set(self, webhook: JsonObject, call: Call) -> None:
        state = self._office.state
        with state.changed:
            if call.values.get("drop_pending_updates") and state.updates:
                self._office.updates.confirm(max(state.updates) + 1)
            if webhook != state.webhook:
                state.commit("webhook", webhook=webhook)
