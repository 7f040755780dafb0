"""What an operator may have looked at again, now. Each look is safe at any time, and audited."""

from dataclasses import dataclass

from core.clock import Clock
from core.errors import Refusal
from core.jobs import Job
from models.order import Order, OrderState
from models.payment import Payment, PaymentState
from services.audits import Audits
from services.ports import Jobs
from services.settling import UNPAID, NoPaymentProvider
from services.topups import Topups

UNFINISHED_ORDERS = (
    OrderState.NEW,
    OrderState.HELD,
    OrderState.BUYING,
    OrderState.UNKNOWN,
    OrderState.BOUGHT,
    OrderState.FAILED,
)


class NothingToCheck(Refusal):
    """It stands where looking again changes nothing. Facts: `id`, `status`."""


def can_check_order(status: OrderState) -> bool:
    return status in UNFINISHED_ORDERS


def can_check_payment(status: PaymentState) -> bool:
    return status in UNPAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecks:
    topups: Topups
    audits: Audits
    jobs: Jobs
    clock: Clock

    def order(self, order_id: str, *, by: str) -> None:
        """Have a worker drive the order; the sweep will if none hears. Raises NothingToCheck."""
        moved: Order | None = Order.objects(pk=order_id, status__in=UNFINISHED_ORDERS).modify(
            new=True, set__next_at=self.clock.now()
        )
        if moved is None:
            raise NothingToCheck(id=order_id, status=Order.objects.fetch(order_id).status)
        self.audits.record(by, "re-check order", order_id)
        self.jobs.ask(Job.DRIVE_ORDER, order_id)

    def payment(self, payment_id: str, *, by: str) -> Payment:
        """Ask the provider and do what follows.

        Raises NothingToCheck, NoPaymentProvider, and Unavailable when the provider is down.
        """
        payment = self.topups.get(payment_id)
        if not can_check_payment(payment.status):
            raise NothingToCheck(id=payment_id, status=payment.status)
        if payment.provider not in self.topups.providers:
            raise NoPaymentProvider(provider=payment.provider)
        self.audits.record(by, "check payment", payment_id)
        return self.topups.check(payment)
