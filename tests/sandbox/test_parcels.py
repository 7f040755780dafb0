"""Rates, scans and voids of the sandbox's carrier."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import requests

from sandbox.app import create_app
from sandbox.carrier import places
from sandbox.settings import SandboxSettings
from tests.customer import wait_for
from tests.sandbox.world import BUYER, EASYPOST_KEY, PARCEL, SENDER, bought, easypost, quoted

TIMES_SQUARE = {"street1": "1 Times Sq", "city": "New York", "state": "NY", "zip": "10036"}


def prices(shipment):
    return {rate["service"]: Decimal(rate["rate"]) for rate in shipment["rates"]}


def test_the_same_parcel_has_the_same_price_and_far_or_heavy_costs_more(sandbox):
    near, again = quoted(sandbox), quoted(sandbox)
    far = quoted(sandbox, to_address=TIMES_SQUARE)
    heavy = quoted(sandbox, parcel={**PARCEL, "weight": 160})
    bulky = quoted(sandbox, parcel={"length": 24, "width": 18, "height": 18, "weight": 15.4})

    assert prices(near) == prices(again)
    assert prices(near)["GroundAdvantage"] == Decimal("6.07")
    for dearer in (far, heavy, bulky):
        assert all(price > prices(near)[name] for name, price in prices(dearer).items())
    assert (near["usps_zone"], far["usps_zone"]) == (4, 8)


def test_what_a_carrier_will_not_take_is_told_in_messages_and_not_rated(sandbox):
    heavy = quoted(sandbox, parcel={"length": 10, "width": 8, "height": 4, "weight": 71 * 16})
    long = quoted(sandbox, parcel={"length": 109, "width": 2, "height": 2, "weight": 16})
    girth = quoted(sandbox, parcel={"length": 60, "width": 20, "height": 20, "weight": 16})
    nowhere = quoted(sandbox, to_address={**BUYER, "zip": "00001"})

    assert {rate["carrier"] for rate in heavy["rates"]} == {"UPS", "FedEx"}
    assert [message["message"] for message in heavy["messages"]] == [
        "The package weight exceeds the maximum of 70 lbs."
    ]
    assert long["rates"] == []
    assert {rate["carrier"] for rate in girth["rates"]} == {"UPS", "FedEx"}
    assert nowhere["rates"] == []
    assert {message["message"] for message in nowhere["messages"]} == {"Unknown ZIP code."}


def test_an_unknown_service_is_not_bought_in_one_call(sandbox):
    shipment = {"from_address": SENDER, "to_address": BUYER, "parcel": PARCEL, "service": "Rocket"}

    answer = easypost(sandbox, "POST", "/shipments", {"shipment": shipment})

    assert answer.status_code == 422
    assert sandbox.books()["labels"] == []


def test_sixteen_purchases_at_once_buy_one_label(sandbox):
    shipment = quoted(sandbox)
    rate = {"rate": {"id": shipment["rates"][0]["id"]}}
    path = f"/shipments/{shipment['id']}/buy"

    with ThreadPoolExecutor(16) as buyers:
        answers = list(buyers.map(lambda _: easypost(sandbox, "POST", path, rate), range(16)))

    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 15
    assert len(sandbox.books()["labels"]) == 1
    assert easypost(sandbox, "GET", "/users").json()["balance"] == "9993.93000"


def test_a_void_is_submitted_first_and_pays_back_when_it_is_granted(sandbox):
    label = bought(sandbox)
    path = f"/shipments/{label['id']}"

    asked = easypost(sandbox, "POST", f"{path}/refund", {}).json()
    balance = easypost(sandbox, "GET", "/users").json()["balance"]
    again = easypost(sandbox, "POST", f"{path}/refund", {})
    sandbox.post(f"/tracking/{label['tracking_code']}/refund", {"status": "refunded"})

    assert (asked["refund_status"], balance) == ("submitted", "9993.93000")
    assert (again.status_code, again.json()["error"]["code"]) == (
        422,
        "SHIPMENT.REFUND.UNAVAILABLE",
    )
    settled = easypost(sandbox, "GET", path).json()
    assert settled["refund_status"] == "refunded"
    assert {fee["refunded"] for fee in settled["fees"]} == {True}
    assert easypost(sandbox, "GET", "/users").json()["balance"] == "10000.00000"
    assert sandbox.books()["labels"][0]["status"] == "refunded"


def test_a_rejected_void_pays_nothing_back_and_may_be_asked_again(sandbox):
    label = bought(sandbox)
    path = f"/shipments/{label['id']}"
    easypost(sandbox, "POST", f"{path}/refund", {})

    sandbox.post(f"/tracking/{label['tracking_code']}/refund", {"status": "rejected"})

    assert easypost(sandbox, "GET", path).json()["refund_status"] == "rejected"
    assert easypost(sandbox, "GET", "/users").json()["balance"] == "9993.93000"
    assert easypost(sandbox, "POST", f"{path}/refund", {}).json()["refund_status"] == "submitted"


def test_a_parcel_that_was_scanned_is_not_voided(sandbox):
    label = bought(sandbox)
    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "in_transit"})

    answer = easypost(sandbox, "POST", f"/shipments/{label['id']}/refund", {})

    assert answer.status_code == 422
    assert answer.json()["error"]["message"].endswith("The parcel has been shipped.")
    shipment = easypost(sandbox, "GET", f"/shipments/{label['id']}").json()
    assert shipment["refund_status"] is None


@pytest.mark.parametrize(("scanned", "outcome"), [(False, "refunded"), (True, "rejected")])
def test_left_alone_a_void_is_decided_by_itself(scanned, outcome):
    client = create_app(SandboxSettings(refund_seconds=0.2)).test_client()
    shipment = {"from_address": SENDER, "to_address": BUYER, "parcel": PARCEL}
    one_call = {"shipment": {**shipment, "service": "Ground", "carrier": "UPS"}}
    label = client.post("/easypost/v2/shipments", json=one_call, headers=EASYPOST_KEY).json
    path = f"/easypost/v2/shipments/{label['id']}"

    client.post(f"{path}/refund", json={}, headers=EASYPOST_KEY)
    if scanned:
        client.post(f"/tracking/{label['tracking_code']}", json={"status": "delivered"})

    def decided():
        status = client.get(path, headers=EASYPOST_KEY).json["refund_status"]
        return status if status != "submitted" else None

    assert wait_for(decided, 5) == outcome


def test_a_void_needs_postage_and_its_answer_a_void(sandbox):
    shipment, label = quoted(sandbox), bought(sandbox)
    door = f"{sandbox.url}/tracking/{label['tracking_code']}"

    unbought = easypost(sandbox, "POST", f"/shipments/{shipment['id']}/refund", {})
    unasked = requests.post(f"{door}/refund", json={"status": "refunded"}, timeout=5)
    strange = requests.post(f"{door}/refund", json={"status": "lost"}, timeout=5)

    assert (unbought.status_code, unasked.status_code, strange.status_code) == (422, 404, 400)
    assert easypost(sandbox, "GET", f"/shipments/{shipment['id']}/label").status_code == 404
    assert easypost(sandbox, "POST", f"/shipments/{label['id']}/rerate").status_code == 422


def test_a_moved_parcel_is_seen_by_all_who_look(sandbox):
    label = bought(sandbox)

    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "delivered"})

    tracker = easypost(sandbox, "GET", f"/trackers/{label['tracker']['id']}").json()
    shipment = easypost(sandbox, "GET", f"/shipments/{label['id']}").json()
    assert (tracker["status"], tracker["signed_by"]) == ("delivered", "RECIPIENT")
    assert [scan["status"] for scan in tracker["tracking_details"]] == [
        "pre_transit",
        "pre_transit",
        "delivered",
    ]
    assert tracker["tracking_details"][-1]["tracking_location"]["city"] == "REDONDO BEACH"
    assert (shipment["status"], shipment["tracker"]["status"]) == ("delivered", "delivered")


def test_a_balance_that_is_no_amount_is_refused(sandbox):
    answer = requests.post(f"{sandbox.url}/carrier/balance", json={"balance": "much"}, timeout=5)

    assert answer.status_code == 400
    assert easypost(sandbox, "GET", "/users").json()["balance"] == "10000.00000"


def test_only_known_parcels_move_and_only_to_known_states(sandbox):
    label = bought(sandbox)
    door = f"{sandbox.url}/tracking"

    lost = requests.post(
        f"{door}/{label['tracking_code']}", json={"status": "teleported"}, timeout=5
    )
    unknown = requests.post(f"{door}/9400", json={"status": "delivered"}, timeout=5)

    assert (lost.status_code, unknown.status_code) == (400, 404)
    assert "in_transit, out_for_delivery" in lost.json()["error"]


def test_places_without_coordinates_lie_in_the_farthest_zone():
    assert places.zone("94107", "09001") in (8, 9)
    assert places.zone("94107", "nowhere") is None
    assert places.details({"zip": "00001"}) == places.delivered_as({"zip": "00001"}) == {}
