"""Voids by our client of ShipEngine, which says a label is void and seldom that money is back."""

import pytest
import time_machine

from providers.carriers.base import CarrierDown, CarrierRefused, VoidState, VoidUnclear
from tests.providers.recorded_shipengine import (
    BOUGHT,
    CODE,
    LABEL_ID,
    VOIDED,
    connected,
    error,
)
from tests.providers.stand import resets, says

VOID = f"PUT /shipengine/v1/labels/{LABEL_ID}/void"
GET = f"GET /shipengine/v1/labels/{LABEL_ID}"
TRACK = f"{GET}/track"
VOID_LABEL = BOUGHT | {"status": "voided", "voided": True, "voided_at": "2021-08-05T16:50:00Z"}
UPS = {"carrier_code": "ups"}


@pytest.fixture
def carrier(stand):
    return connected(stand)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2021-08-05T17:00:00Z", tick=False) as clock:
        yield clock


def no(reason, message="too late"):
    return {"approved": False, "message": message, "reason_code": reason}


def way(code):
    return {"tracking_number": CODE, "status_code": code, "events": []}


def test_a_void_that_is_approved_is_submitted_until_the_post_has_looked_for_scans(stand, carrier):
    stand.play(says(200, VOIDED), says(200, VOID_LABEL))

    assert carrier.void(LABEL_ID) is VoidState.SUBMITTED
    assert stand.calls() == [VOID, GET]


@pytest.mark.parametrize("look", [resets, says(500, b""), says(200, {}), says(200, BOUGHT)])
def test_an_approval_stands_whatever_is_seen_of_the_label_after_it(stand, carrier, look):
    stand.play(says(200, VOIDED), look)

    assert carrier.void(LABEL_ID) is VoidState.SUBMITTED


def test_others_than_the_post_have_paid_when_they_approve(stand, carrier):
    stand.play(says(200, VOIDED), says(200, VOID_LABEL | UPS))

    assert carrier.void(LABEL_ID) is VoidState.REFUNDED


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("label_not_found_within_void_period", CarrierRefused),
        ("label_already_used", CarrierRefused),
        ("validation_failed", VoidUnclear),
        ("contact_carrier", VoidUnclear),
        ("unknown", VoidUnclear),
        ("a_reason_that_no_list_knows", VoidUnclear),
    ],
)
def test_a_void_refused_with_status_200_says_why(stand, carrier, reason, kind):
    stand.play(says(200, no(reason)), says(200, BOUGHT))

    with pytest.raises(CarrierRefused) as caught:
        carrier.void(LABEL_ID)

    assert type(caught.value) is kind
    assert caught.value.facts == {"provider": "shipengine", "reason": reason, "told": "too late"}
    assert stand.calls() == [VOID, GET]


def test_a_refusal_without_a_reason_is_unspecified(stand, carrier):
    stand.play(says(200, {"approved": False}), says(200, BOUGHT))

    with pytest.raises(VoidUnclear) as caught:
        carrier.void(LABEL_ID)

    assert caught.value.facts["reason"] == "unspecified"


@pytest.mark.parametrize("reason", ["label_already_voided", "unspecified"])
def test_a_void_whose_first_answer_was_lost_stands(stand, carrier, reason):
    stand.play(resets, says(200, no(reason)), says(200, VOID_LABEL))

    with pytest.raises(CarrierDown):
        carrier.void(LABEL_ID)
    state = carrier.void(LABEL_ID)

    assert state is VoidState.SUBMITTED
    assert stand.calls() == [VOID, VOID, GET]


def test_a_label_that_they_call_void_already_is_void_though_it_does_not_show(stand, carrier):
    stand.play(says(200, no("label_already_voided")), says(200, BOUGHT))

    assert carrier.void(LABEL_ID) is VoidState.SUBMITTED


def test_a_void_refused_by_its_status_says_why_too(stand, carrier):
    stand.play(says(400, error("invalid_status", "business_rules")), says(200, BOUGHT))

    with pytest.raises(VoidUnclear) as caught:
        carrier.void(LABEL_ID)

    assert caught.value.facts["reason"] == "invalid_status"


def test_a_rejected_refund_stands_when_the_void_is_asked_for_again(stand, carrier):
    rejected = VOID_LABEL | {"refund_details": {"refund_status": "rejected"}}
    stand.play(says(200, no("label_already_voided")), says(200, rejected))

    assert carrier.void(LABEL_ID) is VoidState.REJECTED


@pytest.mark.parametrize(
    "act",
    [resets, says(500, b""), says(200, {}), says(200, b"<html>"), says(401, error("unauthorized"))],
)
def test_a_void_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.void(LABEL_ID)

    assert stand.calls() == [VOID]


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("request_scheduled", VoidState.SUBMITTED),
        ("pending", VoidState.SUBMITTED),
        ("approved", VoidState.REFUNDED),
        ("rejected", VoidState.REJECTED),
        ("excluded", VoidState.NOT_APPLICABLE),
        ("a_status_that_no_list_knows", VoidState.SUBMITTED),
        (None, VoidState.SUBMITTED),
    ],
)
def test_what_is_told_of_a_refund_is_believed(stand, carrier, told, state):
    refund = {"refund_details": {"refund_status": told}}
    stand.play(says(200, VOID_LABEL | refund), says(200, way("NY")))

    assert carrier.void_state(LABEL_ID) is state


def test_a_label_that_nobody_voided_has_no_void(stand, carrier):
    stand.play(says(200, BOUGHT))

    assert carrier.void_state(LABEL_ID) is VoidState.NONE


def test_an_approved_refund_is_not_doubted_for_a_scan(stand, carrier):
    stand.play(says(200, VOID_LABEL | {"refund_details": {"refund_status": "approved"}}))

    assert carrier.void_state(LABEL_ID) is VoidState.REFUNDED
    assert stand.calls() == [GET]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("NY", VoidState.REFUNDED),
        ("UN", VoidState.REFUNDED),
        ("AC", VoidState.REJECTED),
        ("IT", VoidState.REJECTED),
        ("DE", VoidState.REJECTED),
    ],
)
def test_after_28_days_the_post_has_paid_unless_it_has_scanned_the_parcel(
    stand, carrier, clock, code, state
):
    stand.play(says(200, VOID_LABEL), says(200, VOID_LABEL), says(200, way(code)))
    clock.move_to("2021-09-02T16:49:59Z")
    before = carrier.void_state(LABEL_ID)
    clock.move_to("2021-09-02T16:50:00Z")

    after = carrier.void_state(LABEL_ID)

    assert (before, after) == (VoidState.SUBMITTED, state)
    assert stand.calls() == [GET, GET, TRACK]


def test_a_void_is_not_decided_while_nobody_says_whether_the_parcel_was_scanned(
    stand, carrier, clock
):
    stand.play(says(200, VOID_LABEL), says(200, {}))
    clock.move_to("2021-10-01T00:00:00Z")

    with pytest.raises(CarrierDown):
        carrier.void_state(LABEL_ID)


@pytest.mark.parametrize("act", [resets, says(404, error("invalid_identifier")), says(200, {})])
def test_a_state_that_cannot_be_seen_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.void_state(LABEL_ID)
