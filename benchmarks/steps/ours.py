"""The product's bot: its poller, inbox, dispatcher, conversation, drafts, pace and messenger.

In as many processes as it has by itself: one for each core, up to four. Its rivals have one each;
what keeps a chat's updates in order is in that one's memory.
Nothing is lost and nothing counts twice: an update is kept by the majority before it is confirmed
to Telegram, and a draft that has heard it does not hear it again.
"""

from collections.abc import Sequence
from threading import Event
from time import perf_counter
from typing import Any

import bootstrap
from benchmarks.steps import crowd
from benchmarks.steps.games import play_all
from botapp.crew import Crew, start_hands
from botapp.handling import dispatcher_of, one_of_many
from botapp.label_draft import LabelDraft, Side
from botapp.poller import Poller
from botapp.sources import Polling
from botapp.states import Place
from core import log, settings
from core.clock import SystemClock
from models.connection import collection
from providers.telegram import Telegram

LOOK_SECONDS = 0.01
"""Each look takes a turn from the threads at work."""


class Polls(Telegram):
    """Brings what is there, and nothing when all is brought."""

    def __init__(self, polls: Sequence[list[crowd.Raw]]) -> None:
        self._polls = iter(polls)

    def get_updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:  # noqa: ARG002
        return next(self._polls, [])


def main() -> None:
    log.configure("ERROR", "bench")
    options = settings.load()
    hands = start_hands(options.bot_processes)
    platform = bootstrap.build(one_of_many(options))
    crew = Crew(dispatcher_of(platform), hands, Event())

    def play(game: int, chats: int) -> float:
        chat_ids = crowd.chats(chats)
        _open(chat_ids)
        polls = crowd.answers(game, chat_ids)
        line = Polls(polls)
        poller = Poller(line, Polling(line, platform.inbox), crew, Event())
        started = perf_counter()
        for _ in polls:
            poller.poll(0)
        _wait()
        seconds = perf_counter() - started
        whole = {"screen": Place.ADDRESS.value, "data.label.sender.zip": crowd.ANSWERS["zip"]}
        assert collection("drafts").count_documents(whole) == chats
        return seconds

    play_all(play)
    crew.stop()


def _open(chat_ids: Sequence[int]) -> None:
    """Everybody stands at the first question."""
    data: dict[str, Any] = {"label": {}}
    label = LabelDraft(data["label"])
    label.turn_to(Side.SENDER)
    label.ask(crowd.QUESTIONS, back=Place.SENDER, then=Place.ADDRESS)
    for chat_id in chat_ids:
        collection("drafts").update_one(
            {"_id": chat_id},
            {
                "$set": {
                    "screen": Place.FIELD.value,
                    "data": data,
                    "touched_at": SystemClock().now(),
                },
                "$inc": {"version": 1},
                "$setOnInsert": {"last_update_id": 0},
            },
            upsert=True,
        )


def _wait() -> None:
    """Until all is handled and marked so."""
    while collection("inbox").count_documents({"handled_at": None}):
        Event().wait(LOOK_SECONDS)


if __name__ == "__main__":
    main()
