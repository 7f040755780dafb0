"""The worker's entry point: `celery -A tasks.app worker`."""

from tasks import bulk, canaries, labels, notify, payments, sweeps, tracking
from tasks.base import app

__all__ = ["app", "bulk", "canaries", "labels", "notify", "payments", "sweeps", "tracking"]
