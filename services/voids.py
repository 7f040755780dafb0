"""Voids: who may give a label back, until when, and who decides what no carrier does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal
from core.jobs import Job
from core.journeys import is_scanned
from core.windows import Windows
from models import ledger as entries
from models.base import NotFound
from models.order import Order, OrderState
from models.tracking import Trail
from models.void import Void, VoidStage, VoidStep
from services.audits import Audits, ReasonMissing
from services.ledger import Cause, Ledger, account_of
from services.outbox import Outbox
from services.ports import Carriers, Jobs
from services.voiding import OPEN, Voiding, mark_given_back

PER_SWEEP = 200


class Obstacle(StrEnum):
    """Why a label can't be given back. Each has words."""

    NOT_BOUGHT = "not_bought"
    WINDOW_OVER = "window_over"
    SCANNED = "scanned"
    REFUNDED = "refunded"


class NotVoidable(Refusal):
    """Facts: `order_id`, `reason` (an Obstacle)."""


class NotInHand(Refusal):
    """An operator decides only what waits for one, once. Facts: `order_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voids:
    """`pace` is the shortest pause between two questions about one void."""

    carriers: Carriers
    ledger: Ledger
    outbox: Outbox
    audits: Audits
    jobs: Jobs
    clock: Clock
    windows: Windows
    pace: timedelta

    def of(self, order_id: str) -> Void | None:
        found: Void | None = Void.objects.seek(order_id)
        return found

    def until(self, order: Order) -> datetime:
        """When the carrier's window ends."""
        return self.windows.end(order.rate.carrier, bought_at(order))

    def obstacle(self, order: Order) -> Obstacle | None:
        """What keeps its owner from giving this label back; None when it may be."""
        if order.status is not OrderState.DONE:
            return Obstacle.NOT_BOUGHT
        if self.clock.now() > self.until(order):
            return Obstacle.WINDOW_OVER
        trail: Trail | None = Trail.objects.seek(order.id)
        if trail is not None and is_scanned(trail.status):
            return Obstacle.SCANNED
        key = f"refund:{order.id}"
        if entries.certain_entry(account_of(order.user_id), key) is not None:
            return Obstacle.REFUNDED
        return None

    def ask(self, order_id: str, *, user_id: int) -> Void:
        """The owner wants it back. Asked again it tells what stands.

        Raises NotVoidable, and NotFound for anybody else's order.
        """
        order: Order = Order.objects.fetch(order_id)
        if order.user_id != user_id:
            raise NotFound(kind="order", id=order_id)
        return self._open(order, Cause(f"user:{user_id}", ""))

    def ask_for(self, order_id: str, cause: Cause) -> Void:
        """An operator wants it back, for a reason, also when it is refunded by hand already.

        Raises ReasonMissing, NotVoidable, NotFound.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        order: Order = Order.objects.fetch(order_id)
        if self.of(order_id) is None:
            self._insist(order, but=Obstacle.REFUNDED)
            self.audits.record(cause.by, "void label", order_id, cause.reason)
        return self._open(order, cause, but=Obstacle.REFUNDED)

    def decide(self, order_id: str, cause: Cause, *, grant: bool) -> Void:
        """An operator's last word where the carrier has none. Money goes back if granted.

        Raises ReasonMissing, NotInHand.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        now = self.clock.now()
        to = VoidStage.GRANTED if grant else VoidStage.DENIED
        decided: Void | None = Void.objects.advance(
            order_id,
            when=VoidStage.REVIEW,
            to=to,
            at=now,
            push__timeline=VoidStep(at=now, stage=to, by=cause.by, note=cause.reason),
            set__decided_by=cause.by,
            set__reason=cause.reason,
            set__next_at=now,
        )
        if decided is None:
            raise NotInHand(order_id=order_id)
        act = "grant void" if grant else "deny void"
        self.audits.record(cause.by, act, order_id, cause.reason)
        self.jobs.ask(Job.DRIVE_VOID, order_id)
        return decided

    def note_seen(self, order_id: str, cause: Cause) -> None:
        """An operator has dealt with a label that was used although it was void.

        Raises ReasonMissing, NotInHand.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        waits = Void.objects(pk=order_id, scanned_at__ne=None, seen_at=None)
        if not waits.update_one(set__seen_at=self.clock.now()):
            raise NotInHand(order_id=order_id)
        self.audits.record(cause.by, "close used void", order_id, cause.reason)

    def look_again(self, order_id: str, *, by: str) -> None:
        """Have a worker ask the carrier now. Raises NotInHand when there is nothing to ask."""
        if not Void.objects(pk=order_id, status__in=OPEN).update_one(set__next_at=self.clock.now()):
            raise NotInHand(order_id=order_id)
        self.audits.record(by, "check void", order_id)
        self.jobs.ask(Job.DRIVE_VOID, order_id)

    def drive(self, order_id: str) -> None:
        """Do what comes next for one void. Safe to call at any time, any number of times."""
        Voiding(
            carriers=self.carriers,
            ledger=self.ledger,
            outbox=self.outbox,
            clock=self.clock,
            pace=self.pace,
        ).drive(order_id)

    def resume(self) -> None:
        """Have driven what is due: the sweep behind every lost job and every crash."""
        for order_id in Void.objects.due(self.clock.now(), PER_SWEEP):
            self.jobs.ask(Job.DRIVE_VOID, order_id)

    def _open(self, order: Order, cause: Cause, *, but: Obstacle | None = None) -> Void:
        """Write the wish down, once; a worker does the rest."""
        void = self.of(order.id)
        if void is None:
            self._insist(order, but=but)
            void = self._record(order, cause)
            crash_at("void.after_insert")
        if void.status is VoidStage.ASKED:
            # Whoever wrote the wish down may have died before this.
            mark_given_back(void, self.clock.now())
        self.jobs.ask(Job.DRIVE_VOID, order.id)
        return void

    def _insist(self, order: Order, *, but: Obstacle | None) -> None:
        obstacle = self.obstacle(order)
        if obstacle not in {None, but}:
            raise NotVoidable(order_id=order.id, reason=obstacle)

    def _record(self, order: Order, cause: Cause) -> Void:
        now = self.clock.now()
        void: Void = Void.objects.get_or_insert(
            order.id,
            user_id=order.user_id,
            mode=order.mode,
            provider=order.provider,
            label_id=order.label_id or order.shipment_id,
            amount=order.price,
            by=cause.by,
            reason=cause.reason,
            timeline=(VoidStep(at=now, stage=VoidStage.ASKED, by=cause.by, note=cause.reason),),
            bought_at=bought_at(order),
            until=self.until(order),
            next_at=now,
            created_at=now,
            moved_at=now,
        )
        return void


def bought_at(order: Order) -> datetime:
    """Never later than the carrier's own word."""
    return order.bought_after or order.created_at
