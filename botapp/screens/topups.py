"""Adding money: what is missing for a label, the amount, the invoice."""

from typing import ClassVar

from botapp import qr, ticks
from botapp.leads import lead_on
from botapp.markup import Html
from botapp.screens.base import WORDS, Leads, Screen, to_menu, way_out
from botapp.screens.idle import Idle
from botapp.screens.offers import can_pay, offer
from botapp.states import Place
from botapp.texts import common, money as texts, rates as rate_texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Link, Row, View
from core.money import Money, UnreadableAmount
from models.payment import Payment, PaymentState

USUAL = (Money(2_500), Money(5_000), Money(10_000))
LONGEST_ARGUMENT = 9
INVOICED = frozenset({Place.PROVIDER, Place.INVOICE})
"""Where an amount leads."""


def open_invoice(turn: Turn, amount: Money, provider: str = "") -> Place:
    """Asks first how to pay where there is a choice. Raises what `Topups.open` raises."""
    turn.shop.topups.allow(amount)
    if not provider and must_choose(turn):
        turn.data["topup"] = amount.minor
        return Place.PROVIDER
    payment = turn.shop.topups.open(turn.user_id, amount, provider, wish=turn.wish)
    turn.data["payment"] = payment.id
    return Place.INVOICE


def must_choose(turn: Turn) -> bool:
    """Whether there are several ways to pay."""
    return len(turn.shop.topups.choices()) > 1


def amount_choice(label: str, amount: Money) -> Choice:
    return Choice(label, Action.AMOUNT, str(amount.minor))


def chosen(argument: str) -> Money:
    """The amount of a pressed button. Raises UnreadableAmount."""
    if not argument.isascii() or not argument.isdigit() or len(argument) > LONGEST_ARGUMENT:
        raise UnreadableAmount(typed=argument[:LONGEST_ARGUMENT])
    return Money(int(argument))


class AskAmount(Screen):
    """Reads an amount, typed or pressed."""

    leads: ClassVar[Leads] = {WORDS: INVOICED, Action.AMOUNT: INVOICED}

    def hear(self, turn: Turn, text: str) -> Place:
        return open_invoice(turn, Money.parse(text))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.AMOUNT:
            return open_invoice(turn, chosen(argument))
        return super().press(turn, action, argument)

    def busy(self, turn: Turn, action: str) -> Html | None:
        opens = action == Action.AMOUNT and not must_choose(turn)
        return texts.opening_invoice() if opens else None


class Insufficient(AskAmount):
    """The label waits; what is missing, or more, is offered."""

    place = Place.INSUFFICIENT
    leads: ClassVar[Leads] = {
        **AskAmount.leads,
        Action.BUY: {Place.PAY},
        Action.AT_ONCE: {Place.INSUFFICIENT},
        Action.BACK: Place.RATES,
    }
    ways = frozenset({Action.TOPUP})

    def show(self, turn: Turn) -> View:
        quote, rate = offer(turn)
        balance = turn.shop.ledger.balance(turn.user_id).available
        lacking = rate.price - balance
        recipient = quote.recipient
        if lacking.minor <= 0:
            buy = (Choice(rate_texts.buy_now(), Action.BUY),)
            return View(rate_texts.enough_now(rate, recipient, balance), (buy, way_out()))
        ticked = ticks.is_ticked(turn.label)
        tick = (Choice(rate_texts.at_once(ticked=ticked), Action.AT_ONCE),)
        return View(
            rate_texts.insufficient(rate, recipient, balance, lacking, ticked=ticked),
            (*self._offers(turn, lacking), tick, way_out()),
        )

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.BUY:
            return Place.PAY if can_pay(turn) else self.place
        if action == Action.AT_ONCE:
            return self._tick(turn)
        return super().press(turn, action, argument)

    def _tick(self, turn: Turn) -> Place:
        """A price that holds no longer is not ticked: it is refused with the reason."""
        if not ticks.is_ticked(turn.label):
            quote, rate = offer(turn)
            turn.shop.quotes.choose(quote.id, rate.rate_id, turn.user_id)
        ticks.turn(turn.label)
        return self.place

    def _offers(self, turn: Turn, lacking: Money) -> tuple[Row, ...]:
        least = turn.shop.topups.range.nearest(lacking)
        more = tuple(
            amount_choice(texts.short(amount), amount) for amount in USUAL if amount > least
        )
        other = (Choice(rate_texts.another_amount(), Action.TOPUP),)
        exact = (amount_choice(rate_texts.top_up_by(least), least),)
        return (exact, more, other) if more else (exact, other)


