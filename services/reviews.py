"""Reviews: an operator ends what no rule could, with a reason."""

from dataclasses import dataclass

from core.crashes import crash_at
from core.errors import Refusal
from core.money import Money
from models.payment import Credit, Payment, PaymentRule, PaymentState, PaymentStep
from providers.payments.base import InvoiceReport, InvoiceState
from services.audits import Audits, ReasonMissing
from services.settling import ASKED_AGAIN, Settling

LONGEST_REASON = 500
ROUNDS_AT_MOST = 5


class NotInReview(Refusal):
    """Somebody or something has decided already. Facts: `id`, `status`."""


class NothingArrived(Refusal):
    """The provider knows of no money beyond what is credited. Facts: `id`, `status`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Each ends a review by compare-and-set: two operators can't both."""

    settling: Settling
    audits: Audits

    def credit_what_arrived(self, payment_id: str, *, by: str, reason: str) -> Payment:
        """Ask the provider again and credit what it has received and we have not credited.

        Raises ReasonMissing, NotInReview, NothingArrived, NoPaymentProvider, and Unavailable.
        """
        reason = _insisted(reason)
        rounds = (self._decide(payment_id, by, reason) for _ in range(ROUNDS_AT_MOST))
        decided = next(filter(None, rounds), None)
        if decided is None:
            raise _too_late(payment_id)
        arrived = decided.credits[-1].amount
        self.audits.record(by, "credit what arrived", payment_id, f"{arrived}: {reason}")
        return self.settling.book(decided)

    def _decide(self, payment_id: str, by: str, reason: str) -> Payment | None:
        """None when news of it came while the provider was asked: then it is asked again."""
        payment = _in_review(payment_id)
        report = self.settling.ask(payment)
        credit = Credit(
            amount=_arrived(payment, report),
            rule=PaymentRule.CREDITED_BY_OPERATOR,
            by=f"operator:{by}",
            reason=reason,
            at=self.settling.clock.now(),
        )
        return self.settling.decide(payment, report, credit)

    def reject(self, payment_id: str, *, by: str, reason: str) -> Payment:
        """End it without a credit. Raises ReasonMissing and NotInReview."""
        reason = _insisted(reason)
        payment = _in_review(payment_id)
        now = self.settling.clock.now()
        step = PaymentStep(
            at=now,
            state=PaymentState.REJECTED,
            rule=PaymentRule.REJECTED_BY_OPERATOR,
            note=reason,
            by=f"operator:{by}",
        )
        rejected = self.settling.move(payment, step, set__next_at=now + ASKED_AGAIN)
        if rejected is None:
            raise _too_late(payment_id)
        crash_at("review.after_rejection")
        self.audits.record(by, "reject payment", payment_id, reason)
        return self.settling.end_rejected(rejected)


def _insisted(reason: str) -> str:
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    return reason


def _in_review(payment_id: str) -> Payment:
    payment: Payment = Payment.objects.fetch(payment_id)
    if payment.status is not PaymentState.REVIEW or payment.unbooked:
        raise NotInReview(id=payment_id, status=payment.status)
    return payment


def _arrived(payment: Payment, report: InvoiceReport) -> Money:
    sent_back = report.state is InvoiceState.REFUNDED
    arrived = report.received - payment.credited
    if sent_back or arrived.minor <= 0:
        raise NothingArrived(id=payment.id, status=report.status)
    return arrived


def _too_late(payment_id: str) -> NotInReview:
    return NotInReview(id=payment_id, status=Payment.objects.fetch(payment_id).status)
