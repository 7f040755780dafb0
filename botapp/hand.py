"""One of the bot's processes that handle chats: `python -m botapp.hand <number> <of how many>`.

It is started by the first of them (`botapp.crew`), which tells it a line of ids for updates that
the inbox has got, and ends when that process says no more or is no more.
"""

import signal
import sys
from collections.abc import Iterable
from threading import Event, Thread

import structlog
from pymongo.errors import PyMongoError

import bootstrap
from botapp.dispatcher import Dispatcher
from botapp.handling import dispatcher_of, one_of_many, sweep
from core import log as logs, settings
from services.inbox import Inbox, Share

log = structlog.get_logger()


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
        try:
            listen(sys.stdin, platform.inbox, dispatcher)
        finally:
            stopping.set()

    Thread(target=hear, name="ear", daemon=True).start()
    sweep(platform.inbox, dispatcher, stopping, share)
    dispatcher.stop()


def listen(lines: Iterable[str], inbox: Inbox, dispatcher: Dispatcher) -> None:
    """Have the updates heard whose ids are told, until nobody tells more."""
    for line in lines:
        try:
            dispatcher.hear(inbox.find([int(update_id) for update_id in line.split()]))
        except PyMongoError as error:
            log.warning("inbox_unreachable", why=type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
