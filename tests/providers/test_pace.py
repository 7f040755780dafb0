"""One pace for all who send to Telegram, kept in a real Redis."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event
from time import monotonic

import pytest
import structlog
from redis import Redis

from core.buckets import Bucket
from core.chats import TooManyMessages
from core.urgency import Urgency
from providers import pace as module
from providers.pace import Alone, Pace
from providers.telegram import connect
from tests.providers.stand import nobody_there, says, shop_settings

MARIA, JOHN, ANA = 1001, 1002, 1003
NOTHING_FLOWS = 1e-6
SIZE, CHAT_SIZE = 20.0, 15.0
STILL = Bucket(NOTHING_FLOWS, SIZE)
FLOW = 200.0
APART = get_context("spawn")
"""A fork would close the connections of tests before it, and wait for their answers for ever."""


def a_pace(redis_url, everybody=STILL, chat_size=CHAT_SIZE):
    """Nothing flows into a bucket unless a test says so: how fast the machine is, is no matter."""
    chat = Bucket(NOTHING_FLOWS, chat_size)
    alone = Alone(Bucket(NOTHING_FLOWS, 2), Bucket(NOTHING_FLOWS, 2))
    return Pace(Redis.from_url(redis_url), everybody, chat, alone)


@pytest.fixture
def pace(redis_url):
    pace = a_pace(redis_url)
    fill_up(redis_url)
    return pace


def fill_up(redis_url):
    """As after a while in which nobody sent anything."""
    with Redis.from_url(redis_url) as redis:
        redis.hset("labeldesk:pace:all", mapping={"level": SIZE, "at": 0})


def taken(pace, urgency, *, at_most=100):
    """How many messages to as many chats go out at once."""
    return next(
        number for number in range(at_most) if pace.ask(urgency, 5_000 + urgency * 100 + number)
    )


def test_a_broadcast_leaves_tokens_for_all_that_is_more_urgent(pace):
    broadcast = taken(pace, Urgency.BROADCAST)
    tracking = taken(pace, Urgency.TRACKING)
    money = taken(pace, Urgency.MONEY)
    replies = taken(pace, Urgency.REPLY)

    assert (broadcast, tracking, money, replies) == (8, 4, 4, 4)
    assert pace.ask(Urgency.REPLY) > 0


def test_while_replies_want_all_that_flows_in_a_broadcast_gets_nothing(redis_url):
    pace, replies, broadcast = a_pace(redis_url, Bucket(10.0, SIZE)), 0, 0

    while replies < 5:
        replies += pace.ask(Urgency.REPLY) == 0
        broadcast += pace.ask(Urgency.BROADCAST) == 0

    assert broadcast == 0


def test_a_chat_has_its_own_pace_and_holds_up_no_other(pace):
    marias = sum(pace.ask(Urgency.REPLY, MARIA) == 0 for _ in range(18))

    assert marias == CHAT_SIZE
    assert pace.ask(Urgency.REPLY, JOHN) == 0
    # What was refused took nothing from the bucket of all: 20 less 15 less 1.
    assert [pace.ask(Urgency.REPLY) for _ in range(4)] == [0] * 4
    assert pace.ask(Urgency.REPLY) > 0


def test_a_chats_last_tokens_are_for_its_replies(pace):
    news = sum(pace.ask(Urgency.BROADCAST, MARIA) == 0 for _ in range(8))
    replies = sum(pace.ask(Urgency.REPLY, MARIA) == 0 for _ in range(10))

    assert (news, replies) == (6, 9)


def test_processes_and_their_threads_share_one_pace(redis_url):
    seconds = 0.6
    ready, gate, counts = APART.Barrier(3), APART.Event(), APART.Queue()
    told = (redis_url, seconds, ready, gate, counts)
    processes = [APART.Process(target=_send, args=told, daemon=True) for _ in range(2)]
    for process in processes:
        process.start()
    ready.wait(timeout=60)
    started = monotonic()
    gate.set()
    sent = [counts.get(timeout=30) for _ in processes]
    took = monotonic() - started
    for process in processes:
        process.join()

    assert all(sent)
    assert FLOW * seconds * 0.3 <= sum(sent) <= FLOW * took + SIZE


def _send(redis_url, seconds, ready, gate, counts):
    ready.wait(timeout=60)
    gate.wait(timeout=60)
    pace, ends = a_pace(redis_url, Bucket(FLOW, SIZE)), monotonic() + seconds
    with ThreadPoolExecutor(3) as threads:
        sent = threads.map(lambda _: _as_many_as_go(pace, ends), range(3))
    counts.put(sum(sent))


def _as_many_as_go(pace, ends):
    sent = 0
    while monotonic() < ends:
        wait = pace.ask(Urgency.BROADCAST)
        sent += wait == 0
        Event().wait(wait)
    return sent


def test_a_sender_killed_between_its_token_and_its_message_holds_up_nobody(pace, redis_url):
    process = APART.Process(target=_die, args=(redis_url,), daemon=True)
    process.start()
    process.join(timeout=60)

    assert process.exitcode == -signal.SIGKILL
    assert sum(pace.ask(Urgency.REPLY) == 0 for _ in range(30)) == SIZE - 1


def _die(redis_url):
    assert a_pace(redis_url).ask(Urgency.REPLY, MARIA) == 0
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_pause_after_many_messages_to_a_chat_is_that_chats(pace, redis_url):
    for _ in range(5):
        pace.ask(Urgency.REPLY, MARIA)

    a_pace(redis_url).pause(MARIA, 30)

    assert pace.ask(Urgency.REPLY, MARIA) > 30
    assert pace.ask(Urgency.REPLY, JOHN) == 0


def test_a_pause_without_a_flood_is_everybodys(pace, redis_url):
    pace.ask(Urgency.REPLY, MARIA)

    a_pace(redis_url).pause(MARIA, 30)

    assert pace.ask(Urgency.REPLY, JOHN) > 30
    with pytest.raises(TooManyMessages) as caught:
        pace.take(Urgency.REPLY, JOHN)
    assert caught.value.facts["retry_after"] > 30


def test_a_second_chat_that_is_told_to_pause_means_that_all_are(pace):
    for chat in (MARIA, JOHN):
        for _ in range(4):
            pace.ask(Urgency.REPLY, chat)

    pace.pause(MARIA, 30)
    assert pace.ask(Urgency.REPLY, ANA) == 0
    pace.pause(JOHN, 30)

    assert pace.ask(Urgency.REPLY, ANA) > 30


def test_a_pause_is_never_shortened_and_ends_by_itself(redis_url):
    pace = a_pace(redis_url, Bucket(100.0, SIZE))

    pace.pause(None, 1)
    pace.pause(None, 0.01)

    assert 0.01 < pace.ask(Urgency.REPLY) <= 1.1
    pace.take(Urgency.REPLY)


def test_a_clock_that_was_set_back_stops_nobody(pace, redis_url):
    with Redis.from_url(redis_url) as redis:
        redis.hset("labeldesk:pace:all", mapping={"level": 5, "at": 99_999_999_999})

    assert sum(pace.ask(Urgency.REPLY) == 0 for _ in range(9)) == 5


def test_when_redis_has_lost_the_bucket_it_begins_nearly_empty(redis_url):
    pace = a_pace(redis_url)

    assert sum(pace.ask(Urgency.REPLY) == 0 for _ in range(9)) == 1


def test_a_chats_bucket_is_forgotten_once_it_is_full_again(redis_url):
    pace = module.connect(shop_settings(redis_url=redis_url))
    pace.ask(Urgency.REPLY, MARIA)

    with Redis.from_url(redis_url) as redis:
        assert 0 < redis.ttl(f"labeldesk:pace:chat:{MARIA}") <= 2
        assert redis.ttl("labeldesk:pace:all") == -1


def test_without_redis_a_process_sends_on_at_a_careful_pace_of_its_own():
    pace = a_pace(nobody_there().replace("http:", "redis:"))

    with structlog.testing.capture_logs() as lines:
        sent = sum(pace.ask(Urgency.REPLY, chat) == 0 for chat in range(10))
        pace.pause(MARIA, 30)
        wait = pace.ask(Urgency.REPLY, JOHN)

    assert sent == 2
    assert wait > 30
    assert [line["event"] for line in lines].count("pace_alone") == 2


def test_a_process_alone_spares_chats_and_replies_too():
    pace = Alone(Bucket(NOTHING_FLOWS, 10), Bucket(NOTHING_FLOWS, 2))

    first = [pace.ask(Urgency.REPLY, MARIA) == 0 for _ in range(3)]
    news = [pace.ask(Urgency.BROADCAST, chat) == 0 for chat in range(9)]

    assert first == [True, True, False]
    assert sum(news) == 2
    assert pace.ask(Urgency.REPLY, JOHN) == 0


def test_redis_is_asked_again_when_it_is_back(redis_url):
    pace = module.connect(shop_settings(redis_url=redis_url))
    pace._silent_until = monotonic() + 60
    pace.ask(Urgency.REPLY, MARIA)
    with Redis.from_url(redis_url) as redis:
        assert not redis.keys("labeldesk:pace:*")

        pace._silent_until = 0.0
        pace.ask(Urgency.REPLY, MARIA)

        assert len(redis.keys("labeldesk:pace:*")) == 2


def test_a_pause_that_telegram_asks_of_one_process_is_kept_by_another(redis_url, stand):
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 30"}
    stand.play(says(429, flood | {"parameters": {"retry_after": 30}}))
    settings = shop_settings(stand.url, redis_url=redis_url)
    one, other = (connect(settings, module.connect(settings)) for _ in range(2))

    with pytest.raises(TooManyMessages):
        one.send_text(MARIA, "News")
    with pytest.raises(TooManyMessages) as caught:
        other.at(Urgency.MONEY).send_text(JOHN, "Your label is ready")

    assert 29 < caught.value.facts["retry_after"] < 32
    assert len(stand.asked) == 1
