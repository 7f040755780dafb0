"""A run: the bot's own parts over real stores, and what is wrong afterwards."""

import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from random import Random
from threading import Event, Thread
from time import monotonic
from typing import Any
from unittest.mock import patch

import structlog

from botapp import handling, poller, roster
from botapp.conversation import Conversation
from botapp.poller import Poller
from botapp.sitting import Sitting
from botapp.sources import source_of
from botapp.states import Place
from core.ids import is_telegram_id
from models.draft import Draft
from models.inbox import Update
from models.ledger import EntryKind, LedgerEntry
from models.order import Order
from sandbox.telegram.spec import Judge, Misuse
from tests.fuzz.crowd import Customer, Said, money_asked
from tests.fuzz.door import Door, Waiting
from tests.fuzz.grammar import Grammar
from tests.fuzz.nasty import written
from tests.fuzz.world import World, a_world

FIRST_CHAT, FIRST_UPDATE = 7_000_001, 1_000
PATIENCE_SECONDS, LOOK_SECONDS = 60.0, 0.01
SHOWN_AT_MOST = 40
POOR = 4
"""One of so many has no money."""
DISTURBED = 0.1
"""How often what comes together comes in a wrong order, and an update under an old id."""
BAD_NEWS = {"update_failed", "update_given_up", "chat_broke_off"}
MAY_BE_ANSWERED = {"edited_message"}


class Stuck(Exception):
    """What has come in is not handled, and a run can't go on."""


@dataclass
class Outcome:
    """`due` had to be answered; `walked` are the steps that led to where the rest was said."""

    seed: int
    updates: int = 0
    valid: int = 0
    broken: int = 0
    walked: int = 0
    due: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    log: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    failures: int = 0
    words: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def fail(self, words: str) -> None:
        self.failures += 1
        if len(self.words) < SHOWN_AT_MOST:
            self.words.append(words)

    def told(self) -> dict[str, Any]:
        return vars(self) | {"seconds": round(self.seconds, 1)}


@dataclass
class Run:
    judge: Judge
    world: World
    outcome: Outcome
    customers: Sequence[Customer]
    random: Random
    bearable: int
    progress: Callable[[Outcome], None]
    ids: Iterator[int] = field(default_factory=lambda: count(FIRST_UPDATE))
    wishes: Counter[int] = field(default_factory=Counter)
    """Buttons that may cost something, by the chat that sent them."""

    def go(self, updates: int) -> None:
        """Raises Stuck."""
        while self.outcome.updates < updates:
            said = [
                (customer, one)
                for customer in self.customers
                for one in customer.turn(self._language(customer.chat_id))
            ]
            self._round(said)
            self.progress(self.outcome)
        self._round([(customer, customer.greeting()) for customer in self.customers])
        for customer in self.customers:
            screen = Draft.objects.get(pk=customer.chat_id).screen
            if screen != Place.MENU:
                self.outcome.fail(f"stuck: {customer.chat_id} stands at {screen} after /start")
        self._look_into_the_books()

    def _language(self, chat_id: int) -> str:
        return self.world.platform.users.language_of(chat_id, "en")

    def _round(self, said: Sequence[tuple[Customer, Said]]) -> None:
        """Have all of it come in, wait until it is handled, and judge."""
        numbered = [(next(self.ids), customer, one) for customer, one in said]
        whole = {f"tg:{number}": one for number, _, one in numbered if one.valid}
        waiting = [self._written(*each) for each in numbered]
        if self.random.random() < DISTURBED:
            self.random.shuffle(waiting)
        self.world.door.tell(waiting)
        self._wait({one.press for one in whole.values() if one.press})
        self._judge(whole)
        self.world.work()

    def _written(self, number: int, customer: Customer, one: Said) -> Waiting:
        self._count(one)
        if one.valid:
            self._check(one, number)
        elif self.random.random() < DISTURBED:
            number = self.random.randint(FIRST_UPDATE, number)
        update = one.under(number, customer.random)
        self.wishes[customer.chat_id] += money_asked(update)
        known = update.get("update_id") if isinstance(update, dict) else None
        named = is_telegram_id(known) and known > 0
        return Waiting(known if named else None, written(update))

    def _count(self, one: Said) -> None:
        outcome = self.outcome
        outcome.due += one.due
        if one.walked:
            outcome.walked += 1
            return
        outcome.updates += 1
        outcome.valid += one.valid
        outcome.broken += not one.valid
        outcome.kinds[one.kind] += 1

    def _check(self, one: Said, number: int) -> None:
        """What is called valid is what the description allows."""
        try:
            self.judge.fits("Update", {"update_id": number, **one.update})
        except Misuse as misuse:
            self.outcome.fail(f"the fuzz itself: {misuse}")

    def _wait(self, presses: set[str]) -> None:
        """Raises Stuck."""
        door, until = self.world.door, monotonic() + PATIENCE_SECONDS
        hopeless = self.outcome.failures >= self.bearable
        while hopeless or door.waiting or not self._is_quiet() or presses - door.presses:
            if hopeless or monotonic() > until:
                left = Update.objects(next_at__exists=True).count()
                silent = sorted(presses - door.presses)[:3]
                first = [one.text[:500] for one in door.waiting[:1]]
                raise Stuck(
                    f"{len(door.waiting)} not fetched {first}, {left} not handled, {silent}"
                )
            Event().wait(LOOK_SECONDS)
            hopeless = self.outcome.failures >= self.bearable

    def _is_quiet(self) -> bool:
        return not Update.objects(next_at__exists=True).only("pk").first()

    def _judge(self, whole: dict[str, Said]) -> None:
        door = self.world.door
        for update_id in set(whole) - set(Update.objects(pk__in=list(whole)).scalar("pk")):
            self.outcome.fail(f"not kept: {whole[update_id].update}"[:1_000])
        for update_id, one in whole.items():
            answers = door.answered[update_id]
            if one.due and not answers:
                self.outcome.fail(f"no answer: {one.update}"[:2_000])
            if answers and not one.due and one.kind not in MAY_BE_ANSWERED:
                self.outcome.fail(f"an answer that nobody asked for: {one.update}"[:2_000])
        for refusal in door.refused:
            self.outcome.fail(f"refused: {refusal}")
        door.refused.clear()
        door.answered.clear()
        door.presses.clear()
        chats = [customer.chat_id for customer in self.customers]
        self.outcome.places.update(Draft.objects(pk__in=chats).scalar("screen"))

    def _look_into_the_books(self) -> None:
        proof = self.world.platform.verification.verify()
        if proof.mismatches:
            self.outcome.fail(f"the ledger disagrees: {proof.mismatches}")
        paid_in = LedgerEntry.objects(kind=EntryKind.TOPUP).count()
        if paid_in != (rich := sum(bool(each.chat_id % POOR) for each in self.customers)):
            self.outcome.fail(f"{paid_in} top-ups of {rich} customers")
        bought = Counter(Order.objects(batch_id__in=[None, ""]).scalar("user_id"))
        for chat_id, orders in bought.items():
            if orders > self.wishes[chat_id]:
                self.outcome.fail(f"{chat_id} has {orders} orders, {self.wishes[chat_id]} wishes")
        self.outcome.orders = sum(bought.values())
        for update in Update.objects(failure__ne=""):
            self.outcome.fail(f"given up: {update.raw}"[:1_000])


