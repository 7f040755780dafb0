"""A cache that may be gone at any time."""

import socket
from time import monotonic

import structlog

from providers import flags
from tests.providers.stand import nobody_there, shop_settings


def flags_at(url):
    return flags.connect(shop_settings(redis_url=url))


def test_a_value_is_there_for_every_process_and_only_for_its_time(redis_url):
    flags_at(redis_url).put("mode", "тест", seconds=60)

    other = flags_at(redis_url)

    assert other.get("mode") == "тест"
    assert other.get("another") is None
    assert 0 < other._redis.ttl("labeldesk:flag:mode") <= 60


def test_what_is_no_text_counts_as_not_there(redis_url):
    cache = flags_at(redis_url)
    cache._redis.set("labeldesk:flag:mode", b"\xff\xfe")

    assert cache.get("mode") is None


def test_without_redis_nothing_is_cached_and_nobody_waits_twice():
    cache = flags_at(nobody_there().replace("http:", "redis:"))

    with structlog.testing.capture_logs() as lines:
        cache.put("mode", "test", seconds=60)
        answers = [cache.get("mode") for _ in range(100)]

    assert answers == [None] * 100
    assert [line["event"] for line in lines] == ["flags_unreachable"]


def test_a_redis_that_hangs_costs_one_moment():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = flags_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = monotonic()

        answers = [cache.get("mode") for _ in range(100)]

    assert answers == [None] * 100
    assert 0.3 < monotonic() - started < 2


def test_a_changed_value_is_written_even_while_reading_rests(redis_url):
    cache = flags_at(redis_url)
    cache._silent_until = monotonic() + 60

    cache.put("mode", "production", seconds=60)

    assert cache.get("mode") is None
    assert flags_at(redis_url).get("mode") == "production"
