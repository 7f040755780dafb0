"""The closed list of work that can be asked for by name."""

from enum import StrEnum


class Queue(StrEnum):
    """Each queue is consumed by at least one process of the Procfile."""

    MONEY = "money"
    BUY = "buy"
    NOTIFY = "notify"
    BULK = "bulk"


class Job(StrEnum):
    """A job is named `<queue>.<verb>`; it takes one id, or nothing when it sweeps."""

    SETTLE_PAYMENT = "money.settle_payment"
    RESUME_PAYMENTS = "money.resume_payments"
    DRIVE_ORDER = "buy.drive_order"
    RESUME_ORDERS = "buy.resume_orders"
    SEND_NOTE = "notify.send_note"
    RESUME_NOTES = "notify.resume_notes"
    VERIFY_LEDGER = "bulk.verify_ledger"

    @property
    def queue(self) -> Queue:
        return Queue(self.value.partition(".")[0])
