"""Beat's schedule lies in Redis, which may be emptied at any moment."""

import pytest
from celery import Celery
from redis import Redis

from tasks.beat import SteadyScheduler

JOB = "bulk.canary"


@pytest.fixture
def scheduler(redis_url):
    app = Celery("beat", broker=redis_url, set_as_current=False)
    app.conf.redbeat_redis_url = redis_url
    app.conf.redbeat_lock_key = None
    app.conf.beat_schedule = {JOB: {"task": JOB, "schedule": 60.0}}
    return SteadyScheduler(app, lazy=True)


def test_a_schedule_that_redis_has_lost_is_written_again(scheduler, redis_url):
    scheduler.setup_schedule()
    with Redis.from_url(redis_url) as client:
        client.flushdb()

        pause = scheduler.tick()

        assert client.zcard("redbeat::schedule") == 2
        assert client.exists(f"redbeat:{JOB}")
        assert 0 < pause <= 60
