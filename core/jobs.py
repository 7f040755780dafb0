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

    READ_NOTICES = "money.read_notices"
    SETTLE_PAYMENT = "money.settle_payment"
    RESUME_PAYMENTS = "money.resume_payments"
    RESUME_ADJUSTMENTS = "money.resume_adjustments"
    DRIVE_ORDER = "buy.drive_order"
    RESUME_ORDERS = "buy.resume_orders"
    DRIVE_VOID = "bulk.drive_void"
    RESUME_VOIDS = "bulk.resume_voids"
    TRACK_PARCEL = "bulk.track_parcel"
    RESUME_TRACKING = "bulk.resume_tracking"
    READ_CARRIER_NEWS = "bulk.read_carrier_news"
    DRIVE_BATCH = "bulk.drive_batch"
    RESUME_BATCHES = "bulk.resume_batches"
    SEND_NOTE = "notify.send_note"
    RESUME_NOTES = "notify.resume_notes"
    VERIFY_LEDGER = "bulk.verify_ledger"
    VERIFY_WHOLE_LEDGER = "bulk.verify_whole_ledger"
    PROVE_LEDGER = "bulk.prove_ledger"
    RESUME_PROOFS = "bulk.resume_proofs"
    RECONCILE = "bulk.reconcile"
    RECONCILE_CARRIERS = "bulk.reconcile_carriers"
    READ_CARRIER_BALANCES = "bulk.read_carrier_balances"
    BUILD_EXPORT = "bulk.build_export"
    RESUME_EXPORTS = "bulk.resume_exports"
    ERASE_OLD = "bulk.erase_old"

    MONEY_CANARY = "money.canary"
    BUY_CANARY = "buy.canary"
    NOTIFY_CANARY = "notify.canary"
    BULK_CANARY = "bulk.canary"

    @property
    def queue(self) -> Queue:
        return Queue(self.value.partition(".")[0])
