"""What only ShipEngine and ShipStation do, asked of our client over real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
import time_machine

from core.tracking import TrackingState
from providers.carriers.base import (
    CarrierDown,
    CarrierRefused,
    ForgedNews,
    PurchaseDoubtful,
    VoidState,
)
from tests.carriers.conftest import SHIPENGINE, SHIPSTATION, Desk, cheapest, desk_of
from tests.customer import wait_for
from tests.sandbox.world import Shop

FORGED = b'{"resource_type": "API_TRACK", "data": {"tracking_number": "1", "status_code": "DE"}}'


@pytest.fixture(params=[SHIPENGINE, SHIPSTATION])
def desk(request, world) -> Desk:
    return desk_of(request.param, world)


def bought(desk: Desk, carrier: str = "USPS"):
    quoted = desk.quote()
    return desk.carrier.buy(quoted.shipment_id, cheapest(quoted, carrier).rate_id)


def test_a_label_in_the_making_is_doubtful_and_waited_for_until_it_is_there(desk):
    quoted = desk.quote()
    rate = cheapest(quoted)
    desk.world.misbehave(desk.name, desk.buy, "label_processing", seconds=1)

    with pytest.raises(PurchaseDoubtful):
        desk.carrier.buy(quoted.shipment_id, rate.rate_id)
    with pytest.raises(CarrierDown) as caught:
        desk.carrier.find(quoted.shipment_id, reference="Q-1")
    found = wait_for(lambda: found_now(desk, quoted.shipment_id), 10)

    assert caught.value.facts["reason"] == "processing"
    assert found.cost == rate.cost
    assert len(desk.sold()) == 1


def found_now(desk: Desk, shipment_id: str):
    try:
        return desk.carrier.find(shipment_id, reference="Q-1")
    except CarrierDown:
        return None


def test_a_carrier_that_fails_costs_only_its_own_rates_and_is_named(desk):
    desk.world.misbehave(desk.name, "carrier ups", "carrier_down")

    quoted = desk.quote()

    carriers = {rate.carrier for rate in quoted.rates}
    assert "UPS" not in carriers
    assert "USPS" in carriers
    [complaint] = quoted.complaints
    assert complaint.startswith("UPS: ")


def test_an_answer_of_nothing_but_errors_is_a_quote_without_rates(desk):
    desk.world.misbehave(desk.name, "POST /rates", "errors_in_200")

    quoted = desk.quote()

    assert quoted.rates == ()
    assert len(quoted.complaints) == 3
    for name, complaint in zip(("Stamps.com", "UPS", "FedEx"), quoted.complaints, strict=True):
        assert name in complaint


def test_a_reference_that_was_used_is_refused_and_a_fresh_one_is_not(desk):
    first = desk.quote("Q-1")

    with pytest.raises(CarrierRefused) as caught:
        desk.quote("Q-1")
    second = desk.quote("Q-2")

    assert caught.value.facts["reason"] == "identifier_conflict"
    assert second.shipment_id != first.shipment_id


def test_a_void_at_a_carrier_that_bills_later_is_refunded_when_it_is_approved(desk):
    label = bought(desk, "UPS")

    asked = desk.carrier.void(label.label_id)
    again = desk.carrier.void(label.label_id)

    assert asked is again is VoidState.REFUNDED


@pytest.mark.parametrize(("status", "state"), [(None, "refunded"), ("in_transit", "rejected")])
def test_the_newer_service_never_says_whether_the_post_paid_so_time_and_scans_decide(
    world, status, state
):
    desk = desk_of(SHIPSTATION, world)
    label = bought(desk)
    desk.carrier.void(label.label_id)
    if status:
        desk.move(label.tracking_code, status)
    before = desk.carrier.void_state(label.label_id)

    with time_machine.travel("2100-01-01T00:00:00Z"):
        after = desk.carrier.void_state(label.label_id)

    assert (before, after) == (VoidState.SUBMITTED, VoidState(state))


def test_news_under_a_new_key_are_heard_as_soon_as_the_keys_may_be_asked_for_again(desk):
    with Shop() as shop:
        desk.subscribe(shop.url)
        label = bought(desk)
        desk.move(label.tracking_code, "in_transit")
        first = shop.hears(1)[0]
        requests.post(f"{desk.world.url}/shipengine/jwks/change", timeout=30).raise_for_status()
        desk.move(label.tracking_code, "delivered")
        second = shop.hears(2)[-1]
    desk.carrier.read_news(first.body, first.headers)
    with pytest.raises(ForgedNews):
        desk.carrier.read_news(FORGED, first.headers)

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=31)):
        news = desk.carrier.read_news(second.body, second.headers)

    assert news.tracked is not None
    assert news.tracked.state is TrackingState.DELIVERED
