"""The bot's first process, which hears Telegram: `python -m botapp.poller`."""

import signal
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from typing import Any, Protocol

import structlog
from pymongo.errors import PyMongoError

import bootstrap
from botapp.crew import Crew, start_hands
from botapp.handling import dispatcher_of, one_of_many, sweep
from botapp.language import DEFAULT, languages, speaking
from botapp.ports import Line
from botapp.sources import Source, source_of
from botapp.texts import common
from botapp.watchman import watch
from core import log as logs, settings
from core.errors import PlatformError
from services.inbox import Share

log = structlog.get_logger()

POLL_SECONDS = 25
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0


def main() -> None:
    options = settings.load()
    logs.configure(options.log_level, "bot")
    stopping = Event()
    for asking in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asking, lambda *_: stopping.set())
    hands = start_hands(options.bot_processes)
    platform = bootstrap.build(one_of_many(options))
    dispatcher = dispatcher_of(platform)
    crew = Crew(dispatcher, hands, stopping)
    poller = Poller(platform.telegram, source_of(platform), crew, stopping)
    # A poll hangs for long. What it fetches while we leave is kept in the inbox, or asked again.
    Thread(target=poller.run, name="poller", daemon=True).start()
    Thread(target=watch, args=(platform.alerts, stopping), name="watchman", daemon=True).start()
    sweep(platform.inbox, dispatcher, stopping, Share(0, options.bot_processes))
    if not crew.stop() or poller.broke_off:
        raise SystemExit("A part of the bot ended by itself.")
    log.info("bot_stopped")


class Hears(Protocol):
    def hear(self, updates: Sequence[Mapping[str, Any]], /) -> None:
        """Have these updates handled, which the inbox has got. Doesn't wait for that."""
        ...


class Poller:
    """Hears until asked to stop; whatever is out of reach meanwhile only delays.

    One that breaks off sets `stopping`: whoever starts the bot again starts one that hears.
    """

    def __init__(self, telegram: Line, source: Source, hearer: Hears, stopping: Event) -> None:
        self._telegram = telegram
        self._source = source
        self._hearer = hearer
        self._stopping = stopping
        self.broke_off = False

    def run(self) -> None:
        try:
            self._hear()
        finally:
            self.broke_off = not self._stopping.is_set()
            self._stopping.set()

    def _hear(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        announced = False
        while not self._stopping.is_set():
            try:
                announced = announced or self._announce()
                self.poll(POLL_SECONDS)
            except (PlatformError, PyMongoError) as trouble:
                log.warning("poll_failed", why=str(trouble)[:200], pause=pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                pause = FIRST_PAUSE_SECONDS

    def poll(self, seconds: int) -> None:
        """What has come is in the inbox: only its chats are to be woken."""
        self._hearer.hear(self._source.fetch(seconds))

    def _announce(self) -> bool:
        for code in languages():
            with speaking(code):
                told_to = "" if code == DEFAULT else code
                self._telegram.set_commands(common.commands(), told_to)
        self._source.open()
        log.info("bot_ready")
        return True


if __name__ == "__main__":
    main()
