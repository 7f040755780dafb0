"""Voids: who may, until when, each word of the carrier's, and money once and only on its word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.tracking import Scan, Tracked, TrackingState
from models import ledger as entries
from models.audit import AuditEntry
from models.base import NotFound
from models.order import Order, OrderState
from models.tracking import Trail
from models.void import Void, VoidStage
from providers.carriers.base import CarrierDown, CarrierRefused, VoidState, VoidUnclear
from services.adjustments import NotRefundable
from services.audits import ReasonMissing
from services.ledger import Cause
from services.voids import NotInHand, NotVoidable, Obstacle
from tests.shop import BUYER

ANN = Cause("operator:ann", "the customer asked by mail")
USED = CarrierRefused(provider="easypost", reason="REFUND.UNAVAILABLE", told="already used")
UNCLEAR = VoidUnclear(provider="shipengine", reason="contact_carrier", told="ask us")
SILENCE = CarrierDown(provider="easypost")
PAID, BACK = (1_750, 0), (2_500, 0)


@pytest.fixture
def bought(shop):
    """An order whose label was bought two hours ago."""
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    shop.notes.told.clear()
    shop.clock.turn(hours=2)
    return shop.orders.get(order.id)


def ask(shop, order):
    shop.voids.ask(order.id, user_id=BUYER)
    shop.work()


def days_pass(shop, count):
    """Twice a day somebody sweeps."""
    for _ in range(2 * count):
        shop.clock.turn(hours=12)
        shop.sweep()


def ended(shop, order):
    now = shop.orders.get(order.id)
    void = shop.voids.of(order.id)
    return now.status, void.status, void.next_at is None, shop.balance()


def refunds():
    return [entry for entry in entries.walk() if entry["kind"] == "refund"]


def test_nothing_goes_back_while_the_carrier_only_says_submitted(shop, bought):
    ask(shop, bought)
    days_pass(shop, 10)

    assert ended(shop, bought) == (OrderState.VOID_SENT, VoidStage.SENT, False, PAID)
    assert shop.carrier.voided == [bought.label_id]
    assert shop.told() == ["void_sent"]


def test_the_price_goes_back_when_the_carrier_says_refunded(shop, bought):
    ask(shop, bought)
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED

    days_pass(shop, 1)

    assert ended(shop, bought) == (OrderState.REFUNDED, VoidStage.GRANTED, True, BACK)
    assert shop.told() == ["void_sent", "void_refunded"]
    [refund] = refunds()
    assert (refund["by"], refund["ref"]) == (
        "carrier:easypost",
        {"label": bought.id, "order": bought.id},
    )
    assert shop.verification.verify().mismatches == 0


def test_a_refusal_leaves_the_money_where_it_is(shop, bought):
    ask(shop, bought)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED

    days_pass(shop, 1)

    assert ended(shop, bought) == (OrderState.VOID_REFUSED, VoidStage.DENIED, True, PAID)
    assert shop.told() == ["void_sent", "void_refused"]
    assert refunds() == []
    assert shop.verification.verify().mismatches == 0


AT_ONCE = {
    "refunded": (VoidState.REFUNDED, [], OrderState.REFUNDED, BACK, ["void_refunded"]),
    "rejected": (VoidState.REJECTED, [], OrderState.VOID_REFUSED, PAID, ["void_refused"]),
    "not_applicable": (
        VoidState.NOT_APPLICABLE, [], OrderState.VOID_SENT, PAID, ["void_review"],
    ),
    "refused_by_an_error": (None, [USED], OrderState.VOID_REFUSED, PAID, ["void_refused"]),
    "turned_down_for_no_reason_that_decides": (
        None, [UNCLEAR], OrderState.VOID_SENT, PAID, ["void_review"],
    ),
    "lost_before_it_arrived": (
        VoidState.REFUNDED, [SILENCE], OrderState.REFUNDED, BACK, ["void_refunded"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("answer", AT_ONCE)
def test_an_answer_at_once(shop, bought, answer):
    state, instead, order_state, balance, told = AT_ONCE[answer]
    shop.carrier.void_instead += instead
    if state is not None:
        shop.carrier.voids[bought.label_id] = state
    if answer == "lost_before_it_arrived":
        shop.carrier.voids.clear()

    ask(shop, bought)
    if answer == "lost_before_it_arrived":
        shop.clock.turn(hours=1)
        shop.sweep()
        shop.carrier.voids[bought.label_id] = state
        days_pass(shop, 1)
        told = ["void_sent", *told]

    assert shop.orders.get(bought.id).status is order_state
    assert shop.balance() == balance
    assert shop.told() == told


def test_a_lost_answer_is_asked_for_and_the_void_is_not_sent_again(shop, bought):
    shop.carrier.void_after.append(SILENCE)
    ask(shop, bought)

    days_pass(shop, 1)

    assert shop.carrier.voided == [bought.label_id]
    assert shop.voids.of(bought.id).carrier_says == "submitted"
    assert shop.told() == ["void_sent"]


def test_a_carrier_that_does_not_say_how_it_stands_is_asked_later(shop, bought):
    ask(shop, bought)
    shop.carrier.state_instead += [SILENCE] * 3
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED

    days_pass(shop, 2)

    assert shop.balance() == BACK
    assert shop.carrier.state_instead == []


def test_a_request_that_is_always_lost_needs_a_person(shop, bought):
    shop.carrier.void_instead += [SILENCE] * 50
    ask(shop, bought)

    days_pass(shop, 20)

    assert ended(shop, bought) == (OrderState.VOID_SENT, VoidStage.REVIEW, True, PAID)
    assert shop.voids.of(bought.id).problem.startswith("never_taken")
    assert shop.carrier.voided == []


def test_a_carrier_that_never_decides_needs_a_person(shop, bought):
    ask(shop, bought)

    days_pass(shop, 61)

    assert shop.voids.of(bought.id).status is VoidStage.REVIEW
    assert shop.told() == ["void_sent", "void_review"]


def test_the_longer_it_takes_the_seldomer_the_carrier_is_asked(shop, bought):
    ask(shop, bought)
    looks = []
    while len(looks) < 12:
        void = shop.voids.of(bought.id)
        looks.append(void.next_at - shop.clock.now())
        shop.clock.moment = void.next_at
        shop.sweep()

    assert looks[0] == timedelta(minutes=5)
    assert looks == sorted(looks)
    days_pass(shop, 8)
    assert shop.voids.of(bought.id).next_at - shop.clock.now() == timedelta(hours=12)


def test_a_rejection_very_shortly_after_the_purchase_is_tried_once_more_later(shop, bought):
    shop.clock.turn(hours=-2, minutes=5)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED
    ask(shop, bought)
    early = ended(shop, bought)

    shop.carrier.voids[bought.label_id] = VoidState.SUBMITTED
    days_pass(shop, 1)

    assert early == (OrderState.VOID_SENT, VoidStage.ASKED, False, PAID)
    assert shop.carrier.voided == [bought.label_id] * 2
    assert shop.told() == ["void_sent"]
    assert shop.voids.of(bought.id).status is VoidStage.SENT


def test_a_second_rejection_is_believed(shop, bought):
    shop.clock.turn(hours=-2, minutes=5)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED
    ask(shop, bought)

    days_pass(shop, 3)

    assert ended(shop, bought) == (OrderState.VOID_REFUSED, VoidStage.DENIED, True, PAID)
    assert shop.carrier.voided == [bought.label_id] * 2
    assert shop.told() == ["void_refused"]


def test_a_void_turned_down_twice_for_no_reason_that_decides_needs_a_person(shop, bought):
    shop.clock.turn(hours=-2, minutes=5)
    shop.carrier.void_instead += [UNCLEAR] * 2
    ask(shop, bought)
    early = ended(shop, bought)

    days_pass(shop, 3)

    assert early == (OrderState.VOID_SENT, VoidStage.ASKED, False, PAID)
    assert ended(shop, bought) == (OrderState.VOID_SENT, VoidStage.REVIEW, True, PAID)
    assert shop.voids.of(bought.id).problem == "ask us"
    assert alerts(shop) == [("void_review", bought.id)]


def test_an_operator_ends_what_the_carrier_does_not(shop, bought):
    in_review(shop, bought)

    shop.voids.decide(bought.id, ANN, grant=True)
    shop.work()

    assert ended(shop, bought) == (OrderState.REFUNDED, VoidStage.GRANTED, True, BACK)
    [refund] = refunds()
    assert (refund["by"], refund["reason"]) == (ANN.by, ANN.reason)
    assert [entry.act for entry in AuditEntry.objects] == ["grant void"]
    assert shop.told() == ["void_review", "void_refunded"]


def test_an_operator_may_also_say_no(shop, bought):
    in_review(shop, bought)

    shop.voids.decide(bought.id, ANN, grant=False)
    shop.work()

    assert ended(shop, bought) == (OrderState.VOID_REFUSED, VoidStage.DENIED, True, PAID)
    with pytest.raises(NotInHand):
        shop.voids.decide(bought.id, ANN, grant=True)


def test_an_operator_decides_only_with_a_reason_and_only_what_waits_for_one(shop, bought):
    ask(shop, bought)

    with pytest.raises(ReasonMissing):
        shop.voids.decide(bought.id, Cause("operator:ann", " "), grant=True)
    with pytest.raises(NotInHand):
        shop.voids.decide(bought.id, ANN, grant=True)

    assert AuditEntry.objects.count() == 0
    assert shop.balance() == PAID


def alerts(shop):
    """Those about labels; in these tests nobody hears the queues."""
    shop.alerts.watch()
    return [
        (alert.kind, alert.subject) for alert in shop.alerts.open() if alert.kind != "queue_silent"
    ]


def in_review(shop, order):
    shop.carrier.voids[order.label_id] = VoidState.NOT_APPLICABLE
    ask(shop, order)
    assert shop.voids.of(order.id).status is VoidStage.REVIEW


def test_an_operator_asks_with_a_reason_and_it_is_audited_once(shop, bought):
    with pytest.raises(ReasonMissing):
        shop.voids.ask_for(bought.id, Cause("operator:ann", ""))

    for _ in range(2):
        shop.voids.ask_for(bought.id, ANN)
    shop.work()

    void = shop.voids.of(bought.id)
    assert (void.by, void.reason) == (ANN.by, ANN.reason)
    assert [(entry.act, entry.reason) for entry in AuditEntry.objects] == [
        ("void label", ANN.reason)
    ]
    assert shop.carrier.voided == [bought.label_id]


def test_nobody_gives_back_what_is_not_theirs(shop, bought):
    with pytest.raises(NotFound):
        shop.voids.ask(bought.id, user_id=BUYER + 1)

    assert Void.objects.count() == 0


def test_asking_again_tells_what_stands(shop, bought):
    for _ in range(3):
        ask(shop, bought)

    assert shop.carrier.voided == [bought.label_id]
    assert Void.objects.count() == 1
    assert shop.told() == ["void_sent"]


def test_a_label_that_is_not_bought_yet_can_not_be_given_back(shop):
    shop.credit(2_500)
    order = shop.place()

    with pytest.raises(NotVoidable) as refusal:
        shop.voids.ask(order.id, user_id=BUYER)

    assert refusal.value.facts["reason"] is Obstacle.NOT_BOUGHT


@pytest.mark.parametrize(
    ("carrier", "days"), [("USPS", 30), ("UPSDAP", 90), ("FedExDefault", 90), ("OnTrac", 30)]
)
def test_each_carrier_has_its_own_window(shop, bought, carrier, days):
    bought.rate = replace(bought.rate, carrier=carrier)
    end = bought.bought_after + timedelta(days=days)

    assert shop.voids.until(bought) == end
    shop.clock.moment = end
    assert shop.voids.obstacle(bought) is None
    shop.clock.turn(seconds=1)
    assert shop.voids.obstacle(bought) is Obstacle.WINDOW_OVER


def test_after_the_window_nobody_asks_the_carrier(shop, bought):
    shop.clock.turn(days=30)

    for asking in (
        lambda: shop.voids.ask(bought.id, user_id=BUYER),
        lambda: shop.voids.ask_for(bought.id, ANN),
    ):
        with pytest.raises(NotVoidable):
            asking()

    assert (Void.objects.count(), AuditEntry.objects.count()) == (0, 0)


def scanned(shop, order, state=TrackingState.IN_TRANSIT):
    scan = Scan(state, shop.clock.now(), "Arrived", "HOUSTON, TX")
    shop.carrier.parcels[order.tracking_code] = Tracked(
        order.tracking_code, "USPS", state, None, (scan,)
    )
    shop.clock.turn(minutes=2)
    shop.tracking.look(order)
    shop.work()


def test_a_scanned_label_can_not_be_given_back(shop, bought):
    scanned(shop, bought)

    with pytest.raises(NotVoidable) as refusal:
        shop.voids.ask(bought.id, user_id=BUYER)

    assert refusal.value.facts["reason"] is Obstacle.SCANNED


def test_a_label_scanned_before_the_request_is_sent_is_not_sent(shop, bought):
    shop.voids.ask(bought.id, user_id=BUYER)
    shop.jobs.asked.clear()

    scanned(shop, bought)
    shop.sweep()

    assert shop.carrier.voided == []
    assert shop.orders.get(bought.id).status is OrderState.VOID_REFUSED
    assert shop.voids.of(bought.id).refusal == "used"


def test_a_scan_while_the_void_runs_has_the_carrier_asked_at_once_and_its_word_counts(shop, bought):
    ask(shop, bought)
    days_pass(shop, 3)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED

    scanned(shop, bought)

    assert ended(shop, bought) == (OrderState.VOID_REFUSED, VoidStage.DENIED, True, PAID)


def test_a_label_that_travels_after_its_refund_is_an_operators(shop, bought):
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    ask(shop, bought)

    scanned(shop, bought)

    assert alerts(shop) == [("void_used", bought.id)]
    assert shop.balance() == BACK
    shop.voids.note_seen(bought.id, ANN)
    assert alerts(shop) == []
    with pytest.raises(NotInHand):
        shop.voids.note_seen(bought.id, ANN)


def test_a_void_in_review_is_an_alert_until_it_is_decided(shop, bought):
    in_review(shop, bought)
    before = alerts(shop)

    shop.voids.decide(bought.id, ANN, grant=False)

    assert before == [("void_review", bought.id)]
    assert alerts(shop) == []


def test_what_an_operator_gave_back_by_hand_does_not_come_twice(shop, bought):
    shop.adjustments.refund_label(bought.id, ANN)
    with pytest.raises(NotVoidable) as refusal:
        shop.voids.ask(bought.id, user_id=BUYER)

    shop.voids.ask_for(bought.id, ANN)
    shop.work()
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    days_pass(shop, 1)

    assert refusal.value.facts["reason"] is Obstacle.REFUNDED
    assert ended(shop, bought) == (OrderState.REFUNDED, VoidStage.GRANTED, True, BACK)
    assert shop.told() == ["label_refunded", "void_sent"]


def test_a_refused_void_may_still_be_refunded_by_hand_a_running_one_not(shop, bought):
    ask(shop, bought)
    with pytest.raises(NotRefundable):
        shop.adjustments.refund_label(bought.id, ANN)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED
    days_pass(shop, 1)

    shop.adjustments.refund_label(bought.id, ANN)

    assert shop.balance() == BACK


def test_an_operator_has_a_running_void_looked_at_now(shop, bought):
    ask(shop, bought)
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED

    shop.voids.look_again(bought.id, by="ann")
    shop.work()

    assert shop.balance() == BACK
    with pytest.raises(NotInHand):
        shop.voids.look_again(bought.id, by="ann")


def test_an_order_from_before_label_ids_were_kept_is_voided_by_its_shipment(shop, bought):
    Order.objects(pk=bought.id).update_one(set__label_id="")

    ask(shop, bought)

    assert shop.carrier.voided == [bought.shipment_id]


def test_a_void_that_kills_its_workers_is_looked_at_no_more(shop, bought):
    shop.voids.ask(bought.id, user_id=BUYER)
    Void.objects(pk=bought.id).update_one(set__unended=6)

    shop.work()

    assert shop.voids.of(bought.id).status is VoidStage.REVIEW
    assert shop.voids.of(bought.id).problem == "kills_its_worker"
    assert shop.carrier.voided == []


def test_a_refund_key_used_for_something_else_stops_the_void(shop, bought):
    other = bought.price + bought.price
    shop.ledger.refund(BUYER, other, label_id=bought.id, order_id=bought.id, cause=ANN)
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED

    shop.voids.ask_for(bought.id, ANN)
    shop.work()

    assert shop.voids.of(bought.id).status is VoidStage.REVIEW
    assert shop.voids.of(bought.id).problem.startswith("key_reused")


def test_an_old_hand_that_comes_back_says_nothing(shop, bought):
    """The carrier's answer arrives after the lease: another hand has gone on meanwhile."""
    carrier_void = shop.carrier.void

    def slow(label_id):
        said = carrier_void(label_id)
        Void.objects(pk=bought.id).update_one(inc__turn=1, set__next_at=shop.clock.now())
        return said

    shop.carrier.void = slow
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    shop.voids.ask(bought.id, user_id=BUYER)
    shop.voids.drive(bought.id)
    held_back = (shop.balance(), shop.voids.of(bought.id).status)

    shop.work()

    assert held_back == (PAID, VoidStage.SENT)
    assert shop.balance() == BACK
    assert Trail.objects.count() == 0
