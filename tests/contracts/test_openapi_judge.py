"""The judge itself: real recordings pass but for their known oddities, wrong ones are told why."""

import json

import pytest

from tests.contracts.openapi_judge import CONTRACTS, judge

ODD_RATES = {
    "body.service_code: None is not string",
    "body.confirmation: None is not string",
    "body.advanced_options.collect_on_delivery: None is not object",
    "body.insurance_provider: None is not string",
    "body.order_source_code: None is not string",
    "body.packages[0].external_package_id: None is not string",
}
QUOTE = {
    "rate_options": {"carrier_ids": ["se-1"]},
    "shipment": {
        "ship_to": {
            "name": "Amanda Miller",
            "phone": "555-555-5555",
            "address_line1": "525 S Winchester Blvd",
            "city_locality": "San Jose",
            "state_province": "CA",
            "postal_code": "95128",
            "country_code": "US",
            "address_residential_indicator": "yes",
        },
        "packages": [{"weight": {"value": 1, "unit": "ounce"}}],
    },
}


def recorded(name):
    return json.loads((CONTRACTS / "shipengine" / "recorded" / f"{name}.json").read_text())


@pytest.fixture
def shipengine():
    return judge("shipengine")


def test_recorded_requests_are_valid(shipengine):
    quote = recorded("docs_get_rates_from_shipment.request1")
    purchase = recorded("docs_create_label_from_rate_id.request1")
    check = recorded("docs_addresses_validate.request1")

    assert shipengine.request("POST", "/v1/rates", quote) == []
    assert shipengine.request("POST", "/v1/labels/rates/se-1", purchase) == []
    assert shipengine.request("POST", "/v1/addresses/validate", check) == []


def test_recorded_answers_deviate_only_where_it_is_known(shipengine):
    rates = recorded("docs_get_rates_from_shipment.response2")
    label = recorded("docs_create_label_from_rate_id.response2")

    assert set(shipengine.response("POST", "/v1/rates", 200, rates)) == ODD_RATES
    assert shipengine.response("POST", "/v1/labels/rates/se-1", 200, label) == [
        "body.batch_id: '' has 0 letters",
        "body.batch_id: '' does not match ^se(-[a-z0-9]+)+$",
        "body.packages[0].external_package_id: None is not string",
    ]


def test_the_older_service_is_named_in_errors_that_the_newer_one_words_otherwise(shipengine):
    refusal = recorded("BadRequest400Response")

    newer = judge("shipstation-v2").response("POST", "/v2/rates", 400, refusal)

    assert shipengine.response("POST", "/v1/rates", 400, refusal) == []
    known = ["carrier", "order_source", "ShipStation"]
    assert newer == [f"body.errors[0].error_source: 'shipengine' is not one of {known}"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rate_options": {"carrier_ids": []}}, "body.rate_options.carrier_ids: has 0 items"),
        ({"rate_options": {}}, "body.rate_options.carrier_ids: missing"),
        ({"rate_options": {"carrier_ids": [7]}}, "carrier_ids[0]: 7 is not string"),
        ({"rate_options": {"carrier_ids": ["7"]}}, "'7' does not match ^se(-[a-z0-9]+)+$"),
        ({"rate_options": {"carrier_ids": ["se-1"], "x": 1}}, "body.rate_options.x: unknown"),
        ({"shipment": {"ship_to": {}}}, "ship_to.address_line1: missing"),
        ({"shipment": {**QUOTE["shipment"], "packages": [{}]}}, "packages[0].weight: missing"),
        ({"shipment": {"packages": [{"weight": {"value": 0}}]}}, "value: 0 is out of range"),
        ({"shipment_id": "se-1"}, "body: fits 2 of oneOf"),
    ],
)
def test_what_a_request_may_not_say_is_named(shipengine, change, fault):
    faults = shipengine.request("POST", "/v1/rates", QUOTE | change)

    assert fault in str(faults)


def test_queries_are_judged_by_name_and_type(shipengine):
    faults = shipengine.request("GET", "/v1/labels?page=one&colour=red&page_size=25")

    assert sorted(faults) == ["query.colour: unknown", "query.page: 'one' is not integer"]
    assert shipengine.request("GET", "/v1/labels?shipment_id=se-1&page=2") == []


def test_an_answer_without_a_body_is_valid_where_it_is_specified_so(shipengine):
    hook = "/v1/environment/webhooks/se-1"

    assert shipengine.response("DELETE", hook, 204, None) == []
    assert shipengine.response("DELETE", hook, 204, "x") == ["body: 'x' has 1 letters"]


def test_unknown_calls_bodies_and_statuses_are_faults(shipengine):
    assert shipengine.request("POST", "/v1/rockets", {}) == ["POST /v1/rockets: unknown"]
    assert shipengine.request("POST", "/v1/rates") == ["body: missing"]
    assert shipengine.request("GET", "/v1/carriers", {}) == ["body: not wanted"]
    assert shipengine.response("GET", "/v1/carriers", 302, None) == ["status 302: not specified"]
    [fault] = set(shipengine.response("GET", "/v1/carriers", 200, None))
    assert fault == "body: None is not object"
