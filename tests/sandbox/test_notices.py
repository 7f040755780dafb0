"""Delivery of notices: tries again until `ok`, and goes wrong in each ordered way."""

import time

import pytest
import requests

from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from tests.sandbox.test_payers import expire, pay, signed
from tests.sandbox.world import OXAPAY_KEY, information, invoiced


def paid_under(sandbox, shop, fault, **more):
    sandbox.misbehave("oxapay", "notice", fault, **more)
    invoice = invoiced(sandbox, shop)
    pay(sandbox, invoice, "12.50")
    return invoice


def test_a_notice_is_tried_until_the_shop_says_ok(sandbox, shop):
    """The retry times are divided by 600 here: 0.1, 0.3, 3 and 18 seconds."""
    shop.answers = [(500, b"ok"), (200, b"thanks"), (200, b"OK\n")]
    invoice = invoiced(sandbox, shop)

    pay(sandbox, invoice, "12.50")

    heard = shop.hears(3)
    assert len({notice.body for notice in heard}) == 1
    assert all(signed(notice) for notice in heard)
    assert shop.hears(4, seconds=0.5) == heard


def test_a_shop_that_is_down_hears_it_when_it_is_back(sandbox, shop):
    invoice = invoiced(sandbox, shop, callback_url="http://127.0.0.1:9/nobody")

    pay(sandbox, invoice, "12.50")

    assert information(sandbox, invoice)["status"] == "paid"
    assert shop.heard == []


def test_after_the_last_try_only_asking_tells(shop):
    shop.answers = [(500, b"no")]
    settings = SandboxSettings(retry_divisor=1_000_000)
    client = create_app(settings).test_client()
    wishes = {"amount": 5, "callback_url": shop.url}
    path = "/oxapay/v1/payment/invoice"
    made = client.post(path, json=wishes, headers=OXAPAY_KEY).json["data"]
    client.post(f"/checkout/oxapay/{made['track_id']}/pay", json={"amount": "5"})

    assert len(shop.hears(6, seconds=1)) == 5


def test_a_lost_notice_never_comes_but_asking_tells(sandbox, shop):
    invoice = paid_under(sandbox, shop, "notice_lost")

    assert shop.hears(1, seconds=0.5) == []
    assert information(sandbox, invoice)["status"] == "paid"


def test_a_notice_comes_twice(sandbox, shop):
    paid_under(sandbox, shop, "notice_twice")

    first, second = shop.hears(2)
    assert first.body == second.body
    assert signed(first)
    assert signed(second)
    assert len(shop.hears(3, seconds=0.3)) == 2


def test_a_notice_comes_late(sandbox, shop):
    started = time.monotonic()
    paid_under(sandbox, shop, "notice_late", seconds=0.6)

    [late] = shop.hears(1)
    assert time.monotonic() - started >= 0.6
    assert signed(late)


def test_a_notice_is_overtaken_by_the_next_one(sandbox, shop):
    sandbox.misbehave("oxapay", "notice", "notice_reordered")
    invoice = invoiced(sandbox, shop)

    pay(sandbox, invoice, "12.50", "later")
    pay(sandbox, invoice, "12.50", "now")

    shop.hears(2)
    assert shop.statuses() == ["Paid", "Paying"]
    assert len(shop.hears(3, seconds=0.3)) == 2


def test_with_nothing_to_overtake_it_a_reordered_notice_is_a_late_one(sandbox, shop):
    paid_under(sandbox, shop, "notice_reordered", seconds=0.3)

    assert len(shop.hears(1)) == 1


def test_a_forged_notice_claims_more_under_a_wrong_key_and_the_true_one_follows(sandbox, shop):
    paid_under(sandbox, shop, "notice_forged")

    forged, true = shop.hears(2)
    assert (signed(forged), signed(true)) == (False, True)
    assert forged.json["amount"] == 100 * true.json["amount"] == 1250
    assert (forged.json["track_id"], forged.json["status"]) == (true.json["track_id"], "Paid")


@pytest.mark.parametrize("call", ["notice", "*", "POST /webhooks/oxapay", None])
def test_a_fault_of_notices_needs_no_name_of_a_call(sandbox, shop, call):
    wish = {"service": "oxapay", "fault": "notice_lost"} | ({"call": call} if call else {})
    sandbox.post("/world/faults", [wish])
    invoice = invoiced(sandbox, shop)

    pay(sandbox, invoice, "12.50")
    expire(sandbox, invoiced(sandbox, shop))

    shop.hears(1)
    assert shop.statuses() == ["Expired"]


def test_an_ordinary_fault_does_not_touch_notices(sandbox, shop):
    sandbox.misbehave("oxapay", "*", "error_500")
    sandbox.misbehave("easypost", "*", "notice_lost")

    invoice = requests.post(f"{sandbox.url}/oxapay/v1/payment/invoice", json={}, timeout=5)
    pay(sandbox, invoiced(sandbox, shop), "12.50")

    assert invoice.status_code == 500
    assert len(shop.hears(1)) == 1
