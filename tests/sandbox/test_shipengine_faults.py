"""Misbehaviour of ShipEngine and ShipStation: refusals, faults before and after, a restart."""

import pytest
import requests

from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from tests.customer import wait_for
from tests.sandbox.shipengine_world import (
    BUYER,
    EVERYBODY,
    PACKAGE,
    SENDER,
    STAMPS_COM,
    UPS,
    V1,
    V2,
    Account,
)

BUY = "POST /labels/rates/*"
SHIPMENT = {"ship_to": BUYER, "ship_from": SENDER, "packages": [PACKAGE]}


@pytest.fixture(params=[V1, V2])
def account(sandbox, request):
    return Account(sandbox, request.param)


def a_rate(account):
    rates = account.quoted(carrier_ids=[STAMPS_COM])["rate_response"]["rates"]
    return f"/labels/rates/{rates[0]['rate_id']}"


def codes(answer):
    return [error["error_code"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("fault", "acted"),
    [
        ("time_out_before", False),
        ("time_out_after", True),
        ("reset_before", False),
        ("reset_after", True),
    ],
)
def test_silence_comes_before_or_after_the_purchase(account, sandbox, fault, acted):
    path = a_rate(account)
    sandbox.misbehave(account.service, BUY, fault)

    with pytest.raises((requests.ConnectionError, requests.ReadTimeout)):
        account.send("POST", path, {}, seconds=0.5)

    assert len(sandbox.books()["labels"]) == acted
    assert account.balance() == (9993.84 if acted else 10000.0)


@pytest.mark.parametrize(("fault", "acted"), [("error_500", False), ("error_500_after", True)])
def test_an_error_comes_before_or_after_the_purchase(account, sandbox, fault, acted):
    path = a_rate(account)
    sandbox.misbehave(account.service, BUY, fault)

    answer = account.send("POST", path, {})

    assert answer.status_code == 500
    assert answer.content == b"" if account.service == V2 else codes(answer) == ["unspecified"]
    assert len(sandbox.books()["labels"]) == acted


def test_a_rate_limit_is_worded_as_recorded(account, sandbox):
    sandbox.misbehave(account.service, "POST /rates", "rate_limit", seconds=7)

    answer = account.send("POST", "/rates", {})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert codes(answer) == ["rate_limit_exceeded"]


def test_faults_of_one_service_leave_the_other_alone(sandbox):
    older, newer = Account(sandbox, V1), Account(sandbox, V2)
    sandbox.misbehave(V1, "*", "error_500")

    assert newer.ask("GET", "/carriers").status_code == 200
    assert older.send("GET", "/carriers").status_code == 500


def test_an_answer_of_200_may_carry_only_errors(account, sandbox):
    sandbox.misbehave(account.service, "POST /rates", "errors_in_200")
    body = {"rate_options": {"carrier_ids": EVERYBODY}, "shipment": SHIPMENT}

    answer = account.send("POST", "/rates", body)

    assert answer.status_code == 200
    found = answer.json()["rate_response"]
    assert (found["status"], found["rates"]) == ("error", [])
    assert {error["error_code"] for error in found["errors"]} == {"auth_failure"}
    assert account.quoted()["rate_response"]["status"] == "completed"


def test_a_carrier_that_is_down_costs_only_its_own_rates(account, sandbox):
    sandbox.misbehave(account.service, "carrier ups", "carrier_down")

    found = account.quoted()["rate_response"]

    assert found["status"] == "partial"
    assert {rate["carrier_code"] for rate in found["rates"]} == {"stamps_com", "fedex"}
    assert [error["message"] for error in found["errors"]] == [
        "UPS: The carrier did not answer in time."
    ]


def test_a_label_may_be_in_the_making_for_a_while(account, sandbox):
    sandbox.misbehave(account.service, BUY, "label_processing", seconds=0.6)
    rate = account.quoted(external_shipment_id="order-1")["rate_response"]["rates"][0]

    bought = account.send("POST", f"/labels/rates/{rate['rate_id']}", {}).json()
    void = account.void(bought["label_id"])

    assert (bought["status"], bought["label_download"]) == ("processing", None)
    named = "/shipments/external_shipment_id/order-1"
    assert account.ask("GET", named).json()["shipment_status"] == "processing"
    assert (void["approved"], void["reason_code"]) == (False, "validation_failed")
    assert len(sandbox.books()["labels"]) == 1

    def finished():
        return account.send("GET", f"/labels/{bought['label_id']}").json()["status"] == "completed"

    assert wait_for(finished, 5)
    assert account.ask("GET", named).json()["shipment_status"] == "label_purchased"
    assert account.label(bought["label_id"])["label_download"]["pdf"].endswith(".pdf")


def test_a_download_can_fail_like_any_other_call_and_needs_no_key(account, sandbox):
    link = account.bought()["label_download"]["pdf"]
    sandbox.misbehave(account.service, "GET /downloads/*", "error_500")

    statuses = [requests.get(link, timeout=5).status_code for _ in range(2)]

    assert statuses == [500, 200]
    wrong = link.replace("/downloads/10/", "/downloads/10/0")
    assert requests.get(wrong, timeout=5).status_code == 404


def test_without_a_key_nothing_is_answered(account):
    url = f"{account.sandbox.url}/{account.service}{account.prefix}/carriers"

    answer = requests.get(url, timeout=5)

    assert (answer.status_code, codes(answer)) == (401, ["unauthorized"])
    assert answer.headers["x-shipengine-requestid"] == answer.json()["request_id"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "request_body_required"),
        ({"shipment": SHIPMENT}, "field_value_required"),
        ({"rate_options": {"carrier_ids": ["se-1"]}}, "invalid_field_value"),
        ({"rate_options": {"carrier_ids": [UPS]}}, "field_value_required"),
        (
            {"rate_options": {"carrier_ids": [UPS]}, "shipment": {**SHIPMENT, "ship_to": {}}},
            "field_value_required",
        ),
        (
            {"rate_options": {"carrier_ids": [UPS]}, "shipment": {**SHIPMENT, "packages": []}},
            "field_value_required",
        ),
        *(
            (
                {
                    "rate_options": {"carrier_ids": [UPS]},
                    "shipment": {**SHIPMENT, "packages": packages},
                },
                "invalid_field_value",
            )
            for packages in (
                [PACKAGE, PACKAGE],
                [{"weight": {"value": 1, "unit": "stone"}}],
                [{"weight": {"value": 0, "unit": "ounce"}}],
                [{"weight": {"value": "1", "unit": "ounce"}}],
            )
        ),
    ],
)
def test_a_quote_that_cannot_be_read_is_refused(account, body, code):
    answer = account.send("POST", "/rates", body)

    assert answer.status_code == 400
    assert codes(answer) == [code]