def run(
    description: dict[str, Any],
    mongo_url: str,
    redis_url: str,
    *,
    updates: int,
    seed: int,
    chats: int = 48,
    bearable: int = SHOWN_AT_MOST,
    progress: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """`description` in the shape of the public api.json; after so many failures it stops."""
    judge = Judge(description["methods"], description["types"])
    grammar, outcome, door = Grammar(description["types"]), Outcome(seed), Door(judge)
    outcome.calls = door.calls
    chat_ids = range(FIRST_CHAT, FIRST_CHAT + chats)
    kinds = cycle(sorted(grammar.kinds.items()))
    customers = [
        Customer(chat_id, Random(f"{seed}:{chat_id}"), grammar, door, chat_ids, kinds)
        for chat_id in chat_ids
    ]
    started = monotonic()
    with _listened(outcome), a_world(mongo_url, redis_url, door) as world:
        for chat_id in chat_ids:
            world.welcome(chat_id)
            if chat_id % POOR:
                world.enrich(chat_id)
        world.work()
        try:
            with _alive(world, outcome):
                Run(judge, world, outcome, customers, Random(seed), bearable, progress).go(updates)
        except Stuck as stuck:
            outcome.fail(f"stuck: {stuck}")
    outcome.seconds = monotonic() - started
    return outcome


@contextmanager
def _alive(world: World, outcome: Outcome) -> Iterator[None]:
    """The bot's process, but for its signals. No thread of it may die."""
    real, door, stopping = Conversation._handle, world.door, Event()

    def handle(conversation: Conversation, sitting: Sitting, update: Update) -> None:
        door.speaker.update_id = update.id
        try:
            real(conversation, sitting, update)
        finally:
            door.speaker.update_id = ""

    def died(gone: threading.ExceptHookArgs) -> None:
        outcome.fail(f"a thread died: {gone.thread}: {gone.exc_value!r}"[:1_000])

    with ExitStack() as changes:
        for whose, name, instead in (
            (Conversation, "_handle", handle),
            (threading, "excepthook", died),
            (poller, "FIRST_PAUSE_SECONDS", 0.01),
            (poller, "LONGEST_PAUSE_SECONDS", 0.02),
            (handling, "SWEEP_SECONDS", 0.1),
            (roster, "FIRST_PAUSE_SECONDS", 0.01),
            (roster, "LONGEST_PAUSE_SECONDS", 0.02),
        ):
            changes.enter_context(patch.object(whose, name, instead))
        inbox, handing = world.platform.inbox, handling.dispatcher_of(world.platform)
        hearing = Poller(world.platform.telegram, source_of(world.platform), handing, stopping)
        threads = [
            Thread(target=hearing.run, name="poller"),
            Thread(target=handling.sweep, args=(inbox, handing, stopping), name="sweep"),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stopping.set()
            for thread in threads:
                thread.join()
            handing.stop()


def _root(error: BaseException | None) -> str:
    """Where it began."""
    while error is not None and (before := error.__cause__ or error.__context__) is not None:
        error = before
    return "".join(traceback.format_exception(error)[-4:]) if error else ""


@contextmanager
def _listened(outcome: Outcome) -> Iterator[None]:
    """Count what is logged, and take notice of what should never be."""

    def hear(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
        outcome.log[event["event"]] += 1
        if event["event"] in BAD_NEWS:
            outcome.fail(f"logged: {event}: {_root(sys.exception())}"[:3_000])
        raise structlog.DropEvent

    processors = structlog.get_config()["processors"]
    kept = list(processors)
    processors[:] = [hear]
    try:
        yield
    finally:
        processors[:] = kept
