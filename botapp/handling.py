"""What each of the bot's processes is made of, and how it finds what nobody told it of."""

import gc
from threading import Event

import structlog
from pymongo.errors import PyMongoError

from bootstrap import Platform
from botapp.conversation import Conversation
from botapp.courtesies import Courtesies
from botapp.dispatcher import Dispatcher
from botapp.factory import SCREENS
from botapp.flood import Flood
from botapp.shop import Shop
from core.buckets import Bucket
from core.settings import Settings
from services.exports import Exports
from services.inbox import EVERYBODY, Inbox, Share

log = structlog.get_logger()

SWEEP_SECONDS = 1.0


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


def sweep(inbox: Inbox, dispatcher: Dispatcher, stopping: Event, share: Share = EVERYBODY) -> None:
    """Wake the chats of this share that have waited long enough, until asked to stop."""
    while not stopping.is_set():
        try:
            dispatcher.wake_rested()
            dispatcher.wake(inbox.chats_waiting(share, besides=dispatcher.known))
        except PyMongoError as error:
            log.warning("inbox_unreachable", why=type(error).__name__)
        stopping.wait(SWEEP_SECONDS)
