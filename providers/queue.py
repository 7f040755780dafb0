"""Asks workers for work by name, and never makes a customer wait for Redis."""

from functools import partial
from time import monotonic

import structlog
from celery import Celery
from celery.exceptions import CeleryError
from kombu import Exchange, Queue as Route
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from core.jobs import Job, Queue
from core.settings import Settings
from providers.nudge import Nudge

SOCKET_SECONDS = 0.7
PAUSE_SECONDS = 5.0
"""After a failure nobody is asked for this long: the sweeps find what was not said."""

log = structlog.get_logger()


def connect(settings: Settings) -> "CeleryJobs":
    """A small Celery app that only sends: it imports no task, and speaks as celeryconfig does."""
    app = Celery("jobs", broker=str(settings.redis_url), set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        result_backend=None,
        task_queues=[Route(queue, Exchange(queue), routing_key=queue) for queue in Queue],
        task_create_missing_queues=False,
        broker_connection_timeout=SOCKET_SECONDS,
        broker_transport_options={
            "socket_timeout": SOCKET_SECONDS,
            "socket_connect_timeout": SOCKET_SECONDS,
            "socket_keepalive": True,
            "retry_on_timeout": False,
            "max_retries": 0,
            "interval_start": 0,
            "interval_step": 0,
        },
    )
    return CeleryJobs(app)


class CeleryJobs:
    """Implements services.ports.Jobs."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._silent_until = 0.0
        self._nudges = {job: Nudge(partial(self.ask, job)) for job in Job}

    def ask(self, job: Job, subject_id: str = "") -> None:
        """Wake a worker sooner. Never raises: what is dropped here, a sweep finds."""
        if monotonic() < self._silent_until:
            log.info("job_not_asked", job=job.value, subject_id=subject_id)
            return
        args = (subject_id,) if subject_id else ()
        try:
            self._app.send_task(job.value, args=args, queue=job.queue.value, retry=False)
        except (KombuError, CeleryError, RedisError, OSError) as error:
            self._silent_until = monotonic() + PAUSE_SECONDS
            cause = type(error).__name__
            log.warning("job_not_asked", job=job.value, subject_id=subject_id, cause=cause)

    def nudge(self, job: Job) -> None:
        """For jobs that look at all that is due: a burst of wishes is one message in 50 ms."""
        self._nudges[job].want()
