"""Liveness: a queue whose tasks run is heard; one that only answers pings is not."""

from core.jobs import Queue
from models.canary import Canary


def test_a_shop_that_was_never_heard_is_silent(shop):
    assert [sign.queue for sign in shop.liveness.silent()] == list(Queue)
    assert {sign.heard_at for sign in shop.liveness.signs()} == {None}


def test_the_first_canary_gives_the_other_queues_their_time(shop):
    shop.liveness.hear(Queue.MONEY)
    assert shop.liveness.silent() == []

    shop.clock.turn(minutes=5)
    shop.liveness.hear(Queue.MONEY)

    assert [sign.queue for sign in shop.liveness.silent()] == [
        Queue.BUY,
        Queue.NOTIFY,
        Queue.BULK,
    ]


def test_a_canary_that_comes_late_takes_nothing_back(shop):
    shop.liveness.hear(Queue.BUY)
    heard = shop.clock.now()
    shop.clock.turn(minutes=-1)

    shop.liveness.hear(Queue.BUY)

    assert Canary.objects.fetch("buy").heard_at == heard
