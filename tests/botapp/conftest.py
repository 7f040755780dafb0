"""What the bot's tests share."""

import pytest

from botapp import poller, roster
from botapp.states import Place
from core.clock import SystemClock
from models import connection, indexes
from services.inbox import Inbox
from tests.botapp.talk import talk
from tests.shop import BUYER

__all__ = ["talk"]


@pytest.fixture
def order(talk):
    """Bought, and its page is open."""
    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.shop.clock.turn(hours=2)
    talk.say("/orders")
    talk.press(talk.labels[0])
    return talk.shop.orders.of_user(BUYER)[0]


@pytest.fixture
def inbox(mongo_url, monkeypatch):
    """For bots that pause for no longer than a test has time."""
    for module in (poller, roster):
        monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
        monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 0.02)
    client = connection.connect(mongo_url)
    indexes.ensure()
    yield Inbox(SystemClock())
    connection.disconnect()
    client.close()
