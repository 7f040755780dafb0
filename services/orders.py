"""Orders: placed by a customer, driven forward by whoever comes by, until done or released."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Alarm
from core.jobs import Job
from core.money import Money
from models.order import Order, OrderState, OrderStep
from models.outbox import NoteKind
from models.parts import PricedRate
from models.quote import Quote
from services.attempts import KillsItsWorker, counted
from services.blocks import stop_if_blocked
from services.freezes import AccountFrozen, Freezes
from services.ledger import InsufficientFunds, Ledger, Posting, account_of
from services.outbox import Outbox
from services.ports import Jobs
from services.purchase import Purchase
from services.quotes import Quotes, RateGone
from services.renewal import Renewal

log = structlog.get_logger()

Step = Callable[[Order], Order | None]
"""Answers the moved order, or None: nothing more to do for now."""

PER_SWEEP = 200
PICKED_UP_WITHIN = timedelta(seconds=10)
ASKED_AGAIN = timedelta(seconds=30)
SLOWEST_HAND = timedelta(seconds=150)
"""Longer than any task may run: after this, whoever was appending a hold has ended."""
STEPS_AT_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    quotes: Quotes
    ledger: Ledger
    freezes: Freezes
    purchase: Purchase
    renewal: Renewal
    outbox: Outbox
    jobs: Jobs
    clock: Clock

    def place(
        self, *, user_id: int, quote_id: str, rate_id: str, order_id: str = "", batch_id: str = ""
    ) -> Order:
        """Record the order and hold its price; a worker does the rest.

        Safe to call any number of times: one quote is one shipment and makes at most one order,
        and so does one `order_id` if the caller has its own. An order of a batch is told of by
        the batch. Raises InsufficientFunds (the order is rejected; placing it again may succeed),
        QuoteExpired, RateGone, ShopClosed, CustomerBlocked, AccountFrozen.
        """
        order_id = order_id or order_id_of(quote_id)
        order: Order | None = Order.objects.seek(order_id)
        if order is None or order.status is OrderState.REJECTED:
            stop_if_blocked(user_id)
            # An order that is recorded is bought one day, when nobody reckons with it any more.
            if self.freezes.stop(account_of(user_id)):
                raise AccountFrozen
            quote, rate = self.quotes.choose(quote_id, rate_id, user_id)
            order = self._record(order_id, quote, rate, batch_id)
            crash_at("order.after_insert")
        if order.user_id != user_id or order.rate.rate_id != rate_id:
            raise RateGone(quote_id=quote_id)
        if order.status in {OrderState.NEW, OrderState.REJECTED}:
            order = self._hold(order) or self.get(order_id)
        if order.status is OrderState.REJECTED:
            raise InsufficientFunds(missing=self._missing(user_id, order.price))
        self.jobs.ask(Job.DRIVE_ORDER, order_id)
        return order

    def drive(self, order_id: str) -> None:
        """Do what comes next, and again, until the order is finished or has to wait."""
        order = self.get(order_id)
        try:
            with counted(order):
                self._drive(order)
        except KillsItsWorker as alarm:
            if order.status is not OrderState.REVIEW:
                self._review(order, alarm)

    def _drive(self, order: Order) -> None:
        for _ in range(STEPS_AT_MOST):
            step = self._next_step(order.status)
            moved = self._take(step, order) if step is not None else None
            if moved is None:
                return
            order = moved

    def resume(self) -> None:
        """Have driven what is due: the sweep behind every lost job and every crash."""
        now = self.clock.now()
        for order_id in Order.objects.due(now, PER_SWEEP):
            Order.objects(pk=order_id, next_at__lte=now).update_one(
                set__next_at=now + ASKED_AGAIN, max__wakes=1
            )
            self.jobs.ask(Job.DRIVE_ORDER, order_id)

    def get(self, order_id: str) -> Order:
        """Raises models.base.NotFound."""
        found: Order = Order.objects.fetch(order_id)
        return found

    def of_user(self, user_id: int, *, skip: int = 0, most: int = 5) -> list[Order]:
        """A page of a customer's orders, newest first."""
        return list(Order.objects(user_id=user_id).order_by("-created_at").skip(skip).limit(most))

    def _record(self, order_id: str, quote: Quote, rate: PricedRate, batch_id: str) -> Order:
        now = self.clock.now()
        order: Order = Order.objects.get_or_insert(
            order_id,
            user_id=quote.user_id,
            quote_id=quote.id,
            batch_id=batch_id,
            mode=quote.mode,
            provider=rate.provider,
            shipment_id=rate.shipment_id,
            rate_id=rate.rate_id if rate.shipment_id else "",
            reference=rate.reference,
            sender=quote.sender,
            recipient=quote.recipient,
            parcel=quote.parcel,
            customs=quote.customs,
            rate=rate,
            price=rate.price,
            timeline=(OrderStep(at=now, state=OrderState.NEW, by=f"user:{quote.user_id}"),),
            next_at=now + PICKED_UP_WITHIN,
            created_at=now,
            moved_at=now,
        )
        return order

    def _next_step(self, status: OrderState) -> Step | None:
        steps: dict[OrderState, Step] = {
            OrderState.NEW: self._hold,
            OrderState.REJECTED: self._confirm_rejection,
            OrderState.HELD: self._buy,
            OrderState.BUYING: self.purchase.check_lease,
            OrderState.UNKNOWN: self._ask,
            OrderState.BOUGHT: self._capture,
            OrderState.FAILED: self._release,
            OrderState.REVIEW: self._say_review,
        }
        return steps.get(status)

    def _take(self, step: Step, order: Order) -> Order | None:
        """One step; what must never happen stops the order and calls an operator."""
        try:
            return step(order)
        except Alarm as alarm:
            self._review(order, alarm)
            return None

    def _hold(self, order: Order) -> Order | None:
        posting = self.ledger.hold(order.user_id, order.price, order.id)
        crash_at("order.after_hold")
        now = self.clock.now()
        if posting is Posting.INSUFFICIENT:
            return self._reject(order, now)
        held: Order | None = Order.objects.move(
            order,
            OrderState.HELD,
            at=now,
            note=str(order.price),
            set__next_at=now + PICKED_UP_WITHIN,
        )
        return held

    def _reject(self, order: Order, now: datetime) -> Order | None:
        """Looked at once more, when no slower hand can still be holding the same money."""
        if order.status is OrderState.REJECTED:
            return None
        rejected: Order | None = Order.objects.move(
            order, OrderState.REJECTED, at=now, set__next_at=now + SLOWEST_HAND
        )
        return rejected

    def _confirm_rejection(self, order: Order) -> Order | None:
        """Money that a slower hand held for a rejected order makes it a held one."""
        if self.clock.now() < order.moved_at + SLOWEST_HAND:
            return None
        if self.ledger.holds(order.user_id, order.id):
            return self._hold(order)
        Order.objects(pk=order.id, status=order.status).update_one(unset__next_at=True)
        return None

    def _buy(self, order: Order) -> Order | None:
        """A frozen account's order waits, with its money set aside."""
        if self.freezes.stop(account_of(order.user_id)):
            self._wait(order)
            return None
        if not order.shipment_id:
            return self.renewal.renew(order)
        moved = self.purchase.buy(order)
        if moved is None and order.unfunded:
            self._tell(order, NoteKind.ORDER_WAITS)
        return moved

    def _wait(self, order: Order) -> None:
        Order.objects(pk=order.id, status=order.status).update_one(
            set__next_at=self.clock.now() + ASKED_AGAIN
        )

    def _ask(self, order: Order) -> Order | None:
        asked = self.purchase.ask(order)
        if asked is None and order.asked == 0:
            self._tell(order, NoteKind.ORDER_CHECKING)
        return asked

    def _capture(self, order: Order) -> Order | None:
        self.ledger.capture(order.user_id, order.price, order.id)
        crash_at("order.after_capture")
        self._tell(order, NoteKind.LABEL_READY, hurry=False)
        self._enclose_forms(order)
        now = self.clock.now()
        done: Order | None = Order.objects.move(
            order,
            OrderState.DONE,
            at=now,
            note=str(order.price),
            set__follow_at=now,
            unset__next_at=True,
        )
        crash_at("order.after_done")
        self._hurry(order, _note_id(order, NoteKind.LABEL_READY))
        return done

    def _enclose_forms(self, order: Order) -> None:
        """A note for each of the customs papers: one that can't be fetched holds up no other.

        Nobody hurries them: the next sweep sends them, when the label has gone before.
        """
        for number in range(len(order.form_urls)):
            self.outbox.put(
                f"{_note_id(order, NoteKind.CUSTOMS_FORM)}:{number}",
                order.user_id,
                NoteKind.CUSTOMS_FORM,
                order_id=order.id,
                number=number,
            )

    def _release(self, order: Order) -> Order | None:
        self.ledger.release(order.user_id, order.price, order.id, reason=order.refusal)
        crash_at("order.after_release")
        self._tell(order, NoteKind.ORDER_REFUSED, hurry=False)
        released: Order | None = Order.objects.move(
            order, OrderState.RELEASED, at=self.clock.now(), unset__next_at=True
        )
        self._hurry(order, _note_id(order, NoteKind.ORDER_REFUSED))
        return released

    def _review(self, order: Order, alarm: Alarm) -> None:
        log.error("order_needs_review", order_id=order.id, why=str(alarm))
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order, OrderState.REVIEW, at=now, note=str(alarm), set__next_at=now
        )
        if moved is not None:
            self._say_review(moved)

    def _say_review(self, order: Order) -> None:
        """An operator's from here; until this is said, sweeps come by."""
        self._tell(order, NoteKind.ORDER_REVIEW)
        Order.objects(pk=order.id, status=OrderState.REVIEW).update_one(unset__next_at=True)

    def _tell(self, order: Order, kind: NoteKind, *, hurry: bool = True) -> None:
        """An order of a batch is told of by its batch, all at once."""
        note_id = _note_id(order, kind)
        if not order.batch_id:
            self.outbox.put(note_id, order.user_id, kind, order_id=order.id)
        if hurry:
            self._hurry(order, note_id)

    def _hurry(self, order: Order, note_id: str) -> None:
        if order.batch_id:
            self.jobs.ask(Job.DRIVE_BATCH, order.batch_id)
        else:
            self.outbox.hurry(note_id)

    def _missing(self, user_id: int, price: Money) -> Money:
        return max(price - self.ledger.balance(user_id).available, Money(0, price.currency))


def _note_id(order: Order, kind: NoteKind) -> str:
    return f"{kind}:{order.id}"


def order_id_of(quote_id: str) -> str:
    """`Q-…` makes `L-…`: two orders can never want the same shipment."""
    return f"L-{quote_id.removeprefix('Q-')}"
