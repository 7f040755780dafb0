"""The official ShipEngine client, unmodified, against the live sandbox."""

import pytest
import requests
from shipengine import ShipEngine
from shipengine.errors import ClientSystemError, ShipEngineError

from tests.sandbox.shipengine_world import BUYER, EVERYBODY, PACKAGE, SENDER, STAMPS_COM


@pytest.fixture
def client(sandbox):
    client = ShipEngine({"api_key": "TEST_of-a-test", "base_uri": f"{sandbox.url}/shipengine/"})
    yield client
    client.client.session.close()


def quote(client, reference="order-1", **more):
    shipment = {"ship_to": BUYER, "ship_from": SENDER, "packages": [PACKAGE]}
    shipment |= {"external_shipment_id": reference, "validate_address": "no_validation", **more}
    asked = {"rate_options": {"carrier_ids": EVERYBODY}, "shipment": shipment}
    return client.get_rates_from_shipment(asked)["rate_response"]["rates"]


def buy(client, **more):
    rate = min(quote(client, **more), key=lambda rate: rate["shipping_amount"]["amount"])
    return client.create_label_from_rate_id(rate["rate_id"], {"label_format": "pdf"})


def test_it_buys_the_cheapest_label_and_lists_it(client, sandbox):
    label = buy(client)

    [listed] = client.list_labels_by_tracking_number(label["tracking_number"])["labels"]
    assert listed == label
    assert (label["status"], label["service_code"]) == ("completed", "usps_ground_advantage")
    file = requests.get(label["label_download"]["pdf"], timeout=5)
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    [sold] = sandbox.books()["labels"]
    assert (sold["tracking_code"], sold["reference"]) == (label["tracking_number"], "order-1")


def test_accounts_and_their_balances_are_listed(client):
    before = client.list_carriers()["carriers"]
    label = buy(client)
    after = client.list_carriers()["carriers"]

    assert [carrier["carrier_id"] for carrier in after] == EVERYBODY
    balances = [
        next(one["balance"] for one in carriers if one["carrier_id"] == STAMPS_COM)
        for carriers in (before, after)
    ]
    assert round(balances[0] - balances[1], 2) == label["shipment_cost"]["amount"]


def test_a_parcel_is_followed_by_its_label_or_by_its_number(client, sandbox):
    label = buy(client)
    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "delivered"})

    by_label = client.track_package_by_label_id(label["label_id"])
    by_number = client.track_package_by_carrier_code_and_tracking_number(
        "stamps_com", label["tracking_number"]
    )

    assert by_label == by_number
    assert [event["status_code"] for event in by_label["events"]] == ["DE", "NY"]


@pytest.mark.parametrize("config", [None, {"retries": 0}])
def test_a_void_is_approved_once(client, sandbox, config):
    """The client has no usual value for its second parameter."""
    label = buy(client)

    first, second = (client.void_label_by_label_id(label["label_id"], config) for _ in range(2))

    assert first["approved"] is True
    assert (second["approved"], second["reason_code"]) == (False, "label_already_voided")
    assert [sold["status"] for sold in sandbox.books()["labels"]] == ["submitted"]


def test_addresses_are_validated(client):
    nowhere = SENDER | {"address_line1": "000 unknown street", "postal_code": "00001"}

    good, bad = client.validate_addresses([SENDER, nowhere])

    assert (good["status"], good["matched_address"]["address_line1"]) == (
        "verified",
        "388 TOWNSEND ST APT 20",
    )
    assert (bad["status"], bad["matched_address"]) == ("error", None)


def test_what_is_missing_unknown_or_taken_is_told_in_codes_that_it_knows(client):
    """It refuses to read an error of a kind or a code that is not on its own lists."""
    quote(client)
    refused = {
        "field_value_required": lambda: client.get_rates_from_shipment({"rate_options": {}}),
        "invalid_identifier": lambda: client.create_label_from_rate_id("se-1", {}),
        "identifier_conflict": lambda: quote(client),
        "invalid_field_value": lambda: quote(client, reference="order-2", packages=[PACKAGE] * 2),
        "request_body_required": lambda: client.validate_addresses([]),
    }

    for code, ask in refused.items():
        with pytest.raises(ShipEngineError) as refusal:
            ask()
        assert refusal.value.error_code == code
        assert refusal.value.error_source == "shipengine"


def test_a_pace_that_was_too_fast_is_slowed_down_and_the_question_asked_again(client, sandbox):
    sandbox.misbehave("shipengine", "GET /carriers", "rate_limit", seconds=0)

    assert client.list_carriers()["carriers"]

    assert sandbox.books()["calls"]["shipengine GET /carriers"] == 2


def test_a_failure_is_read_as_one_and_a_purchase_is_not_sent_again(client, sandbox):
    rate_id = quote(client)[0]["rate_id"]
    sandbox.misbehave("shipengine", "POST /labels/rates/*", "error_500")

    with pytest.raises(ClientSystemError) as failure:
        client.create_label_from_rate_id(rate_id, {})

    assert failure.value.error_code == "unspecified"
    assert failure.value.request_id
    assert sandbox.books()["labels"] == []


def test_what_the_shop_has_no_use_for_is_not_found_here(client):
    for ask in (client.create_label_from_shipment, client.get_rate_estimate):
        with pytest.raises(ShipEngineError) as refusal:
            ask({})
        assert refusal.value.error_code == "invalid_identifier"
