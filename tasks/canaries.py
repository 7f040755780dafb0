"""One task through each queue: whoever runs it is alive, and looks after the others."""

from collections.abc import Callable

from core.jobs import Job
from tasks.base import app, platform


def _canary(job: Job) -> Callable[[], None]:
    def sing() -> None:
        platform().liveness.hear(job.queue)
        platform().alerts.watch()

    return sing


for _job in (Job.MONEY_CANARY, Job.BUY_CANARY, Job.NOTIFY_CANARY, Job.BULK_CANARY):
    app.task(name=_job)(_canary(_job))
