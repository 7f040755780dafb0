"""Updates are kept before they are confirmed, and the process stops when it is told to."""

from functools import reduce
from threading import Event

import pytest
from pymongo.errors import AutoReconnect

from botapp import handling as module
from botapp.handling import sweep
from botapp.poller import Poller
from botapp.sources import Polling
from core.chats import TelegramDown
from models.inbox import Update
from services.inbox import Inbox, chat_of


class PaperLine:
    """Gives out what a test queued, and writes down the offsets that it was asked from."""

    def __init__(self, stopping, *answers):
        self.stopping = stopping
        self.answers = list(answers)
        self.offsets = []
        self.commands = []

    def get_updates(self, offset, timeout):
        self.offsets.append(offset)
        if not self.answers:
            self.stopping.set()
            return []
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def delete_webhook(self):
        self.offsets.append("no webhook")

    def set_commands(self, commands, language=""):
        self.commands.append((language, [name for name, _ in commands], dict(commands)["new"]))


class Woken:
    def __init__(self):
        self.chats = []
        self.rests = 0

    def hear(self, updates):
        self.wake(map(chat_of, updates))

    def wake(self, chat_ids):
        self.chats += chat_ids

    def wake_rested(self):
        self.rests += 1

    known = ()


def said(update_id, chat_id, text="x"):
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": 1, "chat": chat, "text": text}}


def run(inbox, *answers):
    stopping, woken = Event(), Woken()
    line = PaperLine(stopping, *answers)
    Poller(line, Polling(line, inbox), woken, stopping).run()
    return line, woken


def test_what_is_kept_is_confirmed_by_the_next_offset(inbox):
    line, woken = run(inbox, [said(41, 7), said(42, 8)], [said(43, 7)], [])

    assert line.offsets == ["no webhook", 0, 43, 44, 0]
    assert woken.chats == [7, 8, 7]
    assert Update.objects.count() == 3


def test_what_could_not_be_kept_is_asked_for_again(inbox, monkeypatch):
    receive = Inbox.receive
    troubles = [AutoReconnect("gone")]

    def reluctant(self, updates):
        if troubles and updates:
            raise troubles.pop()
        return receive(self, updates)

    monkeypatch.setattr(Inbox, "receive", reluctant)
    line, woken = run(inbox, [said(41, 7)], [said(41, 7)])

    assert line.offsets == ["no webhook", 0, 0, 42]
    assert woken.chats == [7]


def test_telegram_away_is_asked_again_and_commands_are_told_once(inbox):
    line, _ = run(inbox, TelegramDown(method="getUpdates"), [], [])

    assert line.offsets == ["no webhook", 0, 0, 0, 0]
    names = [
        "new", "orders", "track", "templates", "balance", "topup", "language", "settings", "help",
        "cancel", "export", "forget", "start",
    ]  # fmt: skip
    assert line.commands == [
        ("", names, "Buy a shipping label"),
        ("es", names, "Comprar una etiqueta de envío"),
        ("ru", names, "Купить почтовую этикетку"),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        said(42, 2**80),
        said(42, 7, "\ud800"),
        {"message": {}},
        {"message": {"message": "x", "chat": 5}},
        {"poll": {"$ref": 5, "$id": {"_ref": 1, "_cls": "Nobody"}, "a.b": 0, "a\0": 0}},
        {"my_chat_member": {"from": {"id": 7}, "new_chat_member": {"status": ["left"]}}},
    ],
)
def test_whatever_mongo_has_no_words_for_is_kept_as_it_came(inbox, odd):
    line, woken = run(inbox, [said(41, 7), {"update_id": 42, **odd}, said(43, 8)])

    assert line.offsets == ["no webhook", 0, 44]
    assert {7, 8} <= set(woken.chats)
    assert [update.raw for update in Update.objects.order_by("update_id")] == [
        said(41, 7),
        {"update_id": 42, **odd},
        said(43, 8),
    ]


@pytest.mark.parametrize(
    "odd",
    [reduce(lambda inner, _: [inner], range(5_000), []), "x" * 17_000_000],
    ids=["nested", "large"],
)
def test_an_update_nested_without_end_or_too_large_keeps_no_other_away(inbox, capsys, odd):
    line, _ = run(inbox, [said(41, 7), {"update_id": 42, "poll": odd}, said(43, 8)])

    assert line.offsets == ["no webhook", 0, 44]
    assert [update.id for update in Update.objects.order_by("update_id")] == ["tg:41", "tg:43"]
    assert "update_dropped" in "".join(capsys.readouterr())


def test_a_poller_that_breaks_off_ends_the_bot_instead_of_leaving_it_deaf(inbox):
    stopping = Event()
    line = PaperLine(stopping, ZeroDivisionError("a bug"))
    poller = Poller(line, Polling(line, inbox), Woken(), stopping)

    with pytest.raises(ZeroDivisionError):
        poller.run()

    assert stopping.is_set()
    assert poller.broke_off


def test_the_sweep_wakes_who_waits_and_outlives_a_lost_mongo(inbox, monkeypatch):
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.001)
    stopping, woken = Event(), Woken()
    answers = iter([AutoReconnect("gone"), [7]])

    def chats_waiting(_, share, *, besides):
        answer = next(answers, None)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            stopping.set()
        return answer or []

    monkeypatch.setattr(Inbox, "chats_waiting", chats_waiting)
    sweep(inbox, woken, stopping)

    assert woken.chats == [7]
    assert woken.rests == 3
