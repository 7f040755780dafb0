"""One of the bot's processes that handle chats: `python -m botapp.hand <number> <of how many>`.

It is started by the first of them (`botapp.crew`), which tells it a line of ids for updates that
the inbox has got, and ends when that process says no more or is no more.
"""

import gc
import signal
import sys
from collections.abc import Iterable
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
from botapp.shop import Shop
from core import log as logs, settings
from core.buckets import Bucket
from core.settings import Settings
from services.exports import Exports
from services.inbox import EVERYBODY, Inbox, Share

log = structlog.get_logger()

SWEEP_SECONDS = 1.0


def main(number: str, of: str) -> None:
    share = Share(int(number), int(of))
    for asking in (signal.SIGTERM, signal.SIGINT):
        # A terminal and some hosts tell all processes at once. Whoever started this one says when.
        signal.signal(asking, signal.SIG_IGN)
    options = settings.load()
    logs.configure(options.log_level, "bot")
    platform = bootstrap.build(one_of_many(options))
    dispatcher = dispatcher_of(platform)
    stopping = Event()

    def hear() -> None:
        listen(sys.stdin, platform.inbox, dispatcher)
        stopping.set()

    Thread(target=hear, name="ear", daemon=True).start()
    sweep(platform.inbox, dispatcher, stopping, share)
    dispatcher.stop()


def one_of_many(options: Settings) -> Settings:
    """While Redis is away all of a bot's processes send no more than one process may."""
    alone = options.telegram_alone_per_second / options.bot_processes
    return options.model_copy(update={"telegram_alone_per_second": alone})


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


def listen(lines: Iterable[str], inbox: Inbox, dispatcher: Dispatcher) -> None:
    """Have the updates heard whose ids are told, until nobody tells more."""
    for line in lines:
        try:
            dispatcher.hear(inbox.find([int(update_id) for update_id in line.split()]))
        except PyMongoError as error:
            log.warning("inbox_unreachable", why=type(error).__name__)


def sweep(inbox: Inbox, dispatcher: Dispatcher, stopping: Event, share: Share = EVERYBODY) -> None:
    """Wake the chats of this share that have waited long enough, until asked to stop."""
    while not stopping.is_set():
        try:
            dispatcher.wake_rested()
            dispatcher.wake(inbox.chats_waiting(share, besides=dispatcher.known))
        except PyMongoError as error:
            log.warning("inbox_unreachable", why=type(error).__name__)
        stopping.wait(SWEEP_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
