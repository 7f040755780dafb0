"""What every task shares: one platform a process, and one rule for trying again."""

import gc
from functools import cache
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging, worker_process_init
from pymongo.errors import AutoReconnect

import bootstrap
from bootstrap import Platform
from core import log, settings
from core.errors import Unavailable


class PlatformTask(Task[Any, Any]):
    """Retries what time can cure, with jitter; everything else fails loudly, once."""

    abstract = True
    autoretry_for = (Unavailable, AutoReconnect)
    max_retries = 5
    retry_backoff = 2
    retry_backoff_max = 60
    retry_jitter = True
    acks_late = True
    reject_on_worker_lost = True


app = Celery("labeldesk", task_cls=PlatformTask)
app.config_from_object("celeryconfig")


@cache
def platform() -> Platform:
    """The services of this process; built on first use, hence after the fork."""
    return bootstrap.build(settings.load())


@worker_process_init.connect
def _warm_up(**_: object) -> None:
    """Connect before the first task, so that it doesn't wait for it."""
    platform()
    # What stands now stands till the end: collecting garbage need not walk it task after task.
    gc.freeze()


@setup_logging.connect
def _log(**_: object) -> None:
    log.configure(settings.load().log_level, "worker")
