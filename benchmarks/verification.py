"""P7: what proving entries costs against a cursor that only reads them, all fields, to the end."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from pymongo import WriteConcern

from benchmarks.rates import Effort, Measured, in_turns
from benchmarks.stand import Stand
from core.clock import SystemClock
from core.jobs import Job
from models import ledger as entries
from models.connection import collection
from models.ledger import EntryKind
from models.order import OrderState
from models.payment import PaymentState
from models.proof import ProofKind
from services.audits import Audits
from services.booking import Step, next_entry
from services.freezes import Freezes
from services.verification import Verification

ACCOUNTS, LABELS = 300, 50
ROUNDS = 5
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


class NoJobs:
    def ask(self, job: Job, subject_id: str = "") -> None:
        """Nobody works here but the benchmark."""

    def nudge(self, job: Job) -> None:
        """Nor later."""


def sums_against_a_scan(_: Stand, effort: Effort) -> Measured:
    """Sequence and balances of every entry."""
    return _against_a_scan(ProofKind.SUMS, effort)


def digests_against_a_scan(_: Stand, effort: Effort) -> Measured:
    """All of `ledger verify`: digests, causes, and every order and payment looked up both ways."""
    return _against_a_scan(ProofKind.FULL, effort)


def _against_a_scan(kind: ProofKind, effort: Effort) -> Measured:
    clock = SystemClock()
    verification = Verification(freezes=Freezes(Audits(clock), clock), jobs=NoJobs(), clock=clock)
    total = _fill(effort.of(ACCOUNTS))

    def verify(_: int) -> float:
        started = perf_counter()
        proof = verification.verify(kind)
        assert (proof.entries, proof.mismatches) == (total, 0), proof.findings
        return total / (perf_counter() - started)

    def scan(_: int) -> float:
        started = perf_counter()
        assert sum(1 for _ in collection(entries.COLLECTION).find()) == total
        return total / (perf_counter() - started)

    found = in_turns(verify, scan, times=1, rounds=min(ROUNDS, effort.rounds))
    return found.named("verified_per_s", "scanned_per_s")


def _fill(accounts: int) -> int:
    """Each account has a top-up, and labels that were held and captured; all documents fit."""
    for number in range(accounts):
        booked, orders = _account(number)
        payment = _payment(number)
        for name, rows in (
            (entries.COLLECTION, booked),
            ("orders", orders),
            ("payments", [payment]),
        ):
            unacknowledged = collection(name).with_options(write_concern=WriteConcern(w=1))
            unacknowledged.insert_many(rows, ordered=False)
    return accounts * (1 + 2 * LABELS)


def _account(number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    account, payment_id = f"u:{number}:USD", f"T-{number}"
    steps = [
        Step(
            key=f"topup:bench:{number}",
            kind=EntryKind.TOPUP,
            d_available=100 * LABELS,
            d_held=0,
            contra="provider:bench:USD",
            ref={"payment": payment_id},
            by="provider:bench",
        )
    ]
    orders = [_order(number, f"L-{number}-{label}") for label in range(LABELS)]
    for order in orders:
        steps += _bookings(order["_id"])
    booked: list[dict[str, Any]] = []
    for step in steps:
        booked.append(next_entry(account, step, booked[-1] if booked else None, NOW))
    return booked, orders


def _bookings(order_id: str) -> list[Step]:
    ref, by = {"order": order_id}, "worker"
    return [
        Step(
            key=f"hold:{order_id}",
            kind=EntryKind.HOLD,
            d_available=-100,
            d_held=100,
            ref=ref,
            by=by,
        ),
        Step(
            key=f"close:{order_id}",
            kind=EntryKind.CAPTURE,
            d_available=0,
            d_held=-100,
            contra="shop:sales:USD",
            ref=ref,
            by=by,
        ),
    ]


def _order(user_id: int, order_id: str) -> dict[str, Any]:
    return {
        "_id": order_id,
        "user_id": user_id,
        "status": OrderState.DONE.value,
        "price": {"minor": 100, "currency": "USD"},
        "tracking_code": f"9400-{order_id}",
    }


def _payment(user_id: int) -> dict[str, Any]:
    return {
        "_id": f"T-{user_id}",
        "user_id": user_id,
        "status": PaymentState.PAID.value,
        "provider": "bench",
        "provider_id": str(user_id),
        "credits": [{"amount": {"minor": 100 * LABELS, "currency": "USD"}}],
        "booked": 1,
    }
