"""Jobs asked for by name, with Redis there, silent and away."""

import json
import signal
from base64 import b64decode
from time import monotonic

import pytest
import structlog
from redis import Redis

from core.jobs import Job
from providers import queue
from tests.providers.stand import nobody_there, shop_settings


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as redis:
        yield redis


def jobs_at(url):
    return queue.connect(shop_settings(redis_url=url))


def waiting(redis, name):
    messages = [json.loads(raw) for raw in redis.lrange(name, 0, -1)]
    return [(each["headers"]["task"], json.loads(b64decode(each["body"]))[0]) for each in messages]


def test_a_job_waits_in_its_queue_under_its_name_with_one_id(redis, redis_url):
    jobs_at(redis_url).ask(Job.DRIVE_ORDER, "L-1")

    assert waiting(redis, "buy") == [("buy.drive_order", ["L-1"])]
    assert [redis.llen(name) for name in ("money", "notify", "bulk", "celery")] == [0, 0, 0, 0]


@pytest.mark.parametrize("job", list(Job))
def test_every_job_can_be_asked_for_without_a_subject(redis, redis_url, job):
    jobs_at(redis_url).ask(job)

    assert waiting(redis, job.queue.value) == [(job.value, [])]


def test_asking_loads_no_task_and_leaves_no_result_behind(redis, redis_url):
    jobs = jobs_at(redis_url)

    jobs.ask(Job.SEND_NOTE, "N-1")

    assert [name for name in jobs._app.tasks if not name.startswith("celery.")] == []
    assert redis.keys("celery-task-meta-*") == []


def test_without_redis_the_first_asker_waits_a_moment_and_the_next_not_at_all():
    jobs = jobs_at(nobody_there().replace("http:", "redis:"))
    started = monotonic()

    with structlog.testing.capture_logs() as lines:
        jobs.ask(Job.DRIVE_ORDER, "L-1")
        first = monotonic() - started
        jobs.ask(Job.DRIVE_ORDER, "L-2")
        both = monotonic() - started

    assert first < 2
    assert both - first < 0.05
    told = [(line["event"], line["job"], line["subject_id"]) for line in lines]
    assert told == [
        ("job_not_asked", "buy.drive_order", "L-1"),
        ("job_not_asked", "buy.drive_order", "L-2"),
    ]


def test_a_redis_that_hangs_dies_and_returns_costs_moments_and_no_error(
    private_stores, monkeypatch
):
    monkeypatch.setattr(queue, "PAUSE_SECONDS", 0)
    (url,) = [store.url for store in private_stores.stores if store.program.name == "redis"]
    jobs = jobs_at(url)
    jobs.ask(Job.DRIVE_ORDER, "L-1")

    private_stores.children["redis"].signal(signal.SIGSTOP)
    started = monotonic()
    jobs.ask(Job.DRIVE_ORDER, "L-2")
    hung = monotonic() - started
    private_stores.children["redis"].signal(signal.SIGCONT)
    private_stores.kill("redis")
    jobs.ask(Job.DRIVE_ORDER, "L-3")
    private_stores.revive("redis")
    jobs.ask(Job.DRIVE_ORDER, "L-4")

    with Redis.from_url(url) as redis:
        told = [args for _, args in waiting(redis, "buy")]
    assert 0.2 < hung < 2
    assert told[0] == ["L-4"]
    assert ["L-3"] not in told
