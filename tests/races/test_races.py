"""Each verb that moves money, eight hands at once: exactly one effect."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.errors import Refusal
from core.money import Money
from core.tracking import Scan, Tracked, TrackingState
from models import ledger as entries
from models.ledger import EntryKind
from models.order import Order, OrderState
from models.outbox import NoteKind
from models.payment import Payment, PaymentState
from models.void import Void
from providers.carriers.base import VoidState
from services.ledger import Cause, KeyReused, Posting
from services.order_reviews import OrderReviews
from tests.shop import BUYER

HANDS = 8


def together(act):
    """Eight threads do it at the same moment; answers, or the refusals they got."""
    ready = Barrier(HANDS)

    def one(number):
        ready.wait()
        try:
            return act(number)
        except (Refusal, KeyReused) as refusal:
            return refusal

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, range(HANDS)))


def effects(kind):
    return [entry for entry in entries.walk() if entry["kind"] == kind]


def test_one_top_up(shop):
    answers = together(
        lambda _: shop.ledger.top_up(
            BUYER, Money(500), provider="oxapay", provider_id="1", payment_id="T-1"
        )
    )

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (500, 0)


def test_one_hold(shop):
    shop.credit(5_000)

    answers = together(lambda _: shop.ledger.hold(BUYER, Money(500), "L-1"))

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (4_500, 500)


def test_one_capture(shop):
    shop.credit(5_000)
    shop.ledger.hold(BUYER, Money(500), "L-1")

    answers = together(lambda _: shop.ledger.capture(BUYER, Money(500), "L-1"))

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (4_500, 0)


def test_one_release(shop):
    shop.credit(5_000)
    shop.ledger.hold(BUYER, Money(500), "L-1")

    answers = together(lambda _: shop.ledger.release(BUYER, Money(500), "L-1", reason=""))

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (5_000, 0)


@pytest.mark.parametrize("round_", range(3))
def test_capture_or_release_but_never_both(shop, round_):
    shop.credit(5_000)
    shop.ledger.hold(BUYER, Money(500), "L-1")

    def close(number):
        if number % 2:
            return shop.ledger.capture(BUYER, Money(500), "L-1")
        return shop.ledger.release(BUYER, Money(500), "L-1", reason="")

    answers = together(close)

    assert answers.count(Posting.POSTED) == 1
    assert len(effects(EntryKind.CAPTURE)) + len(effects(EntryKind.RELEASE)) == 1
    assert sum(isinstance(answer, KeyReused) for answer in answers) == 4
    assert shop.balance() in {(4_500, 0), (5_000, 0)}


def test_different_holds_never_spend_more_than_there_is(shop):
    shop.credit(1_000)

    answers = together(lambda number: shop.ledger.hold(BUYER, Money(300), f"L-{number}"))

    assert answers.count(Posting.POSTED) == 3
    assert answers.count(Posting.INSUFFICIENT) == 5
    assert shop.balance() == (100, 900)


def test_different_top_ups_of_one_account_all_arrive(shop):
    answers = together(
        lambda number: shop.ledger.top_up(
            BUYER, Money(100), provider="oxapay", provider_id=str(number), payment_id=f"T-{number}"
        )
    )

    assert answers == [Posting.POSTED] * HANDS
    assert shop.balance() == (800, 0)
    assert [entry["seq"] for entry in entries.walk()] == list(range(1, 9))


def test_two_operators_end_one_review(shop):
    shop.credit(2_500)
    order = shop.place()
    Order.objects(pk=order.id).update_one(set__status=OrderState.REVIEW)
    reviews = OrderReviews(
        purchase=shop.orders.purchase, ledger=shop.ledger, audits=shop.audits, jobs=shop.jobs
    )

    answers = together(lambda _: reviews.give_back(order.id, Cause("operator:ann", "none sold")))
    shop.work()

    assert answers.count(None) == 1
    assert len(effects(EntryKind.RELEASE)) == 1
    assert shop.balance() == (2_500, 0)


def test_two_taps_on_pay_place_one_order(shop):
    shop.credit(5_000)
    quote = shop.quote()

    answers = together(lambda _: shop.place(quote).id)

    assert len(set(answers)) == 1
    assert Order.objects.count() == 1
    assert shop.balance() == (4_250, 750)


def test_two_rates_tapped_at_once_place_one_order(shop):
    shop.credit(9_000)
    quote = shop.quote()

    together(lambda number: shop.place(quote, rate=number % 2))

    order = Order.objects.get()
    assert len(effects(EntryKind.HOLD)) == 1
    assert shop.balance() == (9_000 - order.price.minor, order.price.minor)


def test_many_workers_drive_one_order_to_one_label(shop):
    shop.credit(5_000)
    order = shop.place()

    together(lambda _: shop.orders.drive(order.id))

    assert shop.orders.get(order.id).status is OrderState.DONE
    assert shop.carrier.calls == [order.shipment_id]
    assert len(effects(EntryKind.CAPTURE)) == 1
    assert shop.balance() == (4_250, 0)


def test_many_workers_renew_one_order_of_a_known_rate_to_one_label(shop):
    shop.credit(5_000)
    shop.quote()
    order = shop.place(shop.quote(fresh=False))

    together(lambda _: shop.orders.drive(order.id))
    shop.orders.drive(order.id)

    done = shop.orders.get(order.id)
    assert done.status is OrderState.DONE
    assert shop.carrier.calls == [done.shipment_id]
    assert len(effects(EntryKind.CAPTURE)) == 1
    assert shop.balance() == (4_250, 0)


def test_many_workers_release_one_order_whose_price_rose_once(shop):
    shop.credit(5_000)
    shop.quote()
    order = shop.place(shop.quote(fresh=False))
    shop.carrier.costs["GroundAdvantage"] = 900

    together(lambda _: shop.orders.drive(order.id))

    assert shop.orders.get(order.id).status is OrderState.RELEASED
    assert shop.carrier.calls == []
    assert len(effects(EntryKind.RELEASE)) == 1
    assert shop.balance() == (5_000, 0)


def test_many_settlements_of_one_payment_credit_once(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)

    together(lambda _: shop.topups.settle(payment.id))

    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID
    assert len(effects(EntryKind.TOPUP)) == 1
    assert shop.balance() == (2_500, 0)


def test_one_wish_for_an_invoice(shop):
    opened = together(lambda _: shop.topups.open(BUYER, Money(2_500), wish="7:1"))

    assert len({payment.id for payment in opened}) == Payment.objects.count() == 1
    assert shop.topups.open(8, Money(2_500), wish="8:1").id != opened[0].id


def test_many_senders_say_a_note_once(shop):
    shop.outbox.put("note:1", BUYER, NoteKind.TOPUP_CREDITED)

    together(lambda _: shop.outbox.send("note:1"))

    assert shop.notes.told == [(NoteKind.TOPUP_CREDITED, BUYER)]


def test_one_adjustment_of_one_form(shop):
    answers = together(
        lambda _: shop.ledger.adjust(
            BUYER, Money(500), adjustment_id="form-1", cause=Cause("operator:ann", "sorry")
        )
    )

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (500, 0)


def test_different_debits_never_take_more_than_there_is(shop):
    shop.credit(1_000)

    answers = together(
        lambda number: shop.ledger.adjust(
            BUYER, Money(-300), adjustment_id=f"form-{number}", cause=Cause("operator:ann", "fee")
        )
    )

    assert answers.count(Posting.POSTED) == 3
    assert answers.count(Posting.INSUFFICIENT) == 5
    assert shop.balance() == (100, 0)


def test_one_refund_of_one_label(shop):
    answers = together(
        lambda _: shop.ledger.refund(
            BUYER, Money(750), label_id="L-1", order_id="L-1", cause=Cause("operator:ann", "late")
        )
    )

    assert sorted(answers) == [Posting.EXISTS] * 7 + [Posting.POSTED]
    assert shop.balance() == (750, 0)


def test_many_voids_of_one_label_are_one_refund(shop):
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    shop.carrier.voids[order.shipment_id] = VoidState.REFUNDED

    def give_back(_):
        shop.voids.ask(order.id, user_id=BUYER)
        shop.voids.drive(order.id)

    together(give_back)
    shop.work()

    assert shop.orders.get(order.id).status is OrderState.REFUNDED
    assert len(effects(EntryKind.REFUND)) == 1
    assert shop.carrier.voided == [order.shipment_id]
    assert Void.objects.count() == 1
    assert shop.balance() == (5_000, 0)


def test_many_looks_at_one_parcel_tell_its_move_once(shop):
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    code = shop.orders.get(order.id).tracking_code
    scan = Scan(TrackingState.DELIVERED, shop.clock.now(), "Delivered", "")
    shop.carrier.parcels[code] = Tracked(code, "USPS", TrackingState.DELIVERED, None, (scan,))
    shop.notes.told.clear()

    def look(_):
        shop.tracking.look(shop.orders.get(order.id))
        shop.tracking.drive(order.id)

    together(look)
    shop.work()

    assert shop.tracking.of(order.id).status is TrackingState.DELIVERED
    assert shop.told() == ["parcel_moved"]
