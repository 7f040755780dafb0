"""Misbehaviour on order: what a caller sees, and whether the sandbox had acted."""

import socket
import time

import pytest
import requests

from sandbox.faults import KNOWN
from tests.sandbox.world import EASYPOST_KEY, SENDER, bought, easypost, oxapay, quoted

BUY = "POST /shipments/*/buy"


def buy(sandbox, shipment, timeout=5):
    return requests.post(
        f"{sandbox.url}/easypost/v2/shipments/{shipment['id']}/buy",
        json={"rate": {"id": shipment["rates"][0]["id"]}},
        headers=EASYPOST_KEY,
        timeout=timeout,
    )


def sold(sandbox):
    return [label["shipment_id"] for label in sandbox.books()["labels"]]


@pytest.mark.parametrize(("fault", "acted"), [("time_out_before", False), ("time_out_after", True)])
def test_a_time_out_leaves_the_caller_without_an_answer(sandbox, fault, acted):
    shipment = quoted(sandbox)
    sandbox.misbehave("easypost", BUY, fault)

    with pytest.raises(requests.ReadTimeout):
        buy(sandbox, shipment, timeout=0.5)

    assert sold(sandbox) == [shipment["id"]] * acted


def test_a_time_out_ends_with_a_dropped_connection_after_its_seconds(sandbox):
    shipment = quoted(sandbox)
    sandbox.misbehave("easypost", BUY, "time_out_after", seconds=0.3)

    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        buy(sandbox, shipment)

    assert 0.3 <= time.monotonic() - started < 3
    assert sold(sandbox) == [shipment["id"]]


@pytest.mark.parametrize(("fault", "acted"), [("reset_before", False), ("reset_after", True)])
def test_a_reset_is_a_real_one(sandbox, fault, acted):
    shipment = quoted(sandbox)
    sandbox.misbehave("easypost", BUY, fault)

    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        buy(sandbox, shipment)

    assert sold(sandbox) == [shipment["id"]] * acted
    assert easypost(sandbox, "GET", f"/shipments/{shipment['id']}").status_code == 200


@pytest.mark.parametrize("fault", ["time_out_before", "reset_before", "reset_after"])
def test_gunicorn_drops_connections_as_ordered_and_goes_on(killable, fault):
    shipment = quoted(killable.world)
    killable.world.misbehave("easypost", BUY, fault, seconds=0.1)

    with pytest.raises(requests.ConnectionError):
        buy(killable.world, shipment)

    assert sold(killable.world) == [shipment["id"]] * (fault == "reset_after")
    assert buy(killable.world, shipment).status_code == (422 if fault == "reset_after" else 200)


@pytest.mark.parametrize(("fault", "acted"), [("error_500", False), ("error_500_after", True)])
def test_an_error_comes_before_or_after_the_deed(sandbox, fault, acted):
    shipment = quoted(sandbox)
    sandbox.misbehave("easypost", BUY, fault)

    answer = buy(sandbox, shipment)

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "INTERNAL_SERVER_ERROR"
    assert sold(sandbox) == [shipment["id"]] * acted


def test_a_rate_limit_says_when_to_come_back(sandbox):
    sandbox.misbehave("easypost", "GET /users", "rate_limit", seconds=7)
    sandbox.misbehave("oxapay", "GET /payment", "rate_limit")

    carrier, payments = easypost(sandbox, "GET", "/users"), oxapay(sandbox, "GET", "/payment")

    assert (carrier.status_code, carrier.headers["Retry-After"]) == (429, "7")
    assert carrier.json()["error"]["code"] == "RATE_LIMITED"
    assert (payments.status_code, payments.json()["status"]) == (429, 429)
    assert easypost(sandbox, "GET", "/users").status_code == 200


def test_garbage_is_no_json(sandbox):
    sandbox.misbehave("oxapay", "GET /payment/*", "garbage")

    answer = oxapay(sandbox, "GET", "/payment/1")

    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


def test_a_slow_answer_is_a_right_one(sandbox):
    sandbox.misbehave("easypost", "GET /users", "slow", seconds=0.3)

    started = time.monotonic()
    answer = easypost(sandbox, "GET", "/users")

    assert time.monotonic() - started >= 0.3
    assert answer.json()["object"] == "User"


def test_a_fault_strikes_as_often_as_ordered_and_only_its_call(sandbox):
    sandbox.misbehave("easypost", "GET /users", "error_500", times=2)

    accounts = easypost(sandbox, "GET", "/carrier_accounts").status_code
    users = [easypost(sandbox, "GET", "/users").status_code for _ in range(3)]

    assert accounts == 200
    assert users == [500, 500, 200]


def test_faults_can_be_taken_back(sandbox):
    sandbox.misbehave("easypost", "*", "error_500", times=99)
    assert len(sandbox.get("/world/faults").json()["faults"]) == 1

    sandbox.behave()

    assert sandbox.get("/world/faults").json() == {"faults": []}
    assert easypost(sandbox, "GET", "/users").status_code == 200


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"service": "easypost", "call": "*", "fault": "tired"}, "unknown fault 'tired', known: "),
        ({"service": "ups", "call": "*", "fault": "slow"}, "unknown service 'ups', known: "),
        ({"service": "oxapay", "fault": "slow", "times": 0}, "times is"),
        ({"service": "oxapay", "fault": "slow", "times": 1.5}, "times is"),
        ({"service": "oxapay", "fault": "slow", "seconds": -1}, "seconds is"),
        ({"service": "oxapay", "fault": "slow", "seconds": "long"}, "seconds is"),
        ({"service": "oxapay", "fault": "slow", "when": "now"}, "unknown: when"),
        ({"fault": "slow"}, "a fault is"),
        ("slow", "a fault is"),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused_with_the_reason(sandbox, wish, told):
    good = {"service": "easypost", "call": "*", "fault": "error_500"}

    answer = requests.post(f"{sandbox.url}/world/faults", json=[good, wish], timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(told)
    assert sandbox.get("/world/faults").json() == {"faults": []}


def test_a_refused_fault_is_answered_with_all_known_ones(sandbox):
    wish = [{"service": "easypost", "call": "*", "fault": "nope"}]

    answer = requests.post(f"{sandbox.url}/world/faults", json=wish, timeout=5)

    assert answer.json()["error"].endswith(", ".join(KNOWN))


def test_only_a_list_of_faults_is_read(sandbox):
    for body in (b"{}", b"nonsense"):
        answer = requests.post(f"{sandbox.url}/world/faults", data=body, timeout=5)

        assert answer.status_code == 400


def test_a_caller_that_hangs_up_frees_the_thread_it_held(sandbox):
    """Otherwise a load test that times out a lot would use up all threads of the sandbox."""
    sandbox.misbehave("easypost", "GET /users", "time_out_before", seconds=60)
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as caller:
        caller.sendall(b"GET /easypost/v2/users HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(0.2)

    assert easypost(sandbox, "GET", "/users").status_code == 200


def test_calls_are_counted_by_pattern(sandbox):
    bought(sandbox)
    easypost(sandbox, "GET", "/shipments/some-reference")
    easypost(sandbox, "POST", "/addresses", {"address": SENDER})

    assert sandbox.books()["calls"] == {
        "easypost GET /shipments/*": 1,
        "easypost POST /addresses": 1,
        "easypost POST /shipments": 1,
        "easypost POST /shipments/*/buy": 1,
    }
