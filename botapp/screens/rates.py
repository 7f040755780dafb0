"""The rates of a quote, the price of the chosen one, and the purchase."""

from typing import ClassVar

from botapp.label_draft import Side
from botapp.markup import Html
from botapp.screens.base import WORDS, Leads, Screen, to_menu, way_out
from botapp.screens.idle import Idle
from botapp.screens.offers import ask_rates, checked_parcel, choose, offer, quote_of
from botapp.screens.parcel import hear_parcel
from botapp.screens.saving import save, saving_rows
from botapp.states import Place
from botapp.texts import (
    common,
    edits as edit_texts,
    label as label_texts,
    orders as order_texts,
    rates as texts,
)
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from models.base import NotFound
from models.order import Order, OrderState
from models.quote import Quote
from services.ledger import InsufficientFunds
from services.offers import FAST, filters as offered_filters, narrowed
from services.quotes import QuoteExpired, RateGone

BOUGHT = frozenset({OrderState.BOUGHT, OrderState.DONE})
GIVEN_BACK = frozenset({OrderState.VOID_SENT, OrderState.REFUNDED})
UNDER_WAY = frozenset({OrderState.NEW, OrderState.HELD, OrderState.BUYING})


class Priced(Screen):
    """Hears of another parcel, whose price is another."""

    def hear(self, turn: Turn, text: str) -> Place:
        if not hear_parcel(turn, text):
            return super().hear(turn, text)
        turn.label.forget_price()
        turn.remark(edit_texts.new_price())
        return Place.CONFIRM


class Rates(Priced):
    place = Place.RATES
    leads: ClassVar[Leads] = {
        WORDS: {Place.CONFIRM},
        Action.CHOOSE: {Place.PAY, Place.INSUFFICIENT},
        Action.FILTER: {Place.RATES},
        Action.RATES: {Place.RATES},
        Action.BACK: {Place.RATES, Place.CONFIRM},
    }

    def show(self, turn: Turn) -> View:
        quote = quote_of(turn)
        refresh = (Choice(texts.refresh(), Action.RATES),)
        if self._is_over(turn, quote):
            recipient = turn.label.address(Side.RECIPIENT)
            text = texts.rates_expired(recipient, checked_parcel(turn))
            return View(text, (refresh, way_out()))
        numbers = {rate.rate_id: str(number) for number, rate in enumerate(quote.rates)}
        only = str(turn.label.kept.get("only", ""))
        choices = (
            (Choice(texts.rate_button(rate), Action.CHOOSE, numbers[rate.rate_id]),)
            for rate in narrowed(quote.rates, only)
        )
        filters = {
            name: Choice(texts.filter_button(name, quote.rates), Action.FILTER, name)
            for name in offered_filters(quote.rates)
            if name != only
        }
        # Its words are too many to stand beside the carriers' names.
        fast = (filters.pop(FAST),) if FAST in filters else ()
        rows = (*choices, tuple(filters.values()), (*fast, *refresh), way_out())
        return View(texts.rates(quote, only), tuple(row for row in rows if row))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.RATES:
            ask_rates(turn, fresh=True)
            return self.place
        if action == Action.CHOOSE:
            offered = {str(number): rate for number, rate in enumerate(quote_of(turn).rates)}
            if argument not in offered:
                raise RateGone
            return choose(turn, offered[argument])
        if action == Action.FILTER:
            turn.label.kept["only"] = argument
            return self.place
        return super().press(turn, action, argument)

    def back(self, turn: Turn) -> Place:
        return self.place if turn.label.kept.pop("only", "") else Place.CONFIRM

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  the same always
        return label_texts.asking_carriers() if action == Action.RATES else None

    def _is_over(self, turn: Turn, quote: Quote) -> bool:
        return turn.shop.quotes.clock.now() >= quote.expires_at


class Pay(Priced):
    """The last word before money moves."""

    place = Place.PAY
    leads: ClassVar[Leads] = {
        WORDS: {Place.CONFIRM},
        Action.PAY: {Place.BUYING, Place.INSUFFICIENT, Place.PAY, Place.RATES, Place.CONFIRM},
        Action.BACK: Place.RATES,
    }

    def show(self, turn: Turn) -> View:
        quote, rate = offer(turn)
        balance = turn.shop.ledger.balance(turn.user_id).available
        return View(
            texts.price(rate, quote.recipient, balance),
            ((Choice(texts.pay(rate.price), Action.PAY),), way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.PAY:
            return super().press(turn, action, argument)
        quote, rate = offer(turn)
        try:
            order = turn.shop.orders.place(
                user_id=turn.user_id, quote_id=quote.id, rate_id=rate.rate_id
            )
        except InsufficientFunds:
            return Place.INSUFFICIENT
        except QuoteExpired:
            return self._ask_again(turn)
        except RateGone:
            turn.remark(texts.rate_is_gone())
            return Place.CONFIRM
        turn.drop_label()
        turn.data["order"] = order.id
        return Place.BUYING

    def _ask_again(self, turn: Turn) -> Place:
        """The same service at today's price, confirmed anew: never bought at once."""
        _, before = offer(turn)
        quote = ask_rates(turn, fresh=True)
        now = quote.same_as(before)
        if now is None:
            turn.remark(texts.rate_is_gone())
            return Place.RATES
        changed = now.price != before.price
        told = texts.price_changed(before.price, now.price) if changed else texts.price_same(now)
        turn.remark(Html(f"{texts.price_expired()} {told}"))
        return choose(turn, now)


class Buying(Idle):
    """The order is placed; the label comes by itself."""

    place = Place.BUYING
    leads: ClassVar[Leads] = {**Idle.leads, Action.SAVE: {Place.BUYING, Place.NAME}}
    ways = frozenset({Action.ORDERS, Action.NEW, Action.MENU})

    def show(self, turn: Turn) -> View:
        order = placed(turn)
        return View(
            buying_text(order),
            (
                *(() if order.is_erased else saving_rows(turn, order)),
                (
                    Choice(common.orders(), Action.ORDERS),
                    Choice(common.new_label(), Action.NEW),
                ),
                (Choice(common.back(), Action.BACK), *to_menu()),
            ),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.SAVE:
            return save(turn, placed(turn).whole(), argument)
        return super().press(turn, action, argument)


def buying_text(order: Order) -> Html:
    recipient = order.recipient
    if order.status in BOUGHT:
        return texts.bought(order.rate, recipient, order.price)
    if order.status in UNDER_WAY:
        return texts.buying(order.rate, recipient, order.price)
    return order_texts.order(order)


def may_be_printed(order: Order) -> bool:
    """A label that is given back must not be used any more."""
    return bool(order.label_url) and order.status not in GIVEN_BACK


def placed(turn: Turn) -> Order:
    """The order that the draft speaks of. Raises models.base.NotFound for anybody else's."""
    order = turn.shop.orders.get(str(turn.data.get("order", "")))
    if order.user_id != turn.user_id:
        raise NotFound(kind="order", id=order.id)
    return order
