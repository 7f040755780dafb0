"""What a provider's report means for a payment: the rules, by name, and nothing else."""

from dataclasses import dataclass

from core.money import Money
from models.outbox import NoteKind
from models.payment import Payment, PaymentRule as Rule, PaymentState
from providers.payments.base import InvoiceReport, InvoiceState

SAID = {
    Rule.PAID: NoteKind.TOPUP_CREDITED,
    Rule.OVERPAID: NoteKind.TOPUP_OVERPAID,
    Rule.UNDERPAID: NoteKind.TOPUP_UNDERPAID,
    Rule.PAID_IN_PARTS: NoteKind.TOPUP_REST,
    Rule.PAID_LATE: NoteKind.TOPUP_LATE,
    Rule.SEEN: NoteKind.TOPUP_SEEN,
    Rule.EXPIRED: NoteKind.TOPUP_EXPIRED,
    Rule.UNCLEAR: NoteKind.TOPUP_REVIEW,
    Rule.DIFFERENT: NoteKind.TOPUP_REVIEW,
    Rule.REFUNDED: NoteKind.TOPUP_REFUNDED,
    Rule.CREDITED_BY_OPERATOR: NoteKind.TOPUP_RESOLVED,
    Rule.REJECTED_BY_OPERATOR: NoteKind.TOPUP_REJECTED,
}
"""How each rule is told to the customer. The others change nothing that they could see."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule, where the payment stands then, and what is credited on it in all by then."""

    rule: Rule
    state: PaymentState
    total: Money


def state_after(status: PaymentState, rule: Rule) -> PaymentState:
    """Where a payment stands once a credit under this rule is booked. What is closed stays so."""
    if rule is Rule.UNDERPAID and status is not PaymentState.PAID:
        return PaymentState.UNDERPAID
    return PaymentState.PAID


def due(amount: Money, report: InvoiceReport) -> Money:
    """What the provider's word is good for: all that arrived, and never less than a paid bill."""
    if report.state is InvoiceState.PAID:
        return max(amount, report.received)
    if report.state in {InvoiceState.UNDERPAID, InvoiceState.EXPIRED}:
        return report.received
    return Money(0, amount.currency)


def is_ours(payment: Payment, report: InvoiceReport) -> bool:
    """Whether the provider's invoice is the very one that we asked for."""
    return (report.amount, report.payment_id) == (payment.amount, payment.id)


def judge(payment: Payment, report: InvoiceReport) -> Verdict:
    """Pure: the same payment and the same report always mean the same."""
    credited = payment.credited
    if not is_ours(payment, report):
        return _stand(payment, Rule.DIFFERENT, PaymentState.REVIEW)
    total = due(payment.amount, report)
    if total > credited:
        return _credit(payment, report, total)
    if report.state is InvoiceState.REFUNDED:
        rule = Rule.REFUNDED_AFTER_CREDIT if credited else Rule.REFUNDED
        return _stand(payment, rule, payment.status if credited else PaymentState.REVIEW)
    if report.state is InvoiceState.UNCLEAR:
        return _stand(payment, Rule.UNCLEAR, PaymentState.REVIEW)
    if credited:
        return _stand(payment, Rule.SETTLED, _settled(payment, credited))
    return _unpaid(payment, report)


def _credit(payment: Payment, report: InvoiceReport, total: Money) -> Verdict:
    late = payment.status is PaymentState.EXPIRED or report.state is InvoiceState.EXPIRED
    if total < payment.amount:
        rule = Rule.UNDERPAID
    elif payment.credits:
        rule = Rule.PAID_IN_PARTS
    elif late:
        rule = Rule.PAID_LATE
    else:
        rule = Rule.OVERPAID if total > payment.amount else Rule.PAID
    return Verdict(rule, state_after(payment.status, rule), total)


def _unpaid(payment: Payment, report: InvoiceReport) -> Verdict:
    match report.state:
        case InvoiceState.EXPIRED:
            return _stand(payment, Rule.EXPIRED, PaymentState.EXPIRED)
        case InvoiceState.UNDERPAID:
            # It says that a part arrived, but not how much.
            return _stand(payment, Rule.UNCLEAR, PaymentState.REVIEW)
        case InvoiceState.SEEN:
            return _stand(payment, Rule.SEEN, payment.status)
    return _stand(payment, Rule.WAITING, payment.status)


def _settled(payment: Payment, credited: Money) -> PaymentState:
    return PaymentState.PAID if credited >= payment.amount else PaymentState.UNDERPAID


def _stand(payment: Payment, rule: Rule, state: PaymentState) -> Verdict:
    """Nothing more is credited. What an operator or the whole amount has closed stays closed."""
    closed = payment.status is PaymentState.PAID
    stays = closed or (payment.status is PaymentState.REVIEW and rule is not Rule.SETTLED)
    return Verdict(rule, payment.status if stays else state, payment.credited)
