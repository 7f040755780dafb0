"""Proof that the ledger is whole: every chain, every sum, every order and every top-up."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import bson

from core.clock import Clock
from models import ledger as entries
from models.ledger import EntryKind
from models.order import Order, OrderState
from models.payment import Payment, PaymentState
from services.booking import digest, goes_below_zero

SHOWN_AT_MOST = 100


@dataclass(slots=True)
class Proof:
    """What one verification counted; `findings` says in words what is wrong, up to a hundred."""

    accounts: int = 0
    entries: int = 0
    mismatches: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    def blame(self, finding: str) -> None:
        self.mismatches += 1
        if len(self.findings) < SHOWN_AT_MOST:
            self.findings.append(finding)


@dataclass(slots=True)
class _Chain:
    """One account while its entries are walked."""

    account: str = ""
    seq: int = 0
    available: int = 0
    held: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    clock: Clock

    def verify(self) -> Proof:
        """Walk every entry, then compare the closings with orders and the top-ups with payments.

        A document that moves while this runs may be read before its entry: what disagrees is
        read once more before it is called a mismatch.
        """
        started = self.clock.now()
        proof = Proof()
        closed: Counter[tuple[str, str]] = Counter()
        credited: dict[str, int] = {}
        chain = _Chain()
        for entry in entries.walk():
            if entry["account"] != chain.account:
                chain = _Chain(account=entry["account"])
                proof.accounts += 1
            proof.entries += 1
            for flaw in _flaws(chain, entry):
                proof.blame(f"{entry['account']} entry {entry['seq']}: {flaw}")
            _count(entry, closed, credited)
        self._check_orders(proof, closed)
        self._check_payments(proof, credited)
        proof.seconds = (self.clock.now() - started).total_seconds()
        return proof

    def _check_orders(self, proof: Proof, closed: Counter[tuple[str, str]]) -> None:
        for order_id, tracking_code in _orders(OrderState.DONE):
            self._check_closing(proof, closed, EntryKind.CAPTURE, order_id)
            if not tracking_code:
                proof.blame(f"order {order_id} is done without a label")
        for order_id, tracking_code in _orders(OrderState.RELEASED):
            self._check_closing(proof, closed, EntryKind.RELEASE, order_id)
            if tracking_code:
                proof.blame(f"order {order_id} has a label and its money back")

    def _check_closing(
        self, proof: Proof, closed: Counter[tuple[str, str]], kind: EntryKind, order_id: str
    ) -> None:
        found = closed[kind, order_id] or entries.count(kind, {"ref.order": order_id})
        if found != 1:
            proof.blame(f"order {order_id} is closed with {found} entries of kind {kind}")

    def _check_payments(self, proof: Proof, credited: dict[str, int]) -> None:
        paid = Payment.objects(status=PaymentState.PAID).only("amount").as_pymongo()
        for payment in paid:
            posted = credited.pop(payment["_id"], None)
            if posted is None:
                posted = entries.total(EntryKind.TOPUP, {"ref.payment": payment["_id"]})
            if posted != payment["amount"]["minor"]:
                proof.blame(f"payment {payment['_id']} is paid, the ledger has {posted}")
        for payment_id in credited:
            if Payment.objects(pk=payment_id).first() is None:
                proof.blame(f"a top-up stands for payment {payment_id}, which does not exist")


def _flaws(chain: _Chain, entry: Mapping[str, Any]) -> Iterator[str]:
    """Compare an entry with the chain before it, and move the chain on."""
    if entry["seq"] != chain.seq + 1:
        yield f"follows {chain.seq}"
    if entry["available"] != chain.available + entry["d_available"]:
        yield "available does not follow"
    if entry["held"] != chain.held + entry["d_held"]:
        yield "held does not follow"
    if entry["kind"] != EntryKind.ADJUSTMENT and goes_below_zero(entry):
        yield "is below zero"
    if sum(line["amount"] for line in entry["lines"]) != 0:
        yield "lines do not sum to zero"
    body = {name: value for name, value in entry.items() if name not in {"_id", "digest"}}
    if entry["digest"] != digest(chain.digest, bson.encode(body)[4:-1]):
        yield "digest is wrong"
    chain.seq, chain.available, chain.held = entry["seq"], entry["available"], entry["held"]
    chain.digest = entry["digest"]


def _count(
    entry: Mapping[str, Any], closed: Counter[tuple[str, str]], credited: dict[str, int]
) -> None:
    kind, ref = entry["kind"], entry["ref"]
    if kind in {EntryKind.CAPTURE, EntryKind.RELEASE}:
        closed[kind, ref["order"]] += 1
    if kind == EntryKind.TOPUP:
        credited[ref["payment"]] = credited.get(ref["payment"], 0) + entry["d_available"]


def _orders(state: OrderState) -> Iterator[tuple[str, str]]:
    rows = Order.objects(status=state).only("pk", "tracking_code").as_pymongo()
    return ((row["_id"], row.get("tracking_code", "")) for row in rows)
