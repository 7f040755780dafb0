"""Voids by the real services at every carrier service: money once, on the carrier's word alone."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.order import OrderState
from models.void import VoidStage
from sandbox.faults import VOID_REASONS
from tests.carriers.conftest import EASYPOST, SERVICES, SHIPENGINE, SHIPSTATION

BOUGHT = [("hold", -1, 1), ("capture", 0, -1)]
PAID_BACK = [*BOUGHT, ("refund", 1, 0)]
TAKEN, REFUSED, REVIEW = ["void_sent"], ["void_refused"], ["void_review"]
SAID = {
    "label_already_used": (OrderState.VOID_REFUSED, VoidStage.DENIED, REFUSED),
    "label_not_found_within_void_period": (OrderState.VOID_REFUSED, VoidStage.DENIED, REFUSED),
    "label_already_voided": (OrderState.VOID_SENT, VoidStage.SENT, TAKEN),
    "contact_carrier": (OrderState.VOID_SENT, VoidStage.REVIEW, REVIEW),
    "validation_failed": (OrderState.VOID_SENT, VoidStage.REVIEW, REVIEW),
    "unspecified": (OrderState.VOID_SENT, VoidStage.REVIEW, REVIEW),
    "unknown": (OrderState.VOID_SENT, VoidStage.REVIEW, REVIEW),
}
"""What follows from a void that is not approved, by the reason that is told."""


def ended(till):
    void = till.shop.voids.of(till.order.id)
    return till.order.status, void.status, till.shop.told()


def must_be_paid_back(till):
    """Once, however often and by however many it is looked at again."""
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(till.shop.voids.drive, [till.order.id] * 4))
    till.sweep(days=2)
    assert till.bookings() == PAID_BACK
    assert till.order.status is OrderState.REFUNDED
    assert till.shop.told().count("void_refunded") == 1
    assert till.shop.verification.verify().findings == []


def test_the_price_comes_back_once_when_the_carrier_has_paid(till):
    till.sweep(hours=2)
    till.give_back()
    till.sweep(days=10)
    before = (till.bookings(), till.shop.told(), till.booked_there(till.order.tracking_code))

    till.decide("refunded")
    till.sweep(days=20)

    assert before == (BOUGHT, TAKEN, "submitted")
    must_be_paid_back(till)
    assert till.shop.told() == [*TAKEN, "void_refunded"]


@pytest.mark.parametrize("service", [SHIPENGINE, SHIPSTATION])
@pytest.mark.parametrize("by", ["UPS"])
def test_a_carrier_that_bills_later_has_paid_when_it_approves(till, by):
    till.sweep(hours=2)

    till.give_back()

    must_be_paid_back(till)


def test_nothing_comes_back_for_a_label_that_the_carrier_rejects(till):
    """The newer edition of ShipEngine tells of no refund: there a scan decides."""
    till.sweep(hours=2)
    till.give_back()

    if till.desk.name == SHIPSTATION:
        till.move("in_transit")
    till.decide("rejected")
    till.sweep(days=30)
    till.sweep(days=2)

    assert till.order.status is OrderState.VOID_REFUSED
    assert (till.bookings(), till.shop.balance()) == (BOUGHT, till.paid)
    assert [told for told in till.shop.told() if told != "parcel_moved"] == [*TAKEN, *REFUSED]


@pytest.mark.parametrize("service", [EASYPOST, SHIPENGINE])
def test_what_is_told_of_a_refund_counts_more_than_a_scan(till):
    """It is the carrier's money: what travels all the same is an alert."""
    till.sweep(hours=2)
    till.give_back()

    till.decide("refunded")
    till.move("in_transit")
    till.sweep(days=2)

    must_be_paid_back(till)


@pytest.mark.parametrize("service", [SHIPENGINE])
@pytest.mark.parametrize("reason", VOID_REASONS)
def test_a_void_that_is_not_approved_ends_as_its_reason_says(till, reason):
    till.misbehave(till.desk.void, reason, None, times=99)
    till.sweep(hours=2)

    till.give_back()
    till.sweep(days=2)

    assert ended(till) == SAID[reason]
    assert (till.bookings(), till.shop.balance()) == (BOUGHT, till.paid)
    assert till.booked_there(till.order.tracking_code) == "purchased"


@pytest.mark.parametrize("service", [SHIPENGINE])
def test_a_reason_that_may_pass_is_asked_about_once_more_after_a_purchase_just_made(till):
    till.misbehave(till.desk.void, "validation_failed", None)
    till.give_back()
    before = ended(till)

    till.sweep(hours=7)

    assert before == (OrderState.VOID_SENT, VoidStage.ASKED, [])
    assert ended(till) == (OrderState.VOID_SENT, VoidStage.SENT, TAKEN)
    assert till.booked_there(till.order.tracking_code) == "submitted"


def test_a_label_that_somebody_voided_there_is_paid_back_too(till):
    till.sweep(hours=2)
    till.desk.carrier.void(till.order.label_id)

    till.give_back()
    told = till.shop.told()
    till.decide("refunded")
    till.sweep(days=30)

    assert told == TAKEN
    must_be_paid_back(till)


@pytest.mark.parametrize(
    ("service", "fault", "sent"),
    [
        *((service, "reset_after", 1) for service in SERVICES),
        (SHIPENGINE, "time_out_after", 1),
        (SHIPENGINE, "reset_before", 2),
        (SHIPSTATION, "error_500", 2),
    ],
)
def test_a_void_whose_answer_is_lost_is_looked_for_and_sent_again_only_if_it_never_came(
    till, fault, sent
):
    till.sweep(hours=2)
    sent_before = till.asked(till.desk.void)
    till.misbehave(till.desk.void, fault, 1 if fault.startswith("time_out") else None)
    till.hurry("void")

    till.give_back()
    unknown = ended(till)
    till.calm_down()
    till.sweep(hours=1)
    till.decide("refunded")
    till.sweep(days=30)

    assert unknown == (OrderState.VOID_SENT, VoidStage.SENT, [])
    assert till.asked(till.desk.void) - sent_before == sent
    must_be_paid_back(till)
