"""One customer, the shop, and bots that come and go; Telegram keeps what none has confirmed."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

from botapp.dispatcher import Dispatcher
from botapp.poller import Poller
from botapp.sources import Polling
from models import connection
from models.inbox import Update
from services.inbox import LEASE, Inbox
from tests.botapp.talk import Talk
from tests.fakes import TurnedClock
from tests.replay.acts import FILES, Act, Content, Happen, befall, content_of
from tests.replay.fate import PATIENCE_SECONDS, Fate
from tests.replay.neighbour import NEIGHBOUR, TwoChats, heard_from
from tests.shop import BUYER

Raw = dict[str, Any]
FIRST_UPDATE, STEP = 1_000, 100
"""So many updates of the neighbour's may come between two of the customer's."""
LOOK_SECONDS = 0.0005
LEASE_OVER = LEASE + timedelta(seconds=1)


class Sieve(dict[str, str]):
    """A cache that holds nothing, so that carriers are asked as often as the bot asks."""

    def __setitem__(self, name: str, value: str) -> None:
        pass


class Post:
    """Telegram's end of the line. `hand` says what of the unconfirmed comes in one answer."""

    def __init__(self) -> None:
        self.unconfirmed: list[Raw] = []
        self.hand: Callable[[list[Raw]], list[Raw]] = list

    def get_updates(self, offset: int, timeout: int) -> list[Raw]:
        self.unconfirmed = [raw for raw in self.unconfirmed if raw["update_id"] >= offset]
        return self.hand(self.unconfirmed)


class Bot:
    """A process: a poller and a dispatcher, with a hand for each customer."""

    def __init__(self, talk: Talk, post: Post) -> None:
        conversation = talk.conversation
        self._dispatcher = Dispatcher(
            talk.inbox,
            talk.shop.users,
            sit=conversation.sit,
            apologise=conversation.apologise,
            workers=2,
        )
        self._poller = Poller(post, Polling(post, talk.inbox), self._dispatcher, Event())
        self._inbox = talk.inbox

    def poll(self) -> None:
        self._poller.poll(0)

    def wake(self) -> None:
        self._dispatcher.wake([BUYER, NEIGHBOUR])

    def sweep(self) -> None:
        self._dispatcher.wake_rested()
        self._dispatcher.wake(self._inbox.chats_waiting())

    @property
    def busy(self) -> bool:
        return self._dispatcher.busy

    def end(self) -> None:
        self._dispatcher.stop()


class Stage:
    """Whatever was sent and whoever died, `settle` ends with all heard.

    Leases run by a clock of their own: what a restart costs is then no reason for prices or
    invoices to run out that did not in the recording.
    """

    def __init__(self, fate: Fate) -> None:
        empty_the_stores()
        self.fate = fate
        self.chat = TwoChats()
        self.talk = Talk(self.chat)
        self.lease_clock = TurnedClock()
        self.talk.inbox = Inbox(self.lease_clock)
        self.talk.shop.provider.clock = self.talk.shop.clock
        self.talk.chat.sent.update(FILES)
        self.talk.shop.modes.flags.kept = Sieve()
        self.post = Post()
        self.bots = [self._start()]
        self.content: dict[int, Content] = {}
        self.sent: list[Raw] = []
        self.kills = self.stalls = 0
        self._deaths: list[int] = []

    @property
    def handled(self) -> list[Raw]:
        """What Telegram may send once more, long after."""
        handled = {each.update_id for each in Update.objects(handled_at__ne=None)}
        return [raw for raw in self.sent if raw["update_id"] in handled]

    @property
    def newest(self) -> int:
        return max(raw["update_id"] for raw in self.sent)

    def resolve(self, number: int, act: Act) -> Raw:
        """The update that Telegram sends for the act of this number, as things stand now."""
        self.content[number] = content_of(act, self.talk, self.content)
        return self._numbered(FIRST_UPDATE + number * STEP, self.content[number])

    def overhear(self, text: str, after: int) -> Raw:
        """The neighbour's word; `after` is the number of an update that was sent before."""
        return self._numbered(after + 1, heard_from(text))

    def _numbered(self, update_id: int, content: Content) -> Raw:
        self.sent.append({"update_id": update_id, **content})
        return self.sent[-1]

    def happen(self, act: Happen) -> None:
        self.talk.shop.clock.turn(minutes=1)
        befall(act.what, self.talk)

    def send(self, raw: Raw) -> None:
        """As if nothing ever went wrong."""
        self.post.unconfirmed.append(raw)
        while self.post.unconfirmed:
            self.poll()
            self.settle()

    def poll(self) -> None:
        self.bots[0].poll()
        self._wake_all()

    def take_in(self, raws: list[Raw]) -> None:
        """As a hook does: each is kept by itself, and nobody looks before the last."""
        for raw in raws:
            self.talk.inbox.receive([raw])
        self._wake_all()

    def settle(self) -> None:
        """Until no bot is at work. Where one died, another comes when the lease is over."""
        while True:
            wait_until(self._is_still)
            if self.fate.stalled.is_set():
                self._relieve()
            elif self.fate.dead:
                self.kills += 1
                self.restart()
            else:
                break
        self.fate.relent()
        self._deaths.clear()

    def will_die(self, moments: list[int]) -> None:
        """At this moment from now, and from there at the next one."""
        first, *self._deaths = moments
        self.fate.strike(first, kill=True)

    def will_stall(self, moments: int) -> None:
        self.fate.strike(moments, kill=False)

    def restart(self) -> None:
        """The bot is gone with all that it held in memory, but not its lease."""
        self.close()
        self.bots = [self._start()]
        if self._deaths:
            self.fate.strike(self._deaths.pop(0), kill=True)
        self.bots[0].poll()
        self.lease_clock.turn(seconds=LEASE_OVER.total_seconds())
        self.bots[0].sweep()

    def second_bot(self) -> None:
        if len(self.bots) == 1:
            self.bots.append(self._start())

    def close(self) -> None:
        self.fate.relent()
        for bot in self.bots:
            bot.end()

    def _is_still(self) -> bool:
        return self.fate.stalled.is_set() or not any(bot.busy for bot in self.bots)

    def _wake_all(self) -> None:
        for bot in self.bots:
            bot.wake()

    def _relieve(self) -> None:
        """Another bot comes when the lease is over, and does all there is to do."""
        self.stalls += 1
        other = self._start()
        self.lease_clock.turn(seconds=LEASE_OVER.total_seconds())
        other.sweep()
        wait_until(lambda: not other.busy)
        other.end()
        self.fate.relent()

    def _start(self) -> Bot:
        return Bot(self.talk, self.post)


def empty_the_stores() -> None:
    database = connection.database()
    for name in database.list_collection_names():
        database[name].delete_many({})


def wait_until(look: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not look():
        assert monotonic() < deadline, "the bot did not come to rest"
        Event().wait(LOOK_SECONDS)
