"""The bot's process: `python -m botapp.poller`."""

import gc
import signal
from threading import Event, Thread

import structlog
from pymongo.errors import PyMongoError

import bootstrap
from bootstrap import Platform
from botapp.conversation import Conversation
from botapp.courtesies import Courtesies
from botapp.dispatcher import Dispatcher
from botapp.factory import SCREENS
from botapp.flood import Flood
from botapp.language import DEFAULT, languages, speaking
from botapp.ports import Line
from botapp.shop import Shop
from botapp.sources import Source, source_of
from botapp.texts import common
from botapp.watchman import watch
from core import log as logs, settings
from core.buckets import Bucket
from core.errors import PlatformError
from services.exports import Exports
from services.inbox import Inbox, chat_of

log = structlog.get_logger()

POLL_SECONDS = 25
SWEEP_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0


def main() -> None:
    options = settings.load()
    logs.configure(options.log_level, "bot")
    platform = bootstrap.build(options)
    stopping = Event()
    for asking in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asking, lambda *_: stopping.set())
    dispatcher = dispatcher_of(platform)
    poller = Poller(platform.telegram, source_of(platform), dispatcher, stopping)
    # A poll hangs for long. What it fetches while we leave is kept in the inbox, or asked again.
    Thread(target=poller.run, name="poller", daemon=True).start()
    Thread(target=watch, args=(platform.alerts, stopping), name="watchman", daemon=True).start()
    sweep(platform.inbox, dispatcher, stopping)
    dispatcher.stop()
    log.info("bot_stopped")


def dispatcher_of(platform: Platform) -> Dispatcher:
    courtesies = Courtesies(platform.telegram)
    options = platform.settings
    flood = Flood(Bucket(options.customer_per_second, options.customer_burst))
    conversation = Conversation(shop_of(platform), SCREENS, courtesies, flood)
    # What stands now stands till the end: collecting garbage need not walk all the tables of ZIP
    # codes, for 70 ms, while everybody waits.
    gc.freeze()
    return Dispatcher(
        platform.inbox,
        platform.users,
        sit=conversation.sit,
        apologise=conversation.apologise,
        greet=courtesies.greet,
    )


def shop_of(platform: Platform) -> Shop:
    return Shop(
        chat=platform.telegram,
        users=platform.users,
        drafts=platform.drafts,
        saved=platform.saved,
        addresses=platform.addresses,
        quotes=platform.quotes,
        orders=platform.orders,
        labels=platform.labels,
        voids=platform.voids,
        tracking=platform.tracking,
        topups=platform.topups,
        ledger=platform.ledger,
        outbox=platform.outbox,
        batches=platform.batches,
        exports=Exports(platform.outbox),
        contact=platform.settings.support_contact,
    )


def sweep(inbox: Inbox, dispatcher: Dispatcher, stopping: Event) -> None:
    """Wake the chats that have waited long enough, here or anywhere, until asked to stop."""
    while not stopping.is_set():
        try:
            dispatcher.wake_rested()
            dispatcher.wake(inbox.chats_waiting(besides=dispatcher.known))
        except PyMongoError as error:
            log.warning("inbox_unreachable", why=type(error).__name__)
        stopping.wait(SWEEP_SECONDS)


class Poller:
    """Hears until asked to stop; whatever is out of reach meanwhile only delays."""

    def __init__(
        self, telegram: Line, source: Source, dispatcher: Dispatcher, stopping: Event
    ) -> None:
        self._telegram = telegram
        self._source = source
        self._dispatcher = dispatcher
        self._stopping = stopping

    def run(self) -> None:
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
        updates = self._source.fetch(seconds)
        self._dispatcher.greet(updates)
        self._dispatcher.wake(dict.fromkeys(map(chat_of, updates)))

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
