"""The worker's entry point: `celery -A tasks.app worker`."""

from tasks import labels, notify, payments, sweeps
from tasks.base import app

__all__ = ["app", "labels", "notify", "payments", "sweeps"]
