"""The bot in several processes: each chat in one of them, none left behind, all ended together."""

import os
import signal
import subprocess
import sys
from threading import Event
from time import monotonic

import pytest
from pymongo.errors import AutoReconnect

from botapp.crew import Crew, start_hands
from botapp.hand import listen
from models.connection import collection
from models.inbox import Update
from services.inbox import Inbox
from tests.botapp.test_dispatcher import Handling, dispatching, said
from tests.customer import wait_for

OURS, THEIRS = (2, -4, 0), (1, -3, 3)


@pytest.fixture
def environment(settings, monkeypatch):
    """What a process of the bot is told."""
    stores = ("mongo_url", "redis_url", "telegram_api_url", "easypost_url", "oxapay_url")
    secrets = ("secret_key", "password_salt", "telegram_token")
    told = {name: str(getattr(settings, name)) for name in stores}
    told |= {name: getattr(settings, name).get_secret_value() for name in secrets}
    for name, value in (told | {"bot_processes": "2"}).items():
        monkeypatch.setenv(f"LABELDESK_{name.upper()}", value)


class Own:
    """The first process's part: writes down what it is to handle."""

    def __init__(self):
        self.heard = []

    def hear(self, updates):
        self.heard += [update["message"]["chat"]["id"] for update in updates]

    def stop(self):
        pass


@pytest.fixture
def hand(environment):
    [hand] = start_hands(2)
    yield hand
    hand.send_home()
    hand.process.kill()
    hand.process.wait()


def test_each_process_handles_its_own_chats_and_the_hand_goes_when_it_is_sent(inbox, hand, capsys):
    updates = [said(number, chat) for number, chat in enumerate((*OURS, *THEIRS), 1)]
    own, stopping = Own(), Event()
    crew = Crew(own, [hand], stopping)

    inbox.receive(updates)
    crew.hear(updates)

    assert wait_for(lambda: Update.objects(handled_at=None).count() == len(OURS))
    assert own.heard == [*OURS]
    assert {update.chat_id for update in Update.objects(handled_at__ne=None)} == {*THEIRS}
    assert not stopping.is_set()
    assert crew.stop()
    crew.hear([said(8, THEIRS[0])])
    assert "hand_not_told" not in "".join(capsys.readouterr())


def test_a_hand_that_takes_nothing_in_keeps_nobody_waiting_and_one_that_dies_ends_the_bot(
    hand, capsys
):
    stopping = Event()
    crew = Crew(Own(), [hand], stopping)
    hand.process.send_signal(signal.SIGSTOP)

    hand.tell(range(100_000))
    assert "hand_not_told" in "".join(capsys.readouterr())
    hand.process.kill()

    assert stopping.wait(10)
    hand.tell([1])
    log = "".join(capsys.readouterr())
    assert "hand_ended" in log
    assert "hand_not_told" in log
    assert not crew.stop()


def test_a_hand_that_ends_by_itself_however_well_ends_the_bot_badly(hand):
    stopping = Event()
    crew = Crew(Own(), [hand], stopping)

    hand.send_home()

    assert stopping.wait(30)
    assert hand.process.returncode == 0
    assert not crew.stop()


def test_what_a_hand_could_not_look_up_is_left_to_the_sweep(inbox, monkeypatch):
    inbox.receive([said(1, 7), said(2, 8), said(3, 9)])
    find, troubles = Inbox.find, [AutoReconnect("gone")]

    def reluctant(self, update_ids):
        if troubles:
            raise troubles.pop()
        return find(self, update_ids)

    monkeypatch.setattr(Inbox, "find", reluctant)
    handling = Handling()
    with dispatching(inbox, handling) as dispatcher:
        listen(["1\n", "2 3\n"], inbox, dispatcher)
        assert wait_for(lambda: Update.objects(handled_at=None).count() == 1)

    assert handling.seen == {8: [2], 9: [3]}
    assert [update.update_id for update in inbox.waiting(7)] == [1]


@pytest.mark.parametrize(
    ("asking", "everybody"), [(signal.SIGTERM, False), (signal.SIGINT, True)], ids=["host", "key"]
)
def test_the_processes_answer_and_stop_within_seconds(
    inbox, environment, sandbox, asking, everybody
):
    """A host tells the first; a key pressed in a terminal tells all of them."""
    first = subprocess.Popen(
        [sys.executable, "-m", "botapp.poller"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for chat_id in (1001, 1002):
        customer = sandbox.customer(chat_id)
        customer.say("/start")
        customer.press("Help")
        customer.wait_for("How it works")
    holders = {lease["holder"] for lease in collection("chat_leases").find()}
    assert wait_for(lambda: Update.objects(handled_at=None).count() == 0)

    started = monotonic()
    (os.killpg if everybody else os.kill)(first.pid, asking)
    _, log = first.communicate(timeout=15)

    assert monotonic() - started < 5
    assert first.returncode == 0
    assert len(holders) == 2
    assert "Traceback" not in log
    assert "bot_stopped" in log


def test_a_hand_does_not_outlive_the_first_process(environment, sandbox):
    first = subprocess.Popen(
        [sys.executable, "-m", "botapp.poller"], stderr=subprocess.PIPE, start_new_session=True
    )
    customer = sandbox.customer(1001)
    customer.say("/start")
    customer.wait_for("What would you like to do?")

    first.kill()

    # It was the hand that answered, and while it lives its log has no end.
    _, log = first.communicate(timeout=15)
    assert first.returncode == -signal.SIGKILL
    assert b"Traceback" not in log
