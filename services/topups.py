"""Top-ups: an invoice at a provider, and the one way in which its money reaches a balance."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.ids import new_id
from core.jobs import Job
from core.money import Money
from models.notice import Notice
from models.outbox import NoteKind
from models.payment import Payment, PaymentState, PaymentStep
from providers.payments.base import InvoiceReport, InvoiceState
from services.ledger import Ledger
from services.modes import Modes
from services.outbox import Outbox
from services.ports import Jobs, Payments
from services.quotes import ShopClosed

log = structlog.get_logger()

OPEN_AT_MOST = 3
PER_SWEEP = 200
SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
WATCHED_AFTER_EXPIRY = timedelta(hours=72)
ASKED_AGAIN = timedelta(seconds=30)
UNPAID = (PaymentState.PENDING, PaymentState.EXPIRED, PaymentState.REVIEW)


class AmountOutOfRange(Refusal):
    """Facts: `least` and `most` (Money)."""


class TooManyInvoices(Refusal):
    """The customer has as many unpaid invoices as we allow. Facts: `most`."""


class NoPaymentProvider(Refusal):
    """No payment provider is switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What one top-up may bring."""

    least: Money
    most: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Topups:
    providers: Payments
    ledger: Ledger
    outbox: Outbox
    modes: Modes
    jobs: Jobs
    clock: Clock
    range: Range
    invoice_minutes: int
    public_url: str

    def open(self, user_id: int, amount: Money) -> Payment:
        """An invoice for this amount: the open one, if there is one, else a new one.

        Raises AmountOutOfRange, TooManyInvoices, NoPaymentProvider, ShopClosed, and the
        provider's PaymentRefused and PaymentProviderDown; asking again is safe.
        """
        if not self.range.least <= amount <= self.range.most:
            raise AmountOutOfRange(least=self.range.least, most=self.range.most)
        payment = self._reusable(user_id, amount) or self._record(user_id, amount)
        return self._invoice(payment) if payment.status is PaymentState.NEW else payment

    def shown(self, payment_id: str, message_id: int) -> None:
        """Remember the message that shows this payment, so that it can follow it."""
        Payment.objects(pk=payment_id).update_one(set__message_id=message_id)

    def get(self, payment_id: str) -> Payment:
        """Raises models.base.NotFound."""
        found: Payment = Payment.objects.fetch(payment_id)
        return found

    def settle(self, payment_id: str) -> Payment:
        """Ask the provider and do what follows: the only creditor. Safe to call at any time."""
        payment = self.get(payment_id)
        try:
            return self.check(payment)
        except Unavailable as trouble:
            log.warning("payment_not_checked", payment_id=payment.id, why=str(trouble))
            self._ask_later(payment)
            return payment

    def check(self, payment: Payment) -> Payment:
        """`settle` for somebody who waits for the answer. Raises PaymentProviderDown."""
        if payment.status is PaymentState.NEW:
            return self._finish_opening(payment)
        if payment.status not in UNPAID or payment.provider_id is None:
            return payment
        report = self.providers[payment.provider].invoice(payment.provider_id)
        if (report.amount, report.payment_id) != (payment.amount, payment.id):
            log.error("invoice_differs", payment_id=payment.id, told=str(report))
            return self._stand(payment, PaymentState.REVIEW, NoteKind.TOPUP_REVIEW, report)
        return self._follow(payment, report)

    def notice(self, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Keep a provider's signed notice and have its payment looked at.

        Raises NoPaymentProvider, ForgedNotice, UnreadableNotice.
        """
        if provider not in self.providers:
            raise NoPaymentProvider(provider=provider)
        told = self.providers[provider].read_notice(body, headers)
        now = self.clock.now()
        Notice.objects.insert_if_absent(
            hashlib.sha256(provider.encode() + b"\n" + body).hexdigest(),
            provider=provider,
            provider_id=told.provider_id,
            payment_id=told.payment_id,
            status=told.status,
            body=body,
            received_at=now,
        )
        payment: Payment | None = Payment.objects(
            provider=provider, provider_id=told.provider_id, status__in=UNPAID
        ).modify(new=True, set__next_at=now)
        if payment is not None:
            self.jobs.ask(Job.SETTLE_PAYMENT, payment.id)

    def resume(self) -> None:
        """Have looked at what is due: the sweep behind every lost notice."""
        now = self.clock.now()
        for payment_id in Payment.objects.due(now, PER_SWEEP):
            Payment.objects(pk=payment_id, next_at__lte=now).update_one(
                set__next_at=now + ASKED_AGAIN
            )
            self.jobs.ask(Job.SETTLE_PAYMENT, payment_id)

    def _reusable(self, user_id: int, amount: Money) -> Payment | None:
        now = self.clock.now()
        unpaid = Payment.objects(
            user_id=user_id, status__in=[PaymentState.NEW, PaymentState.PENDING]
        ).order_by("-created_at")
        live = [one for one in unpaid if one.expires_at is None or one.expires_at > now]
        same = next((one for one in live if one.amount == amount), None)
        if same is None and len(live) >= OPEN_AT_MOST:
            raise TooManyInvoices(most=OPEN_AT_MOST)
        return same

    def _record(self, user_id: int, amount: Money) -> Payment:
        if self.modes.get_maintenance_mode_cached():
            raise ShopClosed
        provider = next(iter(self.providers), None)
        if provider is None:
            raise NoPaymentProvider
        now = self.clock.now()
        payment: Payment = Payment.objects.get_or_insert(
            new_id("T"),
            user_id=user_id,
            provider=provider,
            mode=self.modes.get_api_mode_cached(),
            amount=amount,
            timeline=[PaymentStep(at=now, state=PaymentState.NEW)],
            next_at=now + ASKED_AGAIN,
            created_at=now,
            moved_at=now,
        )
        crash_at("payment.after_insert")
        return payment

    def _invoice(self, payment: Payment) -> Payment:
        """Make the bill. One made twice harms nobody: only the stored one is ever shown."""
        invoice = self.providers[payment.provider].create_invoice(
            payment.amount,
            payment_id=payment.id,
            minutes=self.invoice_minutes,
            notify_url=f"{self.public_url.rstrip('/')}/webhooks/{payment.provider}",
            mode=payment.mode,
        )
        crash_at("payment.after_invoice")
        return self._move(
            payment,
            PaymentState.PENDING,
            set__provider_id=invoice.provider_id,
            set__url=invoice.url,
            set__expires_at=invoice.expires_at,
            set__next_at=self.clock.now() + SHORTEST_PAUSE,
        )

    def _finish_opening(self, payment: Payment) -> Payment:
        """A payment left without its invoice: nobody has seen a bill, so it may simply end."""
        return self._move(payment, PaymentState.EXPIRED, note="never opened", unset__next_at=True)

    def _follow(self, payment: Payment, report: InvoiceReport) -> Payment:
        match report.state:
            case InvoiceState.PAID:
                return self._credit(payment, report)
            case InvoiceState.UNCLEAR:
                return self._stand(payment, PaymentState.REVIEW, NoteKind.TOPUP_REVIEW, report)
            case InvoiceState.EXPIRED:
                return self._stand(payment, PaymentState.EXPIRED, NoteKind.TOPUP_EXPIRED, report)
            case InvoiceState.WAITING | InvoiceState.SEEN:
                return self._wait(payment, report)

    def _credit(self, payment: Payment, report: InvoiceReport) -> Payment:
        self.ledger.top_up(
            payment.user_id,
            payment.amount,
            provider=payment.provider,
            provider_id=report.provider_id,
            payment_id=payment.id,
        )
        crash_at("payment.after_top_up")
        self._tell(payment, NoteKind.TOPUP_CREDITED)
        return self._move(
            payment,
            PaymentState.PAID,
            note=report.status,
            set__provider_status=report.status,
            unset__next_at=True,
        )

    def _stand(
        self, payment: Payment, state: PaymentState, kind: NoteKind, report: InvoiceReport
    ) -> Payment:
        """Say once where the payment stands, and look again: money may come late."""
        self._ask_later(payment)
        if payment.status is state or payment.status is PaymentState.REVIEW:
            return payment
        self._tell(payment, kind)
        return self._move(payment, state, note=report.status, set__provider_status=report.status)

    def _wait(self, payment: Payment, report: InvoiceReport) -> Payment:
        if report.state is InvoiceState.SEEN and payment.seen_at is None:
            Payment.objects(pk=payment.id).update_one(
                set__seen_at=self.clock.now(), set__provider_status=report.status
            )
            self._tell(payment, NoteKind.TOPUP_SEEN)
        self._ask_later(payment)
        return self.get(payment.id)

    def _ask_later(self, payment: Payment) -> None:
        """Growing pauses; no more questions long after expiry."""
        now = self.clock.now()
        last = (payment.expires_at or payment.created_at) + WATCHED_AFTER_EXPIRY
        age = now - payment.created_at
        pause = min(max(age / 10, SHORTEST_PAUSE), LONGEST_PAUSE)
        change: dict[str, Any] = (
            {"set__next_at": now + pause} if now < last else {"unset__next_at": True}
        )
        Payment.objects(pk=payment.id, status__in=UNPAID).update_one(inc__asked=1, **change)

    def _move(
        self, payment: Payment, to: PaymentState, *, note: str = "", **changes: Any
    ) -> Payment:
        now = self.clock.now()
        step = PaymentStep(at=now, state=to, note=note)
        moved: Payment | None = Payment.objects.advance(
            payment.id, when=payment.status, to=to, at=now, push__timeline=step, **changes
        )
        return moved or self.get(payment.id)

    def _tell(self, payment: Payment, kind: NoteKind) -> None:
        note_id = f"{kind}:{payment.id}"
        self.outbox.put(note_id, payment.user_id, kind, payment_id=payment.id)
        self.outbox.hurry(note_id)
