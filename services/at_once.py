"""Labels bought as soon as their money is here, because the customer ticked that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from models.base import NotFound
from models.order import Order, OrderState
from models.outbox import NoteKind
from models.parts import PricedRate
from models.quote import Quote
from services.ledger import InsufficientFunds
from services.orders import SLOWEST_HAND, Orders, order_id_of
from services.quotes import QuoteExpired

log = structlog.get_logger()

LIFETIME = timedelta(days=1)
"""After this a top-up may be for something else: then nothing is bought without a question."""


class TickExpired(Refusal):
    """The price that was ticked holds no longer."""


class LabelChanged(Refusal):
    """The customer has changed the label, or looks for another rate, since the tick."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A rate that is ticked; `stands` is False if its label has been changed since."""

    quote_id: str
    rate_id: str
    stands: bool


class Wishes(Protocol):
    def of(self, user_id: int) -> Sequence[Wish]:
        """What this customer has ticked and not taken back."""
        ...

    def grant(self, user_id: int, wish: Wish, order_id: str) -> None:
        """Its order is placed: the label is not in the making any more. May be repeated."""
        ...

    def renew(self, user_id: int, wish: Wish, fresh: Wish) -> None:
        """The same service by another quote, if the wish still stands. May be repeated."""
        ...

    def drop(self, user_id: int, wish: Wish) -> None:
        """Take the tick away; the label stays. May be repeated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    wishes: Wishes
    orders: Orders

    def buy(self, user_id: int) -> None:
        """Place what is ticked and covered by the balance, for the price that was shown or less.

        Safe to call any number of times: one quote makes one order. What can't be bought like
        that any more is said, once, and left to the customer.
        """
        for wish in self.wishes.of(user_id):
            self._freshen(user_id, wish)
        for wish in self.wishes.of(user_id):
            try:
                order = self._place(user_id, wish)
            except Refusal as refusal:
                self._leave(user_id, wish, refusal)
            else:
                if order is not None:
                    self._grant(user_id, wish, order)

    def _freshen(self, user_id: int, wish: Wish) -> None:
        """Put today's quote in place of an expired one, if the service costs no more in it.

        Otherwise the wish stays expired. It is for one quote at a time, whoever else does this.
        """
        quote: Quote | None = Quote.objects.seek(wish.quote_id)
        before = quote.rate(wish.rate_id) if quote else None
        if quote is None or before is None or not self._may_freshen(user_id, wish, quote, before):
            return
        try:
            today = self.orders.quotes.quote(user_id, quote.shipment, label=quote.label, fresh=True)
        except (Refusal, Unavailable) as trouble:
            log.info("wish_not_quoted", user_id=user_id, quote_id=quote.id, why=str(trouble))
            return
        same = today.same_as(before)
        if same and same.price <= before.price and today.mode == quote.mode:
            self.wishes.renew(user_id, wish, Wish(today.id, same.rate_id, stands=True))
            crash_at("at_once.after_quote")

    def _may_freshen(self, user_id: int, wish: Wish, quote: Quote, rate: PricedRate) -> bool:
        now = self.orders.clock.now()
        return (
            wish.stands
            # Whoever has begun to buy from the expired one has ended by then.
            and quote.expires_at + SLOWEST_HAND <= now < quote.created_at + LIFETIME
            and rate.price <= self.orders.ledger.balance(user_id).available
            # What is begun is never bought beside another order.
            and Order.objects.seek(order_id_of(quote.id)) is None
        )

    def _place(self, user_id: int, wish: Wish) -> Order | None:
        """None while the money is not enough."""
        begun: Order | None = Order.objects.seek(order_id_of(wish.quote_id))
        try:
            # One that is begun goes on: whoever began it has died, or the customer was quicker.
            if begun is None or begun.status is OrderState.REJECTED:
                self._check(user_id, wish)
            order = self.orders.place(user_id=user_id, quote_id=wish.quote_id, rate_id=wish.rate_id)
        except InsufficientFunds:
            return None
        except (QuoteExpired, NotFound) as gone:
            raise TickExpired from gone
        crash_at("at_once.after_place")
        return order

    def _check(self, user_id: int, wish: Wish) -> None:
        if not wish.stands:
            raise LabelChanged
        rate = self.orders.quotes.get(wish.quote_id).rate(wish.rate_id)
        available = self.orders.ledger.balance(user_id).available
        if rate and rate.price > available:
            raise InsufficientFunds(missing=rate.price - available)

    def _grant(self, user_id: int, wish: Wish, order: Order) -> None:
        log.info("bought_at_once", user_id=user_id, order_id=order.id)
        note_id = f"{NoteKind.ORDER_AT_ONCE}:{order.id}"
        self.orders.outbox.put(note_id, user_id, NoteKind.ORDER_AT_ONCE, order_id=order.id)
        self.wishes.grant(user_id, wish, order.id)
        self.orders.outbox.hurry(note_id)

    def _leave(self, user_id: int, wish: Wish, refusal: Refusal) -> None:
        log.info("not_bought_at_once", user_id=user_id, quote_id=wish.quote_id, why=refusal.code)
        kind = NoteKind.NOT_AT_ONCE
        note_id = f"{kind}:{wish.quote_id}:{wish.rate_id}"
        self.orders.outbox.put(note_id, user_id, kind, refusal=refusal.code)
        self.wishes.drop(user_id, wish)
        self.orders.outbox.hurry(note_id)
