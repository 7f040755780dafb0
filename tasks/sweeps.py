"""What the clock asks for: whatever was dropped, lost or left half-way."""

import structlog

from core.jobs import Job
from tasks.base import app, platform

log = structlog.get_logger()


@app.task(name=Job.RESUME_PAYMENTS)
def resume_payments() -> None:
    platform().topups.resume()


@app.task(name=Job.RESUME_ORDERS)
def resume_orders() -> None:
    platform().orders.resume()


@app.task(name=Job.RESUME_NOTES)
def resume_notes() -> None:
    platform().outbox.resume()


@app.task(name=Job.VERIFY_LEDGER)
def verify_ledger() -> None:
    proof = platform().verification.verify()
    facts = {"accounts": proof.accounts, "entries": proof.entries, "seconds": proof.seconds}
    if proof.mismatches:
        log.error("ledger_mismatch", **facts, findings=proof.findings)
    else:
        log.info("ledger_verified", **facts)
