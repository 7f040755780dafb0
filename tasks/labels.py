"""Labels, bought on demand."""

from core.jobs import Job
from tasks.base import app, platform


@app.task(name=Job.DRIVE_ORDER)
def drive_order(order_id: str) -> None:
    platform().orders.drive(order_id)
