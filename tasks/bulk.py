"""Long work, done in slices."""

from core.jobs import Job
from services.reconciliation import Reconciliation
from tasks.base import app, platform


@app.task(name=Job.PROVE_LEDGER)
def prove_ledger(proof_id: str) -> None:
    platform().verification.go_on(proof_id)


@app.task(name=Job.RECONCILE)
def reconcile(provider: str = "") -> None:
    topups = platform().topups
    books = Reconciliation(providers=topups.providers, jobs=topups.jobs, clock=topups.clock)
    if provider:
        books.compare(provider)
    else:
        books.ask()
