"""Money that operators move by hand: credits, debits and refunds, with a reason and a witness."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal
from core.money import Money
from models import ledger as entries
from models.adjustment import Adjustment, AdjustmentState
from models.order import Order, OrderState
from models.outbox import NoteKind
from models.user import User
from services.audits import Audits, ReasonMissing
from services.ledger import Cause, InsufficientFunds, Ledger, Posting, account_of
from services.outbox import Outbox

ASKED_AGAIN = timedelta(seconds=30)
PER_SWEEP = 100
REFUNDABLE = (OrderState.DONE, OrderState.VOID_REFUSED)


class NothingToAdjust(Refusal):
    """An adjustment of nothing."""


class FormUsed(Refusal):
    """The form was sent before with something else in it. Facts: `adjustment_id`."""


class SameOperator(Refusal):
    """Above the limit the second look is another operator's. Facts: `by`."""


class NotWaiting(Refusal):
    """Somebody has decided already. Facts: `adjustment_id`, `status`."""


class NotRefundable(Refusal):
    """Only the label of a finished order is refunded. Facts: `order_id`, `status`."""


class RefundedBefore(Refusal):
    """A label is refunded once. Facts: `order_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustments:
    """`limit` is the largest sum that one operator moves alone. Customers read the reasons."""

    ledger: Ledger
    outbox: Outbox
    audits: Audits
    clock: Clock
    limit: Money

    def adjust(
        self, user_id: int, amount: Money, cause: Cause, *, form: UUID, overdraft: bool = False
    ) -> Adjustment:
        """Credit, or debit with a negative amount. Above the limit it waits for `approve`.

        A form sent again answers what became of it. Raises ReasonMissing, NothingToAdjust,
        FormUsed, InsufficientFunds, and NotFound when there is no such customer.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        if not amount:
            raise NothingToAdjust
        User.objects.fetch(user_id)
        adjustment = self._record(user_id, amount, cause, form=form, overdraft=overdraft)
        return self._post(adjustment)

    def approve(self, adjustment_id: str, *, by: str) -> Adjustment:
        """The second look. Raises SameOperator, NotWaiting, InsufficientFunds."""
        adjustment: Adjustment = Adjustment.objects.fetch(adjustment_id)
        if by == adjustment.by:
            raise SameOperator(by=by)
        return self._post(self._decide(adjustment, AdjustmentState.APPROVED, by))

    def decline(self, adjustment_id: str, *, by: str) -> Adjustment:
        """Either operator may. Raises NotWaiting."""
        adjustment: Adjustment = Adjustment.objects.fetch(adjustment_id)
        return self._decide(adjustment, AdjustmentState.DECLINED, by)

    def resume(self) -> None:
        """Post what was approved and left half-way."""
        for adjustment_id in Adjustment.objects.due(self.clock.now(), PER_SWEEP):
            try:
                self._post(Adjustment.objects.fetch(adjustment_id))
            except InsufficientFunds:
                continue

    def refund_label(self, order_id: str, cause: Cause) -> None:
        """Give back what a label was charged: for a finished order, once; nothing else moves.

        Raises ReasonMissing, NotRefundable, RefundedBefore.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        order: Order = Order.objects.fetch(order_id)
        if order.status not in REFUNDABLE:
            raise NotRefundable(order_id=order_id, status=order.status)
        known = entries.certain_entry(account_of(order.user_id), f"refund:{order_id}")
        if known is None:
            self.audits.record(cause.by, "refund label", order_id, cause.reason)
        posting = self.ledger.refund(
            order.user_id, order.price, label_id=order_id, order_id=order_id, cause=cause
        )
        crash_at("refund.after_entry")
        self._tell(
            f"refund:{order_id}",
            order.user_id,
            NoteKind.LABEL_REFUNDED,
            order_id=order_id,
            amount=order.price.minor,
            reason=cause.reason,
        )
        if posting is Posting.EXISTS:
            raise RefundedBefore(order_id=order_id)

    def _record(
        self, user_id: int, amount: Money, cause: Cause, *, form: UUID, overdraft: bool
    ) -> Adjustment:
        now = self.clock.now()
        alone = abs(amount.minor) <= self.limit.minor
        told = {"user_id": user_id, "amount": amount, "overdraft": overdraft, "by": cause.by}
        if Adjustment.objects(pk=str(form)).first() is None:
            self.audits.record(cause.by, f"adjust by {amount}", f"customer {user_id}", cause.reason)
        adjustment: Adjustment = Adjustment.objects.get_or_insert(
            str(form),
            **told,
            reason=cause.reason,
            status=AdjustmentState.APPROVED if alone else AdjustmentState.WAITING,
            next_at=now + ASKED_AGAIN if alone else None,
            created_at=now,
            moved_at=now,
        )
        if {name: adjustment[name] for name in told} != told:
            raise FormUsed(adjustment_id=str(form))
        crash_at("adjustment.after_insert")
        return adjustment

    def _decide(self, adjustment: Adjustment, to: AdjustmentState, by: str) -> Adjustment:
        now = self.clock.now()
        approved = to is AdjustmentState.APPROVED
        decided: Adjustment | None = Adjustment.objects.advance(
            adjustment.id,
            when=AdjustmentState.WAITING,
            to=to,
            at=now,
            set__decided_by=by,
            **({"set__next_at": now + ASKED_AGAIN} if approved else {}),
        )
        if decided is None:
            now_it_is: Adjustment = Adjustment.objects.fetch(adjustment.id)
            raise NotWaiting(adjustment_id=adjustment.id, status=now_it_is.status)
        self.audits.record(by, f"{to} adjustment", adjustment.id)
        return decided

    def _post(self, adjustment: Adjustment) -> Adjustment:
        """The one way into the ledger; does nothing but for an approved one."""
        if adjustment.status is not AdjustmentState.APPROVED:
            return adjustment
        posting = self.ledger.adjust(
            adjustment.user_id,
            adjustment.amount,
            adjustment_id=adjustment.id,
            cause=Cause(adjustment.by, adjustment.reason),
            overdraft=adjustment.overdraft,
        )
        crash_at("adjustment.after_entry")
        if posting is Posting.INSUFFICIENT:
            self._move(adjustment, AdjustmentState.REFUSED)
            available = self.ledger.balance(adjustment.user_id).available
            raise InsufficientFunds(missing=-adjustment.amount - available)
        self._tell(
            f"adjustment:{adjustment.id}",
            adjustment.user_id,
            NoteKind.BALANCE_ADJUSTED,
            amount=adjustment.amount.minor,
            reason=adjustment.reason,
        )
        return self._move(adjustment, AdjustmentState.POSTED)

    def _move(self, adjustment: Adjustment, to: AdjustmentState) -> Adjustment:
        moved: Adjustment | None = Adjustment.objects.advance(
            adjustment.id,
            when=AdjustmentState.APPROVED,
            to=to,
            at=self.clock.now(),
            unset__next_at=True,
        )
        return moved or Adjustment.objects.fetch(adjustment.id)

    def _tell(self, note_id: str, user_id: int, kind: NoteKind, **facts: str | int) -> None:
        self.outbox.put(note_id, user_id, kind, **facts)
        self.outbox.hurry(note_id)
