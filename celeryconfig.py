"""Celery's settings by Celery's names: broker, queues, routes, limits, schedule."""

from typing import Any

from celery.schedules import crontab
from kombu import Exchange, Queue as Route

from core.jobs import Job, Queue
from core.settings import load

_settings = load()
_redis = str(_settings.redis_url)
_MINUTE = 60.0
_HOUR = 60 * _MINUTE

broker_url = _redis
broker_connection_retry_on_startup = True
# A worker waits for Redis as long as it takes: the sweeps find what was asked meanwhile.
broker_connection_max_retries = None
broker_transport_options = {
    # Redis hands a message out again after this long: more than twice task_time_limit.
    "visibility_timeout": 600,
    # Longer than the blocking pop, so that only a dead connection times out.
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    # A connection that a gateway forgot is noticed before it is used.
    "health_check_interval": 25,
    # A killed worker's tasks come back in seconds; with the defaults it took minutes.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}

# The truth is in MongoDB; a result nobody reads would only fill Redis.
result_backend = None
result_expires = None
task_ignore_result = True
# Ids in plain JSON: nothing that arrives can be code.
task_serializer = "json"
accept_content = ["json"]
timezone = "UTC"

# A task is done when it has run, not when it was taken.
task_acks_late = True
task_reject_on_worker_lost = True
# Below half the visibility time-out, above the longest exchange with a provider.
task_soft_time_limit = 90
task_time_limit = 120
# A worker that holds tasks back keeps them from idle ones.
worker_prefetch_multiplier = 1
# Whatever leaks is gone with its process.
worker_max_tasks_per_child = 1000
worker_max_memory_per_child = 400_000
# On SIGQUIT (REMAP_SIGTERM) a running purchase gets this long to end.
worker_soft_shutdown_timeout = 30
worker_enable_soft_shutdown_on_idle = True
# With True a worker of Celery 5.7 exited in one of ten Redis restarts.
worker_cancel_long_running_tasks_on_connection_loss = False
# A producer gives up soon: its caller is a person who waits.
task_publish_retry_policy = {
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}

task_queues = [Route(queue, Exchange(queue), routing_key=queue) for queue in Queue]
task_routes = {f"{queue}.*": {"queue": queue.value} for queue in Queue}
# A name that is no job's goes where it delays nobody; a queue nobody consumes is an error.
task_default_queue = Queue.BULK.value
task_create_missing_queues = False


def _every(seconds: float, job: Job) -> dict[str, Any]:
    """A beat that found no worker is stale by the next one."""
    return {"task": job.value, "schedule": seconds, "options": {"expires": seconds}}


def _nightly(hour: int, minute: int, job: Job) -> dict[str, Any]:
    """In UTC, while customers are few; a night without a worker is left out."""
    return {
        "task": job.value,
        "schedule": crontab(hour=hour, minute=minute),
        "options": {"expires": 6 * _HOUR},
    }


beat_schedule = {
    job.value: _every(seconds, job)
    for job, seconds in {
        Job.READ_NOTICES: _settings.sweep_seconds,
        Job.RESUME_PAYMENTS: _settings.sweep_seconds,
        Job.RESUME_ORDERS: _settings.sweep_seconds,
        Job.RESUME_NOTES: _settings.sweep_seconds,
        Job.READ_CARRIER_NEWS: _settings.sweep_seconds,
        Job.RESUME_BATCHES: _settings.sweep_seconds,
        Job.RESUME_VOIDS: _MINUTE,
        Job.RESUME_TRACKING: _MINUTE,
        Job.RESUME_ADJUSTMENTS: _MINUTE,
        Job.RESUME_EXPORTS: _MINUTE,
        Job.RESUME_PROOFS: _MINUTE,
        Job.READ_CARRIER_BALANCES: 15 * _MINUTE,
        Job.ERASE_OLD: 10 * _MINUTE,
        Job.VERIFY_LEDGER: _HOUR,
        # One task through each queue: a worker may answer a ping and consume nothing.
        Job.MONEY_CANARY: _MINUTE,
        Job.BUY_CANARY: _MINUTE,
        Job.NOTIFY_CANARY: _MINUTE,
        Job.BULK_CANARY: _MINUTE,
    }.items()
} | {
    Job.VERIFY_WHOLE_LEDGER.value: _nightly(3, 30, Job.VERIFY_WHOLE_LEDGER),
    Job.RECONCILE.value: _nightly(4, 30, Job.RECONCILE),
    Job.RECONCILE_CARRIERS.value: _nightly(5, 0, Job.RECONCILE_CARRIERS),
}
# Looks often enough for the shortest sweep, and for another beat's lock.
beat_max_loop_interval = min(5.0, _settings.sweep_seconds)
# One schedule for any number of beats; another takes over a dead one's within a minute.
redbeat_redis_url = _redis
# A beat that can't reach Redis ends, and is started again by its host.
redbeat_redis_options = {"socket_timeout": 5, "socket_connect_timeout": 5}
redbeat_lock_timeout = 60
redbeat_key_prefix = "labeldesk:beat:"
