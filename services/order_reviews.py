"""Orders in review: an operator asks the carrier once more, or gives the held money back."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import Refusal
from core.jobs import Job
from models.order import Order, OrderState
from providers.carriers.base import Bought
from services.audits import Audits, ReasonMissing
from services.ledger import Cause, Ledger
from services.ports import Jobs
from services.purchase import Purchase


class OrderNotInReview(Refusal):
    """Somebody or something has gone on with it already. Facts: `id`, `status`."""


class LabelNotFound(Refusal):
    """The carrier service knows of no label of this order. Facts: `id`."""


class LabelFound(Refusal):
    """The carrier service has sold it: its price is not given back. Facts: `id`."""


class NothingHeld(Refusal):
    """No money is set aside for this order. Facts: `id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReviews:
    """Each ends a review by compare-and-set; a worker does what follows."""

    purchase: Purchase
    ledger: Ledger
    audits: Audits
    jobs: Jobs

    def ask_again(self, order_id: str, cause: Cause) -> None:
        """Go on with the label that the carrier has sold after all.

        Raises ReasonMissing, OrderNotInReview, LabelNotFound, and what the carrier raises.
        """
        order = _in_review(order_id, cause)
        found = self._found(order)
        if found is None:
            raise LabelNotFound(id=order_id)
        moved = self.purchase.record(order, found, by=cause.by, set__wakes=0)
        self._go_on(order, moved, "take label", cause)

    def give_back(self, order_id: str, cause: Cause) -> None:
        """The money that is held goes back: there is no label.

        The carrier is asked before. A label that turns up later is voided by the nightly
        comparison. Raises ReasonMissing, OrderNotInReview, NothingHeld, LabelFound, and what the
        carrier raises.
        """
        order = _in_review(order_id, cause)
        if not self.ledger.holds(order.user_id, order.id):
            raise NothingHeld(id=order_id)
        if self._found(order) is not None:
            raise LabelFound(id=order_id)
        moved: Order | None = Order.objects.move(
            order,
            OrderState.FAILED,
            at=self._now(),
            by=cause.by,
            note=cause.reason,
            set__refusal="not_bought",
            set__wakes=0,
            set__next_at=self._now(),
        )
        self._go_on(order, moved, "give money back", cause)

    def _found(self, order: Order) -> Bought | None:
        return self.purchase.find(order) if order.shipment_id else None

    def _go_on(self, order: Order, moved: Order | None, what: str, cause: Cause) -> None:
        if moved is None:
            raise _too_late(order.id)
        self.audits.record(cause.by, what, order.id, cause.reason)
        self.jobs.ask(Job.DRIVE_ORDER, order.id)

    def _now(self) -> datetime:
        return self.purchase.clock.now()


def _in_review(order_id: str, cause: Cause) -> Order:
    if not cause.reason.strip():
        raise ReasonMissing
    order: Order = Order.objects.fetch(order_id)
    if order.status is not OrderState.REVIEW:
        raise _too_late(order_id)
    return order


def _too_late(order_id: str) -> OrderNotInReview:
    return OrderNotInReview(id=order_id, status=Order.objects.fetch(order_id).status)
