"""Bought labels on their way, or on their way back: carriers are asked, one label at a time."""

from core.jobs import Job
from tasks.base import app, platform


@app.task(name=Job.TRACK_PARCEL)
def track_parcel(order_id: str) -> None:
    platform().tracking.drive(order_id)


@app.task(name=Job.DRIVE_VOID)
def drive_void(order_id: str) -> None:
    platform().voids.drive(order_id)


@app.task(name=Job.READ_CARRIER_NEWS)
def read_carrier_news() -> None:
    platform().tracking.read_news()
