"""Looks whether the queues are served, from outside of them: no dead worker can keep it quiet."""

from threading import Event

import structlog
from mongoengine import OperationError
from pymongo.errors import PyMongoError

from core.errors import PlatformError
from services.alerts import Alerts

log = structlog.get_logger()

LOOK_SECONDS = 30.0


def watch(alerts: Alerts, stopping: Event, *, every: float = LOOK_SECONDS) -> None:
    """Raise alerts and tell operators from this process, until asked to stop.

    Begins when workers that start together with it have had their time to be heard.
    """
    stopping.wait(alerts.liveness.patience.total_seconds())
    while not stopping.is_set():
        try:
            alerts.watch()
            alerts.tell_from_here()
        except (PlatformError, PyMongoError, OperationError) as trouble:
            log.warning("alerts_unreachable", why=str(trouble)[:200])
        stopping.wait(every)