class Topup(AskAmount):
    place = Place.TOPUP
    leads: ClassVar[Leads] = {
        **AskAmount.leads,
        Action.BACK: {Place.INSUFFICIENT, Place.BATCH, Place.MENU},
    }

    def show(self, turn: Turn) -> View:
        allowed = turn.shop.topups.range
        balance = turn.shop.ledger.balance(turn.user_id).available
        amounts = tuple(
            amount_choice(texts.short(amount), amount)
            for amount in USUAL
            if allowed.least <= amount <= allowed.most
        )
        text = texts.ask_amount(allowed.least, allowed.most, balance)
        return View(text, (amounts, way_out()) if amounts else (way_out(),))

    def back(self, turn: Turn) -> Place:
        if turn.data.get("pays"):
            return Place.BATCH
        waits = turn.has_label and turn.label.at is Place.INSUFFICIENT
        return Place.INSUFFICIENT if waits else Place.MENU


class Invoice(Idle):
    """Where to pay, and how the payment stands."""

    place = Place.INVOICE
    leads: ClassVar[Leads] = {
        **Idle.leads,
        Action.QR: {Place.INVOICE},
        Action.CHECK: {Place.INVOICE},
        Action.BACK: Place.TOPUP,
    }
    ways = frozenset(
        {
            Action.TOPUP,
            Action.RESUME,
            Action.BUY_NOW,
            Action.NEW,
            Action.SHOW_BATCH,
            Action.MENU,
        }
    )
    lasts = True

    def show(self, turn: Turn) -> View:
        payment = self._payment(turn)
        if payment.status is PaymentState.PAID:
            return View(texts.paid(payment.credited), (go_on(turn), to_menu()))
        check = (Choice(texts.check_payment(), Action.CHECK),)
        anew = (Choice(common.top_up(), Action.TOPUP),)
        if payment.status is PaymentState.EXPIRED:
            return View(texts.expired(payment.amount), (anew, check, way_out()))
        if payment.status is PaymentState.REJECTED:
            return View(texts.rejected(payment), (anew, way_out()))
        if payment.status is PaymentState.REVIEW:
            return View(texts.in_review(payment.amount), (check, way_out()))
        scan = (Choice(texts.qr_code(), Action.QR),) if payment.url else ()
        if payment.status is PaymentState.UNDERPAID:
            missing = payment.amount - payment.credited
            told = texts.part_paid(payment.credited, missing)
            pay = ways_to_pay(payment, missing)
            return View(told, (*pay, (*scan, *check), go_on(turn), way_out()))
        return View(texts.invoice(payment), (*ways_to_pay(payment), (*scan, *check), way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.QR:
            return self._picture(turn)
        if action != Action.CHECK:
            return super().press(turn, action, argument)
        payment = turn.shop.topups.check(self._payment(turn))
        if payment.status is PaymentState.PENDING and payment.seen_at is None:
            turn.remark(texts.not_there_yet())
        return self.place

    def busy(self, turn: Turn, action: str) -> Html | None:  # noqa: ARG002  likewise
        return texts.checking_payment() if action == Action.CHECK else None

    def _picture(self, turn: Turn) -> Place:
        payment = self._payment(turn)
        if payment.url:
            caption = texts.qr_caption(payment)
            turn.shop.chat.send_photo(turn.user_id, qr.picture(payment.url), caption)
        return self.place

    def _payment(self, turn: Turn) -> Payment:
        return turn.shop.topups.get(str(turn.data.get("payment", "")))


def ways_to_pay(payment: Payment, missing: Money | None = None) -> tuple[Row, ...]:
    """The button that leads to the invoice's page; none without a page."""
    word = texts.pay_rest(missing) if missing else texts.pay_invoice(payment)
    return ((Link(word, payment.url),),) if payment.url else ()


def go_on(turn: Turn) -> Row:
    balance = turn.shop.ledger.balance(turn.user_id).available
    return (lead_on(turn.data, balance),)
