"""In order within a chat, side by side between chats, and never lost."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from threading import Barrier, Event, Lock
from time import monotonic
from typing import Any

import pytest
from mongoengine import OperationError
from pymongo.errors import AutoReconnect

from botapp import dispatcher as module, room, roster
from botapp.dispatcher import Dispatcher
from core.chats import ChatUnreachable, MessageDoubtful, TelegramDown, TooManyMessages
from models.inbox import ChatLease, Update
from models.user import User
from services.drafts import WordsLost
from services.inbox import ATTEMPTS_AT_MOST, Inbox
from services.users import Users
from tests.customer import wait_for


class Handling:
    """Writes down who was handled when; a test says what goes wrong first."""

    def __init__(self):
        self.seen = defaultdict(list)
        self.at_once = defaultdict(int)
        self.overlaps = 0
        self.sorry = []
        self.troubles = []
        self.gate = Event()
        self.gate.set()
        self.lock = Lock()

    def handle(self, update):
        with self.lock:
            self.at_once[update.chat_id] += 1
            self.overlaps += self.at_once[update.chat_id] > 1
        try:
            self.gate.wait(10)
            Event().wait(0.002)
            with self.lock:
                trouble = self.troubles.pop(0) if self.troubles else None
            if trouble:
                raise trouble
            with self.lock:
                self.seen[update.chat_id].append(update.update_id)
        finally:
            with self.lock:
                self.at_once[update.chat_id] -= 1

    def apologise(self, update):
        self.sorry.append(update.update_id)


@contextmanager
def dispatching(inbox: Inbox, handling: Handling, **more: Any) -> Iterator[Dispatcher]:
    users = Users(inbox.clock)
    dispatcher = Dispatcher(
        inbox,
        users,
        apologise=handling.apologise,
        **{"sit": lambda: nullcontext(handling.handle), **more},
    )
    yield dispatcher
    dispatcher.stop()


def said(update_id, chat_id):
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": 1, "chat": chat, "text": "x"}}


def unhandled():
    return Update.objects(handled_at=None).count()


def wake_until(dispatcher, chats, done):
    def look():
        dispatcher.wake(chats)
        return done()

    assert wait_for(look, 10)


def test_bursts_of_many_chats_are_handled_in_order(inbox):
    handling = Handling()

    with dispatching(inbox, handling) as dispatcher:
        for start in range(0, 10, 5):
            updates = [
                said(number * 8 + chat, chat)
                for number in range(start, start + 5)
                for chat in range(1, 9)
            ]
            dispatcher.wake(inbox.receive(updates))
        assert wait_for(lambda: not unhandled())

    assert handling.overlaps == 0
    assert handling.seen == {
        chat: [number * 8 + chat for number in range(10)] for chat in range(1, 9)
    }


def test_different_chats_are_handled_at_the_same_time(inbox):
    meeting = Barrier(4, timeout=5)
    handling = Handling()
    handling.handle = lambda _: meeting.wait()

    with dispatching(inbox, handling) as dispatcher:
        dispatcher.wake(inbox.receive([said(number, number) for number in range(1, 5)]))
        assert wait_for(lambda: not unhandled())

    assert not meeting.broken


def test_a_wake_that_comes_while_the_chat_is_handled_is_not_lost(inbox):
    handling = Handling()
    handling.gate.clear()

    with dispatching(inbox, handling) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7)]))
        assert wait_for(lambda: handling.at_once[7])
        dispatcher.wake(inbox.receive([said(2, 7)]))
        handling.gate.set()
        assert wait_for(lambda: not unhandled())

    assert handling.seen[7] == [1, 2]


def test_two_dispatchers_on_one_database_never_handle_a_chat_at_once(inbox):
    handling = Handling()

    with dispatching(inbox, handling) as one, dispatching(inbox, handling) as other:
        for number in range(40):
            chats = inbox.receive([said(number, number % 3 + 1)])
            one.wake(chats)
            other.wake(chats)
        assert wait_for(lambda: not unhandled())

    assert handling.overlaps == 0
    assert sorted(chain.from_iterable(handling.seen.values())) == list(range(40))
    assert all(seen == sorted(seen) for seen in handling.seen.values())


def test_a_chat_leased_by_another_process_is_left_alone(inbox):
    handling = Handling()
    chats = inbox.receive([said(1, 7)])
    inbox.take_chat(7, "somebody")

    with dispatching(inbox, handling) as dispatcher:
        dispatcher.wake(chats)
        Event().wait(0.1)
        assert handling.seen == {}
        inbox.give_back(7, "somebody")
        wake_until(dispatcher, chats, lambda: not unhandled())

    assert handling.seen[7] == [1]


def test_an_update_that_always_fails_is_given_up_with_an_apology_and_the_next_one_handled(inbox):
    handling = Handling()
    handling.troubles = [ZeroDivisionError("a bug")] * ATTEMPTS_AT_MOST

    with dispatching(inbox, handling) as dispatcher:
        chats = inbox.receive([said(1, 7), said(2, 7)])
        wake_until(dispatcher, chats, lambda: not unhandled())

    poison = Update.objects.get(pk="tg:1")
    assert (poison.failure, poison.attempts) == ("poison", ATTEMPTS_AT_MOST)
    assert handling.sorry == [1]
    assert handling.seen[7] == [2]


@pytest.mark.parametrize(
    "trouble",
    [
        TelegramDown(method="sendMessage"),
        MessageDoubtful(method="sendMessage"),
        AutoReconnect("gone"),
        TooManyMessages(retry_after=0.05),
    ],
)
def test_an_outage_is_no_fault_of_the_update(inbox, trouble):
    handling = Handling()
    handling.troubles = [trouble] * (ATTEMPTS_AT_MOST + 3)

    with dispatching(inbox, handling) as dispatcher:
        chats = inbox.receive([said(1, 7), said(2, 7)])
        wake_until(dispatcher, chats, lambda: not unhandled())

    assert handling.seen[7] == [1, 2]
    assert handling.sorry == []


def test_a_chat_rests_as_long_as_telegram_asks(inbox):
    handling, tried = Handling(), []
    handling.troubles = [TooManyMessages(retry_after=0.3)]
    handle, handling.handle = handling.handle, lambda one: (tried.append(monotonic()), handle(one))

    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, inbox.receive([said(1, 7)]), lambda: not unhandled())

    assert len(tried) == 2
    assert tried[1] - tried[0] >= 0.3


def test_a_customer_who_cannot_be_answered_is_marked_and_not_retried(inbox):
    handling = Handling()
    handling.troubles = [ChatUnreachable(chat_id=7, told="Forbidden")]
    Users(inbox.clock).meet(7, first_name="Maria", username="", language="en")

    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, inbox.receive([said(1, 7)]), lambda: not unhandled())

    assert User.objects.get(pk=7).unreachable_at is not None
    assert handling.seen == {}


def test_an_apology_that_cannot_be_said_stops_nobody(inbox):
    handling = Handling()
    handling.troubles = [ZeroDivisionError("a bug")] * ATTEMPTS_AT_MOST

    def unsayable(_):
        raise TelegramDown(method="sendMessage")

    handling.apologise = unsayable
    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, inbox.receive([said(1, 7)]), lambda: not unhandled())

    assert Update.objects.get(pk="tg:1").failure == "poison"


def test_stopping_finishes_what_is_being_handled_and_leaves_the_rest(inbox):
    handling = Handling()
    handling.gate.clear()

    with dispatching(inbox, handling, workers=1) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7), said(2, 7), said(3, 8)]))
        assert wait_for(lambda: handling.at_once[7])
        started = monotonic()
        dispatcher._stopping.set()
        handling.gate.set()

    assert monotonic() - started < 5
    assert handling.seen == {7: [1]}
    assert unhandled() == 2
    assert inbox.take_chat(7, "the next process")


def test_after_a_death_the_first_update_is_suspected_and_tried_alone(inbox, monkeypatch):
    handling = Handling()
    chats = inbox.receive([said(1, 7), said(2, 7), said(3, 7)])
    inbox.take_chat(7, "somebody")
    ChatLease.objects(pk=7).update_one(set__until=inbox.clock.now())
    turns = []
    finish = Inbox.finish

    def finish_together(self, *updates, failure=""):
        turns.append([update.update_id for update in updates])
        finish(self, *updates, failure=failure)

    monkeypatch.setattr(Inbox, "finish", finish_together)
    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, chats, lambda: not unhandled())

    assert turns == [[1], [2, 3]]
    assert [update.attempts for update in Update.objects.order_by("update_id")] == [1, 0, 0]
    assert handling.seen[7] == [1, 2, 3]


def test_no_more_chats_are_handled_at_a_time_than_there_are_places(inbox, monkeypatch):
    monkeypatch.setattr(room, "LONG_SECONDS", 60)
    handling, here, most = Handling(), set(), []
    handle = handling.handle

    def counting(update):
        here.add(update.chat_id)
        most.append(len(here))
        handle(update)
        here.discard(update.chat_id)

    handling.handle = counting
    with dispatching(inbox, handling, places=2) as dispatcher:
        chats = inbox.receive([said(number, number) for number in range(1, 31)])
        wake_until(dispatcher, chats, lambda: not unhandled())

    assert max(most) == 2


def test_who_takes_long_leaves_the_place_to_another(inbox):
    handling, slow = Handling(), Event()
    handle = handling.handle
    handling.handle = lambda update: slow.wait(60) if update.chat_id == 7 else handle(update)

    with dispatching(inbox, handling, places=1) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7)]))
        chats = inbox.receive([said(2, 8), said(3, 9)])
        wake_until(dispatcher, chats, lambda: handling.seen[8] and handling.seen[9])
        waiting = unhandled()
        slow.set()

    assert waiting == 1


@pytest.mark.parametrize("late", [True, False], ids=["at the end", "by a word"])
def test_words_that_were_lost_are_handled_again_at_once_and_the_next_ones_too(
    inbox, monkeypatch, late
):
    monkeypatch.setattr(roster, "FIRST_PAUSE_SECONDS", 60.0)
    handling = Handling()
    lost = iter([WordsLost(chat_id=7)])

    def handle(update):
        handling.handle(update)
        if update.update_id == 2 and not late:
            for trouble in lost:
                raise trouble

    @contextmanager
    def sit():
        yield handle
        for trouble in lost:
            raise trouble

    with dispatching(inbox, handling, sit=sit) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7), said(2, 7)]))
        assert wait_for(lambda: not unhandled())
        dispatcher.wake(inbox.receive([said(3, 7)]))
        assert wait_for(lambda: not unhandled())

    assert handling.seen[7] == [1, 2, 1, 2, 3]


def test_the_lease_of_a_long_turn_is_renewed(inbox, monkeypatch):
    monkeypatch.setattr(module, "BEATS_A_RENEWAL", 1)
    handling = Handling()
    handling.gate.clear()

    with dispatching(inbox, handling) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7)]))
        assert wait_for(lambda: handling.at_once[7])
        before = ChatLease.objects.get(pk=7).until
        renewed = wait_for(lambda: ChatLease.objects.get(pk=7).until > before)
        handling.gate.set()

    assert renewed


def test_an_inbox_that_is_away_is_looked_at_again(inbox, monkeypatch):
    handling = Handling()
    waiting = Inbox.waiting
    answers = iter([AutoReconnect("gone")] * 2)

    def reluctant(self, chat_id):
        for error in answers:
            raise error
        return waiting(self, chat_id)

    monkeypatch.setattr(Inbox, "waiting", reluctant)
    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, inbox.receive([said(1, 7)]), lambda: not unhandled())

    assert handling.seen[7] == [1]


def test_a_chat_whose_handling_breaks_off_is_taken_up_again(inbox, monkeypatch):
    handling = Handling()
    take_chat = Inbox.take_chat
    errors = iter([OperationError("no majority")])

    def reluctant(self, chat_id, holder):
        for error in errors:
            raise error
        return take_chat(self, chat_id, holder)

    monkeypatch.setattr(Inbox, "take_chat", reluctant)
    with dispatching(inbox, handling) as dispatcher:
        wake_until(dispatcher, inbox.receive([said(1, 7)]), lambda: not unhandled())

    assert handling.seen[7] == [1]


@pytest.mark.parametrize("trouble", [AutoReconnect("gone"), OperationError("shutting down")])
def test_leases_are_renewed_again_after_a_lost_mongo(inbox, monkeypatch, trouble):
    monkeypatch.setattr(module, "BEATS_A_RENEWAL", 1)
    renewed = Event()
    errors = iter([trouble])

    def reluctant(*_):
        for error in errors:
            raise error
        renewed.set()

    monkeypatch.setattr(Inbox, "renew", reluctant)
    with dispatching(inbox, Handling()):
        assert renewed.wait(5)


def test_a_rested_chat_is_woken_without_the_inbox(inbox):
    handling = Handling()
    handling.troubles = [TelegramDown(method="sendMessage")]

    with dispatching(inbox, handling) as dispatcher:
        dispatcher.wake(inbox.receive([said(1, 7)]))
        wake_until(dispatcher, [], lambda: dispatcher.wake_rested() or not unhandled())

    assert handling.seen[7] == [1]
