"""What the bot's tests share."""

import pytest

from botapp.states import Place
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
