"""Alerts: what needs a person is read from the books themselves, and each is told once.

Nothing has to remember to raise one: whatever ends in a state that needs a person is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.modes import ApiMode
from models.alert import Alert, AlertKind, AlertState
from models.balance import CarrierBalance
from models.batch import WORKING, Batch, RowState
from models.notice import Notice
from models.order import Order, OrderState
from models.orphan import Orphan, OrphanState
from models.outbox import Note, NoteKind
from models.payment import Payment, PaymentState
from models.proof import Proof, ProofKind, ProofState
from models.tracking import Trail
from models.void import Void, VoidStage
from services.balances import STALE
from services.freezes import Freezes
from services.liveness import Liveness
from services.outbox import Outbox
from services.retention import LATE, Retention

LOOKED_AT = 50
"""Of each kind, the newest: more than that is one alarm, not many."""

GIVEN_UP_FOR = timedelta(days=3)
STILL_FOR = timedelta(minutes=15)
"""After this nobody believes that a batch is only slow: each of its rows takes seconds."""

Found = tuple[AlertKind, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """`operators` are the chats that are told."""

    freezes: Freezes
    liveness: Liveness
    retention: Retention
    outbox: Outbox
    clock: Clock
    operators: tuple[int, ...]

    def watch(self) -> None:
        """Tell what is new, and note what is over. Safe to call any number of times."""
        found = {f"{what[0]}:{what[1]}": what for what in self._look()}
        for alert_id, what in found.items():
            self._raise(alert_id, *what)
        Alert.objects(status=AlertState.OPEN, pk__nin=list(found)).update(
            set__status=AlertState.OVER, set__over_at=self.clock.now()
        )

    def tell_from_here(self) -> None:
        """Send what operators are still to be told, by this process: the queue may be dead."""
        for note_id in Note.objects(kind=NoteKind.OPERATOR_ALERT).due(self.clock.now(), LOOKED_AT):
            self.outbox.send(note_id)

    def open(self) -> list[Alert]:
        """The newest first."""
        return list(Alert.objects(status=AlertState.OPEN).order_by("-raised_at"))

    def _look(self) -> Iterator[Found]:
        for sign in self.liveness.silent():
            last = sign.heard_at.isoformat(timespec="seconds") if sign.heard_at else "never"
            yield AlertKind.QUEUE_SILENT, sign.queue.value, f"last heard: {last}"
        for name in self.retention.late():
            yield AlertKind.ERASING_LATE, name, f"due for more than {LATE.days} days"
        for freeze in self.freezes.frozen(LOOKED_AT):
            yield AlertKind.ACCOUNT_FROZEN, freeze.account, freeze.findings[0]
        for kind in ProofKind:
            last_proof = Proof.objects(kind=kind, status=ProofState.DONE).order_by("-created_at")
            for proof in last_proof.limit(1):
                if proof.mismatches:
                    words = f"{proof.mismatches} in proof {proof.id}: {proof.findings[0]}"
                    yield AlertKind.LEDGER_MISMATCH, kind.value, words
        yield from _reviews()
        yield from _given_up(self.clock.now() - GIVEN_UP_FOR)
        yield from _unfunded()
        yield from _still(self.clock.now() - STILL_FOR)
        yield from _labels()
        yield from _orphans()
        yield from _balances(self.clock.now() - STALE)

    def _raise(self, alert_id: str, kind: AlertKind, subject: str, words: str) -> None:
        now = self.clock.now()
        facts = {"kind": kind, "subject": subject, "words": words, "raised_at": now}
        alert: Alert = Alert.objects.get_or_insert(alert_id, **facts)
        if alert.status is AlertState.OVER:
            again: Mapping[str, object] = {f"set__{name}": value for name, value in facts.items()}
            reopened = Alert.objects(pk=alert_id, status=AlertState.OVER).modify(
                new=True, set__status=AlertState.OPEN, set__told=False, **again
            )
            alert = reopened or alert
        if not alert.told:
            self._tell(alert)

    def _tell(self, alert: Alert) -> None:
        for chat_id in self.operators:
            note_id = f"alert:{alert.id}:{alert.raised_at.timestamp():.0f}:{chat_id}"
            self.outbox.put(
                note_id,
                chat_id,
                NoteKind.OPERATOR_ALERT,
                alert=alert.kind.value,
                subject=alert.subject,
                words=alert.words,
            )
            self.outbox.hurry(note_id)
        Alert.objects(pk=alert.id, raised_at=alert.raised_at).update_one(set__told=True)


def _reviews() -> Iterator[Found]:
    orders = Order.objects(status=OrderState.REVIEW).order_by("-created_at").limit(LOOKED_AT)
    for order in orders.only("timeline"):
        yield AlertKind.ORDER_REVIEW, order.id, order.timeline[-1].note if order.timeline else ""
    payments = Payment.objects(status=PaymentState.REVIEW).order_by("-created_at").limit(LOOKED_AT)
    for payment in payments.only("timeline"):
        note = payment.timeline[-1].note if payment.timeline else ""
        yield AlertKind.PAYMENT_REVIEW, payment.id, note


def _given_up(since: datetime) -> Iterator[Found]:
    """Notices that none could read: what they told is found by asking, but somebody should know."""
    failed = Notice.objects(failure__gt="", received_at__gte=since).order_by("-received_at")
    for notice in failed.limit(LOOKED_AT).only("provider", "failure"):
        yield AlertKind.NOTICE_GIVEN_UP, notice.id, f"{notice.provider}: {notice.failure}"


def _unfunded() -> Iterator[Found]:
    """Carrier services whose account with us is empty, by the orders that wait for it."""
    waiting = Order.objects(status__in=[OrderState.HELD, OrderState.BUYING], unfunded__gt=0)
    orders = waiting.order_by("created_at").limit(LOOKED_AT).only("provider", "mode", "created_at")
    by_account: dict[str, list[Order]] = {}
    for order in orders:
        by_account.setdefault(f"{order.provider}:{order.mode}", []).append(order)
    for account, some in by_account.items():
        since = some[0].created_at.isoformat(timespec="minutes")
        yield (
            AlertKind.CARRIER_FUNDS,
            account,
            f"{len(some)} waiting, the first since {since}",
        )


def _still(since: datetime) -> Iterator[Found]:
    """Batches that should go on and have not: no worker drives them, or no carrier answers."""
    waiting = Batch.objects(next_at__type="date", status__in=WORKING, moved_at__lt=since)
    for batch in waiting.order_by("next_at").limit(LOOKED_AT):
        last = max(batch.moved_at, batch.went_at or batch.moved_at)
        if last < since:
            bought = batch.counts.get(RowState.BOUGHT, 0)
            told = f"{batch.status}, {bought} of {batch.rows} rows bought"
            yield AlertKind.BATCH_STILL, batch.id, f"{told}, nothing since {last:%H:%M} UTC"


def _labels() -> Iterator[Found]:
    """Bought ones that need a person: voids nobody decides, voids that travel, lost parcels."""
    for void in Void.objects(status=VoidStage.REVIEW).order_by("-created_at").limit(LOOKED_AT):
        yield AlertKind.VOID_REVIEW, void.id, void.problem
    used = Void.objects(scanned_at__type="date", seen_at=None, status=VoidStage.GRANTED)
    for void in used.order_by("-scanned_at").limit(LOOKED_AT):
        yield AlertKind.VOID_USED, void.id, f"scanned at {void.scanned_at:%Y-%m-%d %H:%M} UTC"
    stalled = Trail.objects(stalled_at__type="date", seen_at=None).order_by("-stalled_at")
    for trail in stalled.limit(LOOKED_AT):
        last = f"{trail.carrier} {trail.tracking_code}: no scan since {trail.moved_at:%Y-%m-%d}"
        yield AlertKind.PARCEL_STALLED, trail.id, last


def _orphans() -> Iterator[Found]:
    """Labels that cost the shop: refused voids, and those that nobody knows the end of."""
    for lost in ({"status": OrphanState.LOSS}, {"status": OrphanState.FOUND, "problem__ne": ""}):
        for orphan in Orphan.objects(**lost).order_by("-found_at").limit(LOOKED_AT):
            words = f"{orphan.cost}, {orphan.tracking_code}: {orphan.problem}"
            yield AlertKind.CARRIER_ORPHAN, orphan.id, words


def _balances(since: datetime) -> Iterator[Found]:
    """In test mode labels cost nothing, so that an empty account is nobody's trouble."""
    for balance in CarrierBalance.objects(low=True, told_at__gte=since):
        if balance.id.endswith(f":{ApiMode.PRODUCTION}"):
            yield AlertKind.CARRIER_BALANCE_LOW, balance.id, f"{balance.amount} left"
