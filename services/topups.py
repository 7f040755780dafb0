"""Top-ups: an invoice at a provider, and whatever has somebody look at it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal
from core.ids import id_of, new_id
from core.jobs import Job
from core.money import Money
from models.notice import Source
from models.payment import Payment, PaymentState, PaymentStep
from services.at_once import AtOnce
from services.blocks import stop_if_blocked
from services.ledger import Ledger
from services.modes import Modes
from services.notices import Notices
from services.outbox import Outbox
from services.ports import Jobs, Payments
from services.quotes import ShopClosed
from services.settling import ASKED_AGAIN, SHORTEST_PAUSE, UNPAID, NoPaymentProvider, Settling

OPEN_AT_MOST = 3
PER_SWEEP = 200


class AmountOutOfRange(Refusal):
    """Facts: `least` and `most` (Money)."""


class TooManyInvoices(Refusal):
    """As many invoices are unpaid as we allow. Facts: `most`, and their `amounts` (Money)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What one top-up may bring."""

    least: Money
    most: Money

    def nearest(self, amount: Money) -> Money:
        """What can be brought by one top-up and comes closest to this."""
        return min(max(amount, self.least), self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topups:
    providers: Payments
    ledger: Ledger
    at_once: AtOnce
    outbox: Outbox
    modes: Modes
    jobs: Jobs
    clock: Clock
    range: Range
    invoice_minutes: int
    public_url: str

    def choices(self) -> list[str]:
        """The providers that take the money of today's mode, in the order of the settings."""
        mode = self.modes.get_api_mode_cached()
        return [name for name, provider in self.providers.items() if provider.serves(mode)]

    def allow(self, amount: Money) -> None:
        """Raises AmountOutOfRange."""
        if not self.range.least <= amount <= self.range.most:
            raise AmountOutOfRange(least=self.range.least, most=self.range.most)

    def open(self, user_id: int, amount: Money, provider: str = "", *, wish: str = "") -> Payment:
        """An invoice for this amount: the open one, if there is one, else a new one.

        It is the chosen provider's; without a choice, the open one of any or the first one's.
        One wish never opens two, even if two bots come to it with a pause between.
        Raises AmountOutOfRange, TooManyInvoices, NoPaymentProvider, ShopClosed, CustomerBlocked,
        and the provider's PaymentRefused and PaymentProviderDown; asking again is safe.
        """
        stop_if_blocked(user_id)
        self.allow(amount)
        payment = self._reusable(user_id, amount, provider)
        payment = payment or self._record(user_id, amount, provider, wish)
        return self._invoice(payment) if payment.status is PaymentState.NEW else payment

    def get(self, payment_id: str) -> Payment:
        """Raises models.base.NotFound."""
        found: Payment = Payment.objects.fetch(payment_id)
        return found

    def settle(self, payment_id: str) -> Payment:
        """Ask the provider and do what follows. Safe to call at any time, any number of times."""
        return self.settling.settle(payment_id)

    def check(self, payment: Payment) -> Payment:
        """`settle` for somebody who waits for the answer. Raises PaymentProviderDown."""
        return self.settling.check(payment)

    @property
    def settling(self) -> Settling:
        return Settling(
            providers=self.providers,
            ledger=self.ledger,
            at_once=self.at_once,
            outbox=self.outbox,
            clock=self.clock,
        )

    @property
    def notices(self) -> Notices:
        return Notices(
            source=Source.PAYMENTS, job=Job.READ_NOTICES, jobs=self.jobs, clock=self.clock
        )

    def notice(self, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Keep a provider's signed notice; `read_notices` has its payment looked at.

        Raises NoPaymentProvider, ForgedNotice, UnreadableNotice.
        """
        if provider not in self.providers:
            raise NoPaymentProvider(provider=provider)
        told = self.providers[provider].read_notice(body, headers)
        is_news = self.notices.keep(
            provider,
            body,
            about=told.provider_id,
            payment_id=told.payment_id,
            status=told.status,
        )
        if not is_news:
            self._wake(provider, told.provider_id, UNPAID)

    def read_notices(self) -> None:
        """Have the payments looked at that providers told of.

        News wakes a paid one, too: more may have arrived on it.
        """
        self.notices.handle(
            lambda news: self._wake(news.provider, news.provider_id, (*UNPAID, PaymentState.PAID))
        )

    def resume(self) -> None:
        """Have looked at what is due: the sweep behind every lost notice."""
        now = self.clock.now()
        for payment_id in Payment.objects.due(now, PER_SWEEP):
            Payment.objects(pk=payment_id, next_at__lte=now).update_one(
                set__next_at=now + ASKED_AGAIN, max__wakes=1
            )
            self.jobs.ask(Job.SETTLE_PAYMENT, payment_id)

    def _wake(self, provider: str, provider_id: str, when: Collection[PaymentState]) -> None:
        """Have the payment of an invoice looked at, if it stands in one of these."""
        woken = Payment.objects.wake(provider, provider_id, when=when, at=self.clock.now())
        if woken is not None:
            self.jobs.ask(Job.SETTLE_PAYMENT, woken)

    def _reusable(self, user_id: int, amount: Money, provider: str) -> Payment | None:
        now = self.clock.now()
        unpaid = Payment.objects(
            user_id=user_id, status__in=[PaymentState.NEW, PaymentState.PENDING]
        ).order_by("-created_at")
        live = [one for one in unpaid if one.expires_at is None or one.expires_at > now]
        fitting = (one for one in live if provider in ("", one.provider))
        same = next((one for one in fitting if one.amount == amount), None)
        if same is None and len(live) >= OPEN_AT_MOST:
            raise TooManyInvoices(most=OPEN_AT_MOST, amounts=sorted(one.amount for one in live))
        return same

    def _record(self, user_id: int, amount: Money, provider: str, wish: str) -> Payment:
        if self.modes.get_maintenance_mode_cached():
            raise ShopClosed
        choices = self.choices()
        if not choices or provider not in ("", *choices):
            raise NoPaymentProvider(provider=provider)
        now = self.clock.now()
        payment: Payment = Payment.objects.get_or_insert(
            id_of("T", wish) if wish else new_id("T"),
            user_id=user_id,
            provider=provider or choices[0],
            mode=self.modes.get_api_mode_cached(),
            amount=amount,
            timeline=(PaymentStep(at=now, state=PaymentState.NEW),),
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
        now = self.clock.now()
        opened: Payment | None = Payment.objects.advance(
            payment.id,
            when=PaymentState.NEW,
            to=PaymentState.PENDING,
            at=now,
            push__timeline=PaymentStep(at=now, state=PaymentState.PENDING),
            set__provider_id=invoice.provider_id,
            set__url=invoice.url,
            set__expires_at=invoice.expires_at,
            set__next_at=now + SHORTEST_PAUSE,
        )
        return opened or self.get(payment.id)
