"""What the clock asks for: whatever was dropped, lost or left half-way."""

from core.jobs import Job
from models.proof import ProofKind
from services.exports import Exports
from tasks.base import app, platform


@app.task(name=Job.RESUME_PAYMENTS)
def resume_payments() -> None:
    platform().topups.resume()


@app.task(name=Job.RESUME_ADJUSTMENTS)
def resume_adjustments() -> None:
    platform().adjustments.resume()


@app.task(name=Job.RESUME_ORDERS)
def resume_orders() -> None:
    platform().orders.resume()


@app.task(name=Job.RESUME_VOIDS)
def resume_voids() -> None:
    platform().voids.resume()


@app.task(name=Job.RESUME_TRACKING)
def resume_tracking() -> None:
    platform().tracking.resume()


@app.task(name=Job.RESUME_BATCHES)
def resume_batches() -> None:
    platform().batch_driving.resume()


@app.task(name=Job.RESUME_NOTES)
def resume_notes() -> None:
    platform().outbox.resume()


@app.task(name=Job.VERIFY_LEDGER)
def verify_ledger() -> None:
    platform().verification.ask(ProofKind.NEW, by="clock")


@app.task(name=Job.VERIFY_WHOLE_LEDGER)
def verify_whole_ledger() -> None:
    platform().verification.ask(ProofKind.FULL, by="clock")


@app.task(name=Job.RESUME_EXPORTS)
def resume_exports() -> None:
    Exports(platform().outbox).resume()


@app.task(name=Job.ERASE_OLD)
def erase_old() -> None:
    platform().retention.sweep()


@app.task(name=Job.RESUME_PROOFS)
def resume_proofs() -> None:
    platform().verification.resume()
