"""Long work, done in slices."""

from core.jobs import Job
from core.money import Money
from services.balances import Balances
from services.carrier_books import CarrierBooks
from services.exports import Exports
from services.orphans import Orphans
from services.reconciliation import Reconciliation
from tasks.base import app, platform


@app.task(name=Job.DRIVE_BATCH)
def drive_batch(batch_id: str) -> None:
    platform().batch_driving.drive(batch_id)


@app.task(name=Job.PROVE_LEDGER)
def prove_ledger(proof_id: str) -> None:
    platform().verification.go_on(proof_id)


@app.task(name=Job.BUILD_EXPORT)
def build_export(export_id: str) -> None:
    Exports(platform().outbox).build(export_id)


@app.task(name=Job.RECONCILE)
def reconcile(provider: str = "") -> None:
    topups = platform().topups
    books = Reconciliation(providers=topups.providers, jobs=topups.jobs, clock=topups.clock)
    if provider:
        books.compare(provider)
    else:
        books.ask()


@app.task(name=Job.RECONCILE_CARRIERS)
def reconcile_carriers(service: str = "") -> None:
    voids = platform().voids
    books = CarrierBooks(
        carriers=voids.carriers,
        orphans=Orphans(carriers=voids.carriers, audits=voids.audits, clock=voids.clock),
        jobs=voids.jobs,
        clock=voids.clock,
    )
    if service:
        books.compare(service)
    else:
        books.ask()


@app.task(name=Job.READ_CARRIER_BALANCES)
def read_carrier_balances(service: str = "") -> None:
    voids = platform().voids
    least = Money(platform().settings.carrier_balance_alert_cents)
    balances = Balances(carriers=voids.carriers, jobs=voids.jobs, clock=voids.clock, least=least)
    if service:
        balances.read(service)
    else:
        balances.ask()
