"""Payments, looked at on demand."""

from core.jobs import Job
from tasks.base import app, platform


@app.task(name=Job.READ_NOTICES)
def read_notices() -> None:
    platform().topups.read_notices()


@app.task(name=Job.SETTLE_PAYMENT)
def settle_payment(payment_id: str) -> None:
    platform().topups.settle(payment_id)
