"""What was answered is remembered after a kill, and nothing is done twice."""

import requests

from sandbox.app import create_app
from sandbox.journal import Journal
from sandbox.settings import SandboxSettings
from tests.customer import wait_for
from tests.sandbox.world import (
    BUYER,
    EASYPOST_KEY,
    OXAPAY_KEY,
    PARCEL,
    SENDER,
    bought,
    easypost,
    information,
    invoiced,
    quoted,
)


def test_the_world_is_the_same_after_kill_nine_and_restart(killable, shop):
    world = killable.world
    label, unbought = bought(world, reference="order-1"), quoted(world, reference="order-2")
    invoice, paid = invoiced(world, shop), invoiced(world, shop, order_id="top-up-2")
    world.pay(paid["payment_url"], "12.50")
    world.misbehave("easypost", "GET /users", "error_500", times=3)
    easypost(world, "GET", "/users")
    file = requests.get(label["postage_label"]["label_url"], timeout=5)
    before = world.books()

    killable.kill()
    killable.start()

    assert world.books() == before
    assert world.get("/world/faults").json()["faults"][0]["times"] == 2
    assert information(world, invoice)["status"] == "new"
    assert information(world, paid)["status"] == "paid"
    found = easypost(world, "GET", "/shipments/order-1").json()
    assert found["tracking_code"] == label["tracking_code"]
    assert easypost(world, "GET", f"/shipments/{unbought['id']}").json() == unbought
    assert requests.get(label["postage_label"]["label_url"], timeout=5).content == file.content


def test_a_notice_that_was_not_taken_is_delivered_after_a_restart(killable, shop):
    shop.answers = [(503, b"later"), (200, b"ok")]
    invoice = invoiced(killable.world, shop)
    killable.world.pay(invoice["payment_url"], "12.50")
    assert len(shop.hears(1)) == 1

    killable.kill()
    killable.start()

    assert [notice.body for notice in shop.hears(2)] == [shop.heard[0].body] * 2


def test_a_half_written_line_is_forgotten_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "world.journal"
    journal = Journal(path)
    journal.record("a", {"number": 1})
    journal.close()
    with path.open("ab") as file:
        file.write(b'{"part":"a","event":{"num')

    journal, seen = Journal(path), []
    journal.subscribe("a", seen.append)
    journal.record("a", {"number": 2})
    journal.replay()
    journal.close()

    assert seen == [{"number": 1}, {"number": 2}]


def test_voids_and_confirmations_go_on_after_a_restart(tmp_path):
    settings = SandboxSettings(
        journal=tmp_path / "world.journal", refund_seconds=0.3, confirm_seconds=0.3
    )
    client = create_app(settings).test_client()
    path, wishes = "/oxapay/v1/payment/invoice", {"amount": 5, "order_id": "top-up-1"}
    made = client.post(path, json=wishes, headers=OXAPAY_KEY).json["data"]
    later = {"amount": "5", "confirmations": "later"}
    client.post(f"/checkout/oxapay/{made['track_id']}/pay", json=later)
    parcel = {"from_address": SENDER, "to_address": BUYER, "parcel": PARCEL, "service": "Ground"}
    path = "/easypost/v2/shipments"
    label = client.post(path, json={"shipment": parcel}, headers=EASYPOST_KEY).json
    client.post(f"{path}/{label['id']}/refund", json={}, headers=EASYPOST_KEY)

    again = create_app(settings).test_client()

    def statuses():
        books = again.get("/world/books").json
        return books["invoices"][0]["status"], books["labels"][0]["status"]

    assert wait_for(lambda: statuses() == ("paid", "refunded"), 5)


def test_without_a_path_nothing_is_kept():
    journal, seen = Journal(), []
    journal.subscribe("a", seen.append)

    journal.record("a", {"number": 1})
    journal.replay()
    journal.close()

    assert seen == []
