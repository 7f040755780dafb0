"""Random lives of a shop: top-ups, orders, faults, deaths and repetitions, against plain dicts.

The truth is what the outsiders' own books say: the provider's invoices and the carrier's labels.
"""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import crashes
from core.money import Money
from models import ledger as entries
from models.adjustment import Adjustment
from models.connection import collection
from models.order import Order, OrderState
from models.payment import Payment
from providers.carriers.base import CarrierDown, CarrierRefused, PurchaseDoubtful
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.ledger import Cause, KeyReused, Posting
from services.orders import order_id_of
from services.outcomes import due
from tests.crashes.test_crashes import (
    ADJUSTMENT_POINTS,
    NOTICE_POINTS,
    ORDER_POINTS,
    PAYMENT_POINTS,
    REFUND_POINTS,
    RELEASE_POINTS,
)
from tests.properties.deaths import empty, survive
from tests.shop import BUYER, TestShop

POINTS = sorted({*ORDER_POINTS, *PAYMENT_POINTS, *RELEASE_POINTS, *ADJUSTMENT_POINTS})
POINTS += REFUND_POINTS + NOTICE_POINTS
CAUSE = Cause("operator:ann@shop.example", "a reason")
AMOUNTS = st.sampled_from([500, 1_000, 2_500, 6_000])
STILL_TO_COME = {"next_at": {"$type": "date"}}
AFTER = {
    InvoiceState.WAITING: (
        InvoiceState.SEEN,
        InvoiceState.PAID,
        InvoiceState.UNDERPAID,
        InvoiceState.EXPIRED,
        InvoiceState.UNCLEAR,
        InvoiceState.REFUNDED,
    ),
    InvoiceState.SEEN: (InvoiceState.PAID, InvoiceState.UNDERPAID, InvoiceState.UNCLEAR),
    InvoiceState.UNCLEAR: (InvoiceState.PAID,),
    InvoiceState.UNDERPAID: (InvoiceState.PAID,),
    InvoiceState.EXPIRED: (InvoiceState.EXPIRED,),
    InvoiceState.PAID: (InvoiceState.PAID,),
}
"""What a provider may say next; what it has said is good never becomes less."""
FAULTS = {
    "refused": lambda carrier: carrier.instead.append(CarrierRefused(told="no such street")),
    "down": lambda carrier: carrier.instead.append(CarrierDown(provider="easypost")),
    "silent before": lambda carrier: carrier.instead.append(PurchaseDoubtful(shipment_id="")),
    "silent after": lambda carrier: carrier.after.append(PurchaseDoubtful(shipment_id="")),
    "can't be asked": lambda carrier: carrier.find_instead.append(CarrierDown(provider="")),
    "no file": lambda carrier: carrier.file_instead.append(CarrierDown(provider="")),
}


