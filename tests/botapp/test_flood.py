"""A customer who floods is slowed down; nobody else is, and nothing is lost."""

import os
from collections import defaultdict
from contextlib import contextmanager

import pytest

from botapp import flood as module
from botapp.conversation import Conversation
from botapp.dispatcher import Dispatcher
from botapp.factory import SCREENS
from botapp.flood import Flood, TooQuick
from botapp.language import languages
from core.buckets import Bucket
from models.inbox import Update
from services import inbox as inbox_module
from tests.botapp.talk import PaperChat
from tests.botapp.tongues import shown_in
from tests.customer import wait_for

MESSAGES = int(os.environ.get("FLOOD_MESSAGES", "80"))
BURST = 10
FLOODER, OTHERS = 77, range(101, 121)
SLOWLY = Bucket(1e-6, BURST)


class Chats(PaperChat):
    """Knows who was told what."""

    def __init__(self):
        super().__init__()
        self.heard = defaultdict(list)

    def send_text(self, chat_id, text, keyboard=None):
        self.heard[chat_id].append(text)
        return super().send_text(chat_id, text, keyboard)


@pytest.fixture
def chats(talk):
    talk.chat = Chats()
    return talk.chat


@contextmanager
def answering(talk, flood, *, workers=1):
    """With one thread whoever holds it keeps everybody else waiting."""
    conversation = Conversation(talk._shop(), SCREENS, flood=flood)
    dispatcher = Dispatcher(
        talk.inbox,
        talk.conversation.shop.users,
        sit=conversation.sit,
        apologise=conversation.apologise,
        workers=workers,
    )
    yield dispatcher
    dispatcher.stop()


def said(update_id, user_id, text, code="ru"):
    who = {"id": user_id, "type": "private", "first_name": "Maria", "language_code": code}
    content = {"message_id": update_id, "from": who, "chat": who, "text": text}
    return {"update_id": update_id, "message": content}


def flood_of(messages, code="ru"):
    return [said(number, FLOODER, f"/word{number}", code) for number in range(1, messages + 1)]


def waiting(user_id):
    return Update.objects(chat_id=user_id, handled_at=None).count()


def test_others_are_answered_while_one_floods_and_the_flood_is_read_in_order(talk, chats):
    others = [said(MESSAGES + at, one, "/start") for at, one in enumerate(OTHERS, 1)]

    with answering(talk, Flood(SLOWLY)) as dispatcher:
        dispatcher.wake(talk.inbox.receive(flood_of(MESSAGES)))
        dispatcher.wake(talk.inbox.receive(others))
        assert wait_for(lambda: not any(map(waiting, OTHERS)) and not dispatcher.busy)
        held, told = waiting(FLOODER), list(chats.heard[FLOODER])
    with answering(talk, Flood(Bucket(1e6, MESSAGES))) as dispatcher:
        dispatcher.wake([FLOODER])
        assert wait_for(lambda: not waiting(FLOODER), 60)

    answers = [text for text in chats.heard[FLOODER] if "быстрее" not in text]
    assert (held, len(told)) == (MESSAGES - BURST, BURST + 1)
    assert told[-1].startswith("Вы пишете быстрее, чем я успеваю отвечать.")
    assert [f"/word{at} " in text for at, text in enumerate(answers, 1)] == [True] * MESSAGES
    assert [len(chats.heard[one]) for one in OTHERS] == [1] * len(OTHERS)


def test_ten_messages_in_a_second_are_read_at_once(talk, chats):
    with answering(talk, Flood(SLOWLY)) as dispatcher:
        dispatcher.wake(talk.inbox.receive(flood_of(BURST)))
        assert wait_for(lambda: not waiting(FLOODER))

    assert len(chats.heard[FLOODER]) == BURST


@pytest.mark.parametrize("code", languages())
def test_patience_is_asked_for_in_the_customers_language(talk, chats, code):
    with answering(talk, Flood(SLOWLY)) as dispatcher:
        dispatcher.wake(talk.inbox.receive(flood_of(BURST + 1, code)))
        assert wait_for(lambda: len(chats.heard[FLOODER]) > BURST)

    asked = chats.heard[FLOODER][BURST]
    assert shown_in(code, "You write faster than I can answer…").fullmatch(asked)


def test_patience_is_asked_for_once_in_a_while(monkeypatch):
    flood, asked, waits = Flood(Bucket(1.0, 1.0)), [], []
    for second in (0, 0, 1, 2, 2, 59, 60, 60):
        monkeypatch.setattr(module, "monotonic", lambda: 1_000.0 + second)  # noqa: B023  at once
        try:
            flood.hold(FLOODER, lambda: asked.append(second))  # noqa: B023  likewise
        except TooQuick as quick:
            waits.append((second, quick.facts["retry_after"]))

    assert asked == [0, 60]
    assert waits == [(0, 1.0), (1, 1.0), (2, 1.0), (60, 1.0)]


def test_only_so_many_customers_are_remembered(monkeypatch):
    monkeypatch.setattr(module, "CUSTOMERS_AT_MOST", 2)
    flood = Flood(SLOWLY)

    for user_id in range(5):
        flood.hold(user_id, pytest.fail)

    assert len(flood._customers) <= 2


def test_the_words_of_one_hide_nobody_from_the_sweep(talk, monkeypatch):
    monkeypatch.setattr(inbox_module, "PER_SWEEP", 5)
    talk.inbox.receive([*flood_of(6), said(7, 8, "/start")])
    talk.shop.clock.turn(seconds=6)

    assert talk.inbox.chats_waiting() == [FLOODER]
    assert talk.inbox.chats_waiting(besides=[FLOODER]) == [8]