def test_what_nobody_knows_is_not_found(account):
    unknown = [
        ("POST", "/labels/rates/se-1"),
        ("GET", "/shipments/se-1"),
        ("GET", "/rockets"),
        ("PUT", "/labels/se-1/void"),
    ]
    known_shipment = {"rate_options": {"carrier_ids": [UPS]}, "shipment_id": "se-1"}

    answers = [account.send(method, path, {}) for method, path in unknown]
    answers.append(account.send("POST", "/rates", known_shipment))

    assert [answer.status_code for answer in answers] == [404] * 5


def test_a_label_in_an_unknown_format_is_not_bought(account, sandbox):
    answer = account.send("POST", a_rate(account), {"label_format": "epl2"})

    assert (answer.status_code, codes(answer)) == (400, ["invalid_field_value"])
    assert sandbox.books()["labels"] == []


def test_an_external_id_is_cut_where_the_specification_cuts_it(account):
    long = "o" * 60
    body = {"rate_options": {"carrier_ids": [UPS]}, "shipment": SHIPMENT}
    body["shipment"] = {**SHIPMENT, "external_shipment_id": long}

    answer = account.send("POST", "/rates", body)

    assert answer.json()["external_shipment_id"] == "o" * 50


def test_a_balance_is_set_for_a_service_that_exists(account, sandbox):
    door = f"{sandbox.url}/carrier/balance"
    wishes = [{"balance": "much", "service": V1}, {"balance": "1", "service": "ups"}]

    statuses = [requests.post(door, json=wish, timeout=5).status_code for wish in wishes]

    assert statuses == [400, 400]


@pytest.mark.parametrize("service", [V1, V2])
def test_the_account_is_the_same_after_kill_nine_and_restart(killable, shop, service):
    account = Account(killable.world, service)
    account.ask("POST", "/environment/webhooks", {"event": "track", "url": shop.url})
    label = account.bought(external_shipment_id="order-1", carrier_ids=[STAMPS_COM])
    voided = account.bought(carrier_ids=[STAMPS_COM])
    account.void(voided["label_id"])
    killable.world.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})
    shop.hears(1)
    file = requests.get(label["label_download"]["pdf"], timeout=5).content
    before = [
        killable.world.books(),
        killable.world.get("/shipengine/jwks").json(),
        account.balance(),
        account.label(label["label_id"]),
        account.ask("GET", f"/labels/{label['label_id']}/track").json(),
    ]
    before[0]["calls"] = None

    killable.kill()
    killable.start()

    after = [
        killable.world.books(),
        killable.world.get("/shipengine/jwks").json(),
        account.balance(),
        account.label(label["label_id"]),
        account.ask("GET", f"/labels/{label['label_id']}/track").json(),
    ]
    after[0]["calls"] = None
    assert after == before
    assert requests.get(label["label_download"]["pdf"], timeout=5).content == file
    named = account.ask("GET", "/shipments/external_shipment_id/order-1").json()
    assert named["shipment_id"] == label["shipment_id"]


@pytest.mark.parametrize(("scanned", "outcome"), [(False, "refunded"), (True, "rejected")])
def test_left_alone_a_refund_is_decided_by_itself_even_after_a_restart(tmp_path, scanned, outcome):
    settings = SandboxSettings(journal=tmp_path / "world.journal", refund_seconds=0.5)
    client, key = create_app(settings).test_client(), {"API-Key": "TEST_x"}
    body = {"rate_options": {"carrier_ids": [STAMPS_COM]}, "shipment": SHIPMENT}
    quoted = client.post("/shipengine/v1/rates", json=body, headers=key).json
    rate_id = quoted["rate_response"]["rates"][0]["rate_id"]
    path = "/shipengine/v1/labels"
    label = client.post(f"{path}/rates/{rate_id}", json={}, headers=key).json
    client.put(f"{path}/{label['label_id']}/void", headers=key)
    if scanned:
        client.post(f"/tracking/{label['tracking_number']}", json={"status": "in_transit"})

    again = create_app(settings).test_client()

    def decided():
        [entry] = again.get("/world/books").json["labels"]
        return entry["status"] if entry["status"] != "submitted" else None

    assert wait_for(decided, 5) == outcome
