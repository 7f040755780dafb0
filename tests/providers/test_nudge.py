"""Wishes of a busy moment: one at once, one for all the others, none forgotten."""

import json
import os
from threading import Event, Thread
from time import monotonic

import pytest
from redis import Redis

from core.jobs import Job
from providers import queue
from providers.nudge import Nudge
from tests.providers.stand import nobody_there, shop_settings

SOON = 5.0


def wait_until(is_so):
    until = monotonic() + SOON
    while not is_so():
        assert monotonic() < until, "it never came to be"
        Event().wait(0.005)


class Counter:
    """Counts what was done, and lets a test hold it up."""

    def __init__(self):
        self.times, self.open = [], Event()
        self.open.set()

    def __call__(self):
        self.times.append(monotonic())
        self.open.wait(SOON)


def test_nobody_works_before_the_first_wish():
    done = Counter()

    nudge = Nudge(done)

    assert (done.times, nudge._thread) == ([], None)


def test_the_first_wish_is_done_at_once():
    done = Counter()
    started = monotonic()

    Nudge(done, pause=SOON).want()

    wait_until(lambda: done.times)
    assert done.times[0] - started < 0.5


def test_a_burst_costs_as_many_as_there_are_pauses_in_it_and_the_last_is_heard():
    done, pause = Counter(), 0.05
    nudge = Nudge(done, pause=pause)
    started = monotonic()

    while monotonic() - started < 0.5:
        nudge.want()
    last = monotonic()
    wait_until(lambda: done.times[-1] > last - pause)
    Event().wait(3 * pause)

    assert 2 <= len(done.times) <= (done.times[-1] - started) / pause + 1
    gaps = [b - a for a, b in zip(done.times, done.times[1:], strict=False)]
    assert min(gaps) >= pause * 0.9


def test_a_wish_during_the_deed_is_followed_by_another_deed():
    done = Counter()
    nudge = Nudge(done, pause=0.0)
    done.open.clear()
    nudge.want()
    wait_until(lambda: len(done.times) == 1)

    nudge.want()
    done.open.set()

    wait_until(lambda: len(done.times) == 2)


def test_eight_who_wish_at_once_start_one_thread():
    done, threads = Counter(), []
    nudge = Nudge(done, pause=0.0)
    for _ in range(8):
        threads.append(Thread(target=nudge.want))
        threads[-1].start()
    for thread in threads:
        thread.join()

    wait_until(lambda: done.times)
    assert nudge._thread.is_alive()
    assert len(done.times) <= 8


def test_a_fork_leaves_the_thread_behind_and_the_next_wish_starts_another():
    done = Counter()
    nudge = Nudge(done, pause=0.0)
    nudge.want()
    wait_until(lambda: done.times)
    reader, writer = os.pipe()

    child = os.fork()
    if child == 0:
        Nudge.want(nudge)
        wait_until(lambda: len(done.times) == 2)
        os.write(writer, b"done")
        os._exit(0)
    os.close(writer)

    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"done"
    os.close(reader)


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as redis:
        yield redis


def test_a_hundred_wishes_are_a_few_messages(redis, redis_url):
    jobs = queue.connect(shop_settings(redis_url=redis_url))

    for _ in range(100):
        jobs.nudge(Job.READ_NOTICES)
    wait_until(lambda: redis.llen("money"))
    Event().wait(0.2)

    waiting = [json.loads(raw)["headers"]["task"] for raw in redis.lrange("money", 0, -1)]
    assert set(waiting) == {"money.read_notices"}
    assert len(waiting) <= 3


def test_wishes_survive_a_redis_that_is_away(private_stores, monkeypatch):
    monkeypatch.setattr(queue, "PAUSE_SECONDS", 0)
    (url,) = [store.url for store in private_stores.stores if store.program.name == "redis"]
    jobs = queue.connect(shop_settings(redis_url=url))
    private_stores.kill("redis")
    jobs.nudge(Job.READ_NOTICES)
    Event().wait(0.2)
    private_stores.revive("redis")

    with Redis.from_url(url) as redis:
        assert redis.llen("money") == 0
        jobs.nudge(Job.READ_NOTICES)
        wait_until(lambda: redis.llen("money") == 1)


def test_without_redis_a_wish_costs_the_caller_nothing():
    jobs = queue.connect(shop_settings(redis_url=nobody_there().replace("http:", "redis:")))
    started = monotonic()

    for _ in range(100):
        jobs.nudge(Job.READ_NOTICES)

    assert monotonic() - started < 0.1
