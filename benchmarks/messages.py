"""P8: what the notifier sends in a second. P9: what a broadcast costs those who wait for a reply.

The sandbox's Telegram keeps its limits: whoever sends too much is told to wait.
"""

from collections.abc import Callable
from datetime import datetime
from statistics import quantiles
from threading import Event
from time import monotonic

from benchmarks.rates import Effort, Measured
from benchmarks.stand import Stand
from benchmarks.town import PATIENCE_SECONDS, Town, a_town, broadcast
from core.settings import Settings
from models.connection import collection
from models.outbox import NoteState
from sandbox.children import CannotStart

ALLOWED_PER_S = float(Settings.model_fields["telegram_per_second"].default)
CHATS, NOTES_EACH, WARM = 150, 5, 0.1
REPLIES, WARM_UP = 50, 3
AUDIENCE_AT_LEAST, NEWS_EACH = 40, 10
ADDRESS = "Maria O'Brien\n388 Townsend St\nSan Francisco, CA 94107"
LOOK_SECONDS = 0.2


def notes_against_the_limit(stand: Stand, effort: Effort) -> Measured:
    """1.0 would be all that Telegram allows. One message that it refuses is a failure."""
    chats = range(1, 1 + effort.of(CHATS))
    with a_town(stand, "worker") as town:
        town.settle(chats)
        notes = broadcast(chats, NOTES_EACH)
        _wait_for(lambda: len(_sent_at()) == notes)
        refused = town.sends() - notes
    assert refused == 0, f"{refused} messages were refused"
    rate = _rate(_sent_at())
    return Measured(rate / ALLOWED_PER_S, {"notes_per_s": rate, "allowed_per_s": ALLOWED_PER_S})


def replies_during_a_broadcast(stand: Stand, effort: Effort) -> Measured:
    """The 95th percentile of the time until the bot answers: with a broadcast by without."""
    replies = effort.of(REPLIES)
    audience = range(1, 1 + max(AUDIENCE_AT_LEAST, effort.of(CHATS)))
    with a_town(stand, "worker", "bot") as town:
        town.settle(audience)
        _wait_for(lambda: not collection("inbox").count_documents({"handled_at": None}))
        _p95(town, 1_000, WARM_UP)
        idle = _p95(town, 2_000, replies)
        broadcast(audience, NEWS_EACH)
        _wait_for(_sent_at)
        busy = _p95(town, 3_000, replies)
        left = collection("outbox").count_documents({"status": NoteState.NEW.value})
    assert left, "The broadcast was over before the replies were"
    return Measured(busy / idle, {"broadcast_p95_ms": busy * 1_000, "idle_p95_ms": idle * 1_000})


def _p95(town: Town, first_chat: int, customers: int) -> float:
    """Each of them begins a label and sends an address: two answers."""
    seconds = [
        town.reply_seconds(chat_id, said)
        for chat_id in range(first_chat, first_chat + customers)
        for said in ("/new", ADDRESS)
    ]
    return quantiles(seconds, n=20)[-1]


def _wait_for(look: Callable[[], object]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not look():
        if monotonic() > deadline:
            raise CannotStart("The bot or its worker does not do its work.")
        Event().wait(LOOK_SECONDS)


def _sent_at() -> list[datetime]:
    rows = collection("outbox").find({"status": NoteState.SENT.value}, {"moved_at": True})
    return sorted(row["moved_at"] for row in rows)


def _rate(moments: list[datetime]) -> float:
    """Once the tokens that had gathered are used up."""
    steady = moments[int(len(moments) * WARM) :]
    return (len(steady) - 1) / (steady[-1] - steady[0]).total_seconds()
