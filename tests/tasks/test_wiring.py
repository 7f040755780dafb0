"""Wiring: every name that is asked for is somebody's work, and every limit fits the others."""

import re
from pathlib import Path

from celery import current_app
from celery.schedules import crontab

from core.jobs import Job, Queue

DAY = 86_400
ROOT = Path(__file__).parents[2]


def test_every_job_has_a_task_and_every_task_is_a_job(celery_app):
    ours = {name for name in celery_app.tasks if not name.startswith("celery.")}

    assert ours == {job.value for job in Job}


def test_every_queue_is_consumed_by_one_process_of_the_procfile(celery_app):
    consumed = re.findall(r"-Q (\S+)", (ROOT / "Procfile").read_text())

    assert sorted(",".join(consumed).split(",")) == sorted(queue.value for queue in Queue)
    assert {queue.name for queue in celery_app.conf.task_queues} == set(Queue)


def test_every_task_goes_to_the_queue_of_its_name(celery_app):
    for job in Job:
        route = celery_app.amqp.router.route({}, job.value)
        assert route["queue"].name == job.queue.value


def test_the_clock_asks_only_for_jobs_and_for_every_sweep(celery_app):
    scheduled = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    verbs = ("read", "resume", "verify", "canary", "reconcile", "erase")
    sweeps = {job.value for job in Job if job.value.partition(".")[2].startswith(verbs)}

    assert scheduled == sweeps


def test_nothing_scheduled_outlives_the_next_time_it_is(celery_app):
    for entry in celery_app.conf.beat_schedule.values():
        nightly = isinstance(entry["schedule"], crontab)
        assert entry["options"]["expires"] <= (DAY if nightly else entry["schedule"])


def test_each_queue_has_a_canary_more_often_than_it_may_be_silent(celery_app, settings):
    canaries = [
        entry
        for entry in celery_app.conf.beat_schedule.values()
        if entry["task"].endswith(".canary")
    ]

    assert {Job(entry["task"]).queue for entry in canaries} == set(Queue)
    assert max(entry["schedule"] for entry in canaries) < settings.queue_silent_seconds


def test_redis_hands_nothing_out_again_while_it_may_still_run(celery_app):
    conf = celery_app.conf

    longest_pause = max(task.retry_backoff_max for task in _ours(celery_app))
    visibility = conf.broker_transport_options["visibility_timeout"]
    assert visibility > 2 * conf.task_time_limit
    assert visibility > longest_pause + conf.task_time_limit
    assert longest_pause <= 60
    assert conf.task_soft_time_limit < conf.task_time_limit


def test_a_purchase_ends_before_its_task_and_its_lease_do(celery_app, settings):
    assert settings.carrier_timeout_seconds < settings.order_lease_seconds
    assert settings.carrier_timeout_seconds < celery_app.conf.task_soft_time_limit


def test_what_time_can_cure_is_retried_and_nothing_is_lost_with_its_worker(celery_app):
    for task in _ours(celery_app):
        assert (task.acks_late, task.reject_on_worker_lost) == (True, True)
        assert task.max_retries == 5


def test_the_workers_app_is_the_one_that_speaks_to_redis(celery_app, settings):
    assert celery_app.conf.broker_url.startswith("redis://")
    assert current_app.main == "labeldesk"


def _ours(celery_app):
    return [celery_app.tasks[job.value] for job in Job]