class MoneyMachine(RuleBasedStateMachine):
    """One customer. `prices` are of orders asked for, `adjusted` and `refunded` by their cause."""

    payments = Bundle("payments")
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        empty()
        self.shop = TestShop()
        self.prices = {}
        self.adjusted = {}
        self.refunded = set()
        self.told = 0

    @initialize(target=payments)
    def the_customer_has_some_money(self):
        payment = self.shop.topups.open(BUYER, Money(6_000))
        self.shop.pay(payment)
        self.shop.topups.settle(payment.id)
        return payment.id

    @rule(target=payments, amount=AMOUNTS)
    def open_a_top_up(self, amount):
        survive(self.shop.topups.open, BUYER, Money(amount))
        return multiple(*(payment.id for payment in Payment.objects(user_id=BUYER)))

    @rule(payment_id=payments, data=st.data(), cents=st.sampled_from([0, 1, 250, 500, 6_000]))
    def money_arrives(self, payment_id, data, cents):
        report = self.report(payment_id)
        if report is None or report.state not in AFTER:
            return
        states = AFTER[report.state]
        state = data.draw(st.sampled_from(states))
        received = report.received + Money(cents)
        if state is InvoiceState.PAID:
            received = max(received, report.amount)
        self.shop.provider.say(report.provider_id, state, received=received)

    @rule(payment_id=payments, again=st.booleans())
    def a_notice_comes(self, payment_id, again):
        report = self.report(payment_id)
        if report is not None:
            self.told += 0 if again else 1
            body = f"{report.provider_id} {self.told}".encode()
            survive(self.shop.topups.notice, "oxapay", body, {})

    @rule(payment_id=payments)
    def check_payment_is_pressed(self, payment_id):
        survive(self.shop.topups.settle, payment_id)

    @rule(
        target=orders,
        rate=st.integers(0, 2),
        faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=2),
        point=st.none() | st.sampled_from(ORDER_POINTS + RELEASE_POINTS),
        worked=st.booleans(),
    )
    def pay_is_pressed(self, rate, faults, point, worked):
        """What goes wrong with a purchase is mostly what goes wrong while it is made."""
        quote = self.shop.quote()
        offer = quote.rates[rate]
        self.prices[order_id_of(quote.id)] = offer.price.minor
        for fault in faults:
            FAULTS[fault](self.shop.carrier)
        crashes.arm(point or "", None)
        self.place(quote.id, offer.rate_id, offer.price.minor, once=True)
        if worked:
            survive(self.shop.work)
        return quote.id, offer.rate_id

    @rule(order=orders)
    def pay_is_pressed_again(self, order):
        self.place(*order, self.prices[order_id_of(order[0])], once=False)

    def place(self, quote_id, rate_id, price, *, once):
        available, held = self.shop.balance()
        placed = survive(self.shop.orders.place, user_id=BUYER, quote_id=quote_id, rate_id=rate_id)
        taken = self.shop.balance() == (available - price, held + price)
        same = self.shop.balance() == (available, held)
        assert taken or same
        assert not (once and placed is not None and same)

    @rule(order=orders)
    def a_worker_comes_by(self, order):
        if Order.objects(pk=order_id_of(order[0])).first() is not None:
            survive(self.shop.orders.drive, order_id_of(order[0]))

    @rule(order=orders)
    def a_closed_order_is_closed_again(self, order):
        """Whatever the ledger is told of it, what was done stays the only thing done."""
        found = Order.objects(pk=order_id_of(order[0])).first()
        if found is None or found.status not in {OrderState.DONE, OrderState.RELEASED}:
            return
        before, ledger = self.shop.balance(), self.shop.ledger
        done = found.status is OrderState.DONE
        right, wrong = (
            (ledger.capture, ledger.release) if done else (ledger.release, ledger.capture)
        )
        facts = {"user_id": BUYER, "price": found.price, "order_id": found.id}
        reasons = {ledger.release: {"reason": found.refusal}}
        crashes.arm("", None)
        assert right(**facts, **reasons.get(right, {})) is Posting.EXISTS
        try:
            wrong(**facts, **reasons.get(wrong, {}))
        except KeyReused:
            assert self.shop.balance() == before
            return
        raise AssertionError("captured and released")

    @rule()
    def the_provider_will_fail(self):
        self.shop.provider.troubles.append(PaymentProviderDown(provider="oxapay"))

    @rule(point=st.sampled_from(POINTS))
    def somebody_will_be_killed(self, point):
        crashes.arm(point, None)

    @rule(jobs=st.integers(1, 5))
    def jobs_are_lost(self, jobs):
        del self.shop.jobs.asked[:jobs]

    @rule()
    def jobs_are_handed_out_twice(self):
        self.shop.jobs.asked.extend(self.shop.jobs.asked[:5])

    @rule()
    def workers_work(self):
        survive(self.shop.work)

    @rule(seconds=st.sampled_from([1, 20, 60, 200]))
    def time_passes_and_the_clock_strikes(self, seconds):
        self.shop.clock.turn(seconds=seconds)
        survive(self.shop.adjustments.resume)
        survive(self.shop.sweep)

    @rule(cents=st.sampled_from([100, 2_000, -100, -2_000]), form=st.integers(1, 3))
    def an_operator_adjusts(self, cents, form):
        cents = self.adjusted.setdefault(form, cents)
        survive(self.shop.adjustments.adjust, BUYER, Money(cents), CAUSE, form=UUID(int=form))

    @rule(order=orders)
    def an_operator_refunds(self, order):
        order_id = order_id_of(order[0])
        done = Order.objects(pk=order_id, status=OrderState.DONE).first()
        before = self.shop.balance()
        if done is not None:
            survive(self.shop.adjustments.refund_label, order_id, CAUSE)
            gained = 0 if order_id in self.refunded else done.price.minor
            assert self.shop.balance() == (before[0] + gained, before[1])
            self.refunded.add(order_id)

    @precondition(lambda self: self.prices or self.adjusted)
    @rule()
    def all_comes_to_rest(self):
        """No more faults, and time enough: then the books must be those of the dicts."""
        self.rest()
        assert self.shop.balance() == (self.expected(), 0)
        sold = {order_id for order_id in self.prices if self.is_sold(order_id)}
        ended = {order.id: order.status for order in Order.objects}
        assert {id_ for id_, status in ended.items() if status is OrderState.DONE} == sold
        assert set(ended.values()) <= {OrderState.DONE, OrderState.RELEASED, OrderState.REJECTED}
        assert self.shop.told().count("label_ready") >= len(sold)

    def rest(self):
        carrier = self.shop.carrier
        for troubles in (carrier.instead, carrier.after, carrier.find_instead):
            troubles.clear()
        carrier.file_instead.clear()
        self.shop.provider.troubles.clear()
        for provider_id in self.shop.provider.made:
            self.told += 1
            body = f"{provider_id} {self.told}".encode()
            while (
                survive(lambda told=body: self.shop.topups.notice("oxapay", told, {}) or True)
                is None
            ):
                pass
        for _ in range(60):
            survive(self.shop.work)
            if not self.shop.jobs.asked and not self.is_busy():
                return
            self.shop.clock.turn(seconds=60)
            survive(self.shop.adjustments.resume)
            survive(self.shop.sweep)
        raise AssertionError("it does not come to rest")

    def is_busy(self):
        if any(payment.unbooked for payment in Payment.objects):
            return True
        waiting = ("orders", "outbox", "adjustments", "notices")
        return any(collection(name).find_one(STILL_TO_COME) for name in waiting)

    def expected(self):
        """What is available when nothing is on its way, from the outsiders' books alone."""
        credited = sum(due(made.amount, made).minor for made in self.invoices())
        charged = sum(
            price
            for order_id, price in self.prices.items()
            if self.is_sold(order_id) and order_id not in self.refunded
        )
        adjusted = sum(
            cents
            for form, cents in self.adjusted.items()
            if Adjustment.objects(pk=str(UUID(int=form)), status="posted").first()
        )
        return credited + adjusted - charged

    def invoices(self):
        """Those that somebody can have been shown: one that was forgotten at once is nobody's."""
        shown = {payment.provider_id for payment in Payment.objects}
        return [made for id_, made in self.shop.provider.made.items() if id_ in shown]

    def is_sold(self, order_id):
        begins = f"shp_Q-{order_id.removeprefix('L-')}-"
        return any(shipment.startswith(begins) for shipment in self.shop.carrier.sold)

    def report(self, payment_id):
        payment = Payment.objects.fetch(payment_id)
        return self.shop.provider.made.get(payment.provider_id)

    @invariant()
    def nobody_owes(self):
        available, held = self.shop.balance()
        assert min(available, held) >= 0

    def teardown(self):
        """However it went, it comes to rest, and the ledger proves it."""
        self.all_comes_to_rest()
        assert list(self.shop.verification.verify().findings) == []
        causes = [entry["key"] for entry in entries.walk()]
        assert len(causes) == len(set(causes))


def test_the_books_agree_with_the_world_whatever_fails_or_is_repeated(histories):
    run_state_machine_as_test(MoneyMachine, settings=histories)
