"""The queue of updates: what goes in, how getUpdates takes it out."""

from typing import Any

from sandbox.telegram.errors import conflict
from sandbox.telegram.state import JsonObject, State
from sandbox.world import World

LONGEST_POLL_SECONDS = 50
MOST_AT_ONCE = 100
# Bots get these only if they ask for them by name.
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    def __init__(self, state: State, world: World) -> None:
        self._state = state
        self._faults = world.faults
        self._polls = 0
        self._repeated: list[JsonObject] = []

    def made(self, kind: str, content: JsonObject) -> dict[str, Any]:
        """The `update` fact for an event, or nothing for a kind the bot does not listen to."""
        allowed = self._state.allowed_updates
        if kind not in allowed and (allowed or kind in UNASKED):
            return {}
        return {"update": {"update_id": self._state.next_update_id(), kind: content}}

    def allow(self, kinds: list[str] | None) -> None:
        """None keeps what was allowed before."""
        if kinds is not None and kinds != self._state.allowed_updates:
            self._state.commit("allowed", kinds=kinds)

    def confirm(self, before: int) -> None:
        with self._state.changed:
            if any(key < before for key in self._state.updates):
                self._state.commit("confirmed", before=before)

    def poll(self, offset: int, limit: int, timeout: float) -> list[JsonObject]:
        """Updates from `offset` on. A newer poll ends an older one with a conflict."""
        changed = self._state.changed
        with changed:
            if self._state.webhook.get("url"):
                why = "can't use getUpdates method while webhook is active"
                raise conflict(f"{why}; use deleteWebhook to delete the webhook first")
            self._polls += 1
            mine = self._polls
            changed.notify_all()
            self.confirm(self._first_wanted(offset))
            changed.wait_for(
                lambda: self._polls != mine or self._state.updates or self._repeated,
                min(timeout, LONGEST_POLL_SECONDS),
            )
            if self._polls != mine:
                why = "terminated by other getUpdates request"
                raise conflict(f"{why}; make sure that only one bot instance is running")
            return self._taken(min(max(limit, 1), MOST_AT_ONCE))

    def twice(self) -> bool:
        """Whether a fault wants the update in hand to be delivered twice."""
        return self._faults.take("telegram", "getUpdates", ("update_twice",)) is not None

    def _first_wanted(self, offset: int) -> int:
        if offset >= 0:
            return offset
        return min(sorted(self._state.updates)[offset:], default=0)

    def _taken(self, limit: int) -> list[JsonObject]:
        fresh = list(self._state.updates.values())[:limit]
        answer, self._repeated = [*self._repeated, *fresh], []
        if fresh and self.twice():
            self._repeated = fresh
        return answer
