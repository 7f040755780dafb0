"""The one way in which a payment's money reaches a balance: decided first, booked after."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.money import Money
from models.outbox import NoteKind
from models.payment import Credit, Payment, PaymentRule, PaymentState, PaymentStep
from providers.payments.base import InvoiceReport
from services.at_once import AtOnce
from services.attempts import KillsItsWorker, counted
from services.ledger import Ledger
from services.outbox import Outbox
from services.outcomes import SAID, Verdict, judge, state_after
from services.ports import Payments

log = structlog.get_logger()

SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
WATCHED_AFTER_EXPIRY = timedelta(hours=72)
ASKED_AGAIN = timedelta(seconds=30)
UNPAID = (
    PaymentState.PENDING,
    PaymentState.UNDERPAID,
    PaymentState.EXPIRED,
    PaymentState.REVIEW,
)
"""The provider is asked about these. A paid one is asked about only when something woke it."""


class NoPaymentProvider(Refusal):
    """No payment provider of that name, or none at all, is switched on. Facts: `provider`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Amounts may grow, hands may race and die: each part of what arrived is credited once.

    What a report adds is pushed to the payment's credits, guarded by their number; only then is
    each part booked, under a key of its own. Whoever comes next books what was left unbooked.
    """

    providers: Payments
    ledger: Ledger
    at_once: AtOnce
    outbox: Outbox
    clock: Clock

    def settle(self, payment_id: str) -> Payment:
        """Ask the provider and do what follows. Safe to call at any time, any number of times."""
        payment: Payment = Payment.objects.fetch(payment_id)
        try:
            with counted(payment):
                return self.check(payment)
        except KillsItsWorker as alarm:
            return self._give_up(payment, alarm)
        except (Unavailable, NoPaymentProvider) as trouble:
            log.warning("payment_not_checked", payment_id=payment.id, why=str(trouble))
            self._ask_later(payment)
            return payment

    def check(self, payment: Payment) -> Payment:
        """`settle` for somebody who waits for the answer.

        Raises NoPaymentProvider, and Unavailable when the provider or the ledger is.
        """
        # Booking what was left puts a paid one to sleep: news that woke it must still be asked for.
        woken = payment.next_at is not None
        payment = self.book(payment)
        if payment.status is PaymentState.NEW:
            return self._end_opening(payment)
        if payment.status is PaymentState.REJECTED:
            return self.end_rejected(payment)
        asleep = payment.status is PaymentState.PAID and not woken
        if asleep or payment.provider_id is None:
            return payment
        report = self.ask(payment)
        verdict = judge(payment, report)
        if verdict.total > payment.credited:
            credit = Credit(
                amount=verdict.total - payment.credited,
                rule=verdict.rule,
                by=f"provider:{payment.provider}",
                at=self.clock.now(),
            )
            decided = self.decide(payment, report, credit)
            return self.book(decided or Payment.objects.fetch(payment.id))
        return self._stand(payment, report, verdict)

    def ask(self, payment: Payment) -> InvoiceReport:
        """How its invoice stands. Raises NoPaymentProvider and PaymentProviderDown."""
        provider = self.providers.get(payment.provider)
        if provider is None:
            raise NoPaymentProvider(provider=payment.provider)
        return provider.invoice(str(payment.provider_id))

    def decide(self, payment: Payment, report: InvoiceReport, credit: Credit) -> Payment | None:
        """Write down for good what will be booked; None when somebody moved or woke it first."""
        step = PaymentStep(
            at=credit.at,
            state=state_after(payment.status, credit.rule),
            rule=credit.rule,
            note=credit.reason or report.status,
            by=credit.by,
        )
        decided: Payment | None = Payment.objects.advance(
            payment.id,
            when=payment.status,
            to=payment.status,
            at=credit.at,
            # Whoever woke it since knows of more than this report: then it is asked again.
            guard={"next_at": payment.next_at} | _as_seen(payment),
            push__credits=credit,
            push__timeline=step,
            set__received=report.received,
            set__provider_status=report.status,
            set__next_at=credit.at + ASKED_AGAIN,
        )
        crash_at("payment.after_decision")
        return decided

    def book(self, payment: Payment) -> Payment:
        """Bring every decided part into the ledger, say so, and buy what waited for it."""
        unbooked = payment.unbooked
        if not unbooked:
            return payment
        total = Money(0, payment.amount.currency)
        for number, credit in enumerate(payment.credits):
            total += credit.amount
            if number in unbooked:
                self._book(payment, number, credit, total)
        crash_at("payment.after_note")
        self.at_once.buy(payment.user_id)
        state = state_after(payment.status, payment.credits[-1].rule)
        moved: Payment | None = Payment.objects.advance(
            payment.id,
            when=payment.status,
            to=state,
            at=self.clock.now(),
            # Somebody may have woken it meanwhile: then it is looked at again.
            guard={"next_at": payment.next_at, "booked": payment.booked} | _as_seen(payment),
            set__booked=len(payment.credits),
            **self._next_look(payment, state),
        )
        return moved or Payment.objects.fetch(payment.id)

    def end_rejected(self, payment: Payment) -> Payment:
        """Say it, and look no more: the end of a rejection, whoever comes by."""
        if payment.next_at is not None:
            self._tell(payment, PaymentRule.REJECTED_BY_OPERATOR)
            Payment.objects(pk=payment.id).update_one(unset__next_at=True)
        return payment

    def move(self, payment: Payment, step: PaymentStep, **changes: Any) -> Payment | None:
        """Move it on without a credit; None when somebody else moved it first."""
        moved: Payment | None = Payment.objects.advance(
            payment.id,
            when=payment.status,
            to=step.state,
            at=step.at,
            guard=_as_seen(payment),
            push__timeline=step,
            **changes,
        )
        return moved

    def _book(self, payment: Payment, number: int, credit: Credit, total: Money) -> None:
        self.ledger.top_up(
            payment.user_id,
            credit.amount,
            provider=payment.provider,
            provider_id=str(payment.provider_id),
            payment_id=payment.id,
            part=number,
            by=credit.by,
            reason=credit.reason,
        )
        crash_at("payment.after_top_up")
        facts = {"credited": credit.amount.minor, "total": total.minor}
        self._tell(payment, credit.rule, part=number, **facts)

    def _end_opening(self, payment: Payment) -> Payment:
        """A payment left without its invoice: nobody has seen a bill, so it may simply end."""
        step = PaymentStep(at=self.clock.now(), state=PaymentState.EXPIRED, note="never opened")
        return self.move(payment, step, unset__next_at=True) or Payment.objects.fetch(payment.id)

    def _stand(self, payment: Payment, report: InvoiceReport, verdict: Verdict) -> Payment:
        """Nothing to credit: say once where the payment stands, and look again if it may change."""
        told = {"set__received": report.received, "set__provider_status": report.status}
        look = self._next_look(payment, verdict.state)
        step = PaymentStep(
            at=self.clock.now(), state=verdict.state, rule=verdict.rule, note=report.status
        )
        if verdict.state is not payment.status:
            log.info("payment_moved", payment_id=payment.id, rule=verdict.rule, told=str(report))
            self._tell(payment, verdict.rule)
            moved = self.move(payment, step, **told, **look)
            return moved or Payment.objects.fetch(payment.id)
        if verdict.rule is PaymentRule.SEEN and payment.seen_at is None:
            self._tell(payment, verdict.rule)
            look["set__seen_at"] = self.clock.now()
        elif verdict.rule is PaymentRule.REFUNDED_AFTER_CREDIT:
            log.error("payment_refunded_after_credit", payment_id=payment.id, told=str(report))
            if payment.provider_status != report.status:
                look["push__timeline"] = step
        return self._note(payment, **told, **look)

    def _give_up(self, payment: Payment, alarm: KillsItsWorker) -> Payment:
        """It is looked at no more, until an operator says how it ends."""
        if payment.next_at is None:
            return payment
        log.error("payment_needs_review", payment_id=payment.id, why=str(alarm))
        rule = PaymentRule.UNCLEAR
        self._tell(payment, rule)
        step = PaymentStep(
            at=self.clock.now(), state=PaymentState.REVIEW, rule=rule, note=str(alarm)
        )
        return self.move(payment, step, unset__next_at=True) or payment

    def _next_look(self, payment: Payment, state: PaymentState) -> dict[str, Any]:
        """Growing pauses; no more questions when it is paid, or long after expiry."""
        now = self.clock.now()
        last = (payment.expires_at or payment.created_at) + WATCHED_AFTER_EXPIRY
        if state is PaymentState.PAID or now >= last:
            return {"inc__asked": 1, "unset__next_at": True}
        pause = min(max((now - payment.created_at) / 10, SHORTEST_PAUSE), LONGEST_PAUSE)
        return {"inc__asked": 1, "set__next_at": now + pause}

    def _ask_later(self, payment: Payment) -> None:
        """Nobody answered: a paid one that was woken is asked about again, too."""
        waits = PaymentState.PENDING if payment.status is PaymentState.PAID else payment.status
        self._note(payment, **self._next_look(payment, waits))

    def _note(self, payment: Payment, **changes: Any) -> Payment:
        """Change what is no move, unless the payment has moved on."""
        guard = {"status": payment.status, "next_at": payment.next_at} | _as_seen(payment)
        Payment.objects(pk=payment.id, __raw__=guard).update_one(**changes)
        found: Payment = Payment.objects.fetch(payment.id)
        return found

    def _tell(self, payment: Payment, rule: PaymentRule, *, part: int = 0, **facts: int) -> None:
        kind: NoteKind | None = SAID.get(rule)
        if kind is None:
            return
        note_id = f"{kind}:{payment.id}" + (f":{part}" if part else "")
        self.outbox.put(note_id, payment.user_id, kind, payment_id=payment.id, **facts)
        self.outbox.hurry(note_id)


def _as_seen(payment: Payment) -> dict[str, Any]:
    """A guard: nobody has decided on a further credit since this was read."""
    return {f"credits.{len(payment.credits)}": {"$exists": False}}
