"""The official EasyPost client, unmodified, against the live sandbox."""

import easypost
import pytest
import requests
from easypost.errors.api import (
    InvalidRequestError,
    NotFoundError,
    PaymentError,
    RateLimitError,
    UnauthorizedError,
)

from tests.sandbox.world import BUYER, PARCEL, SENDER


@pytest.fixture
def client(sandbox):
    return connected(sandbox)


def connected(sandbox, key="EZTK-of-a-test"):
    return easypost.EasyPostClient(key, api_base=f"{sandbox.url}/easypost/v2", timeout=10)


def quote(client, **more):
    return client.shipment.create(
        from_address=SENDER, to_address=BUYER, parcel=PARCEL, reference="order-1", **more
    )


def test_it_buys_the_cheapest_label_and_reads_it_back(client):
    shipment = quote(client, options={"label_format": "PDF"})

    label = client.shipment.buy(shipment.id, rate=shipment.lowest_rate())

    assert (label.selected_rate.carrier, label.selected_rate.service) == ("USPS", "GroundAdvantage")
    assert label.postage_label.label_url == label.postage_label.label_pdf_url
    assert client.shipment.retrieve("order-1").tracking_code == label.tracking_code
    file = requests.get(label.postage_label.label_url, timeout=5)
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_second_purchase_is_refused_and_the_first_stands(client, sandbox):
    shipment = quote(client)
    bought = client.shipment.buy(shipment.id, rate=shipment.rates[0])

    with pytest.raises(InvalidRequestError) as refusal:
        client.shipment.buy(shipment.id, rate=shipment.rates[1])

    assert refusal.value.http_status == 422
    assert refusal.value.code == "SHIPMENT.POSTAGE.EXISTS"
    [label] = sandbox.books()["labels"]
    assert (label["tracking_code"], label["cost"]) == (bought.tracking_code, shipment.rates[0].rate)


def test_regenerated_rates_replace_the_old_ones(client):
    shipment = quote(client)

    rates = client.shipment.regenerate_rates(shipment.id).rates

    assert not {rate.id for rate in rates} & {rate.id for rate in shipment.rates}
    assert [rate.rate for rate in rates] == [rate.rate for rate in shipment.rates]
    with pytest.raises(NotFoundError):
        client.shipment.buy(shipment.id, rate=shipment.rates[0])
    assert client.shipment.buy(shipment.id, rate=rates[0]).tracking_code


def test_a_label_comes_in_other_formats(client):
    shipment = quote(client)
    bought = client.shipment.buy(shipment.id, rate=shipment.lowest_rate())
    assert bought.postage_label.label_url.endswith(".png")
    assert bought.postage_label.label_zpl_url is None

    converted = client.shipment.label(shipment.id, file_format="ZPL").postage_label
    client.shipment.label(shipment.id, file_format="EPL2")

    zpl = requests.get(converted.label_zpl_url, timeout=5).text
    assert zpl.startswith("^XA")
    assert bought.tracking_code in zpl
    assert converted.label_url == bought.postage_label.label_url
    with pytest.raises(InvalidRequestError):
        client.shipment.label(shipment.id, file_format="DOC")


def test_only_a_label_made_as_a_picture_is_converted(client):
    shipment = quote(client, options={"label_format": "PDF"})
    client.shipment.buy(shipment.id, rate=shipment.lowest_rate())

    with pytest.raises(InvalidRequestError) as refusal:
        client.shipment.label(shipment.id, file_format="ZPL")

    assert refusal.value.code == "SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE"


def test_a_void_is_asked_for_by_shipment_or_by_tracking_code(client, sandbox):
    labels = [quote(client) for _ in range(2)]
    for shipment in labels:
        client.shipment.buy(shipment.id, rate=shipment.lowest_rate())

    asked = client.shipment.refund(labels[0].id)
    code = client.shipment.retrieve(labels[1].id).tracking_code
    [refund] = client.refund.create(carrier="USPS", tracking_codes=[code])

    assert (asked.refund_status, refund.status) == ("submitted", "submitted")
    assert refund.shipment_id == labels[1].id
    sandbox.post(f"/tracking/{code}/refund", {"status": "refunded"})
    assert client.shipment.retrieve(labels[1].id).refund_status == "refunded"


def test_webhooks_are_registered_and_their_news_is_genuine(client, sandbox, shop):
    hook = client.webhook.create(url=shop.url, webhook_secret="sécret")
    shipment = quote(client)
    bought = client.shipment.buy(shipment.id, rate=shipment.lowest_rate())

    sandbox.post(f"/tracking/{bought.tracking_code}", {"status": "delivered"})

    [heard] = shop.hears(1)
    event = easypost.util.validate_webhook(heard.body, heard.headers, "sécret")
    assert (event["description"], event["result"]["status"]) == ("tracker.updated", "delivered")
    assert [one.id for one in client.webhook.all()["webhooks"]] == [hook.id]
    client.webhook.delete(hook.id)
    assert client.webhook.all()["webhooks"] == []


def test_goods_are_declared_with_the_shipment(client):
    item = {"description": "Shirts", "quantity": 2, "weight": 11, "value": 23.25}
    declared = client.customs_info.create(customs_items=[item], contents_type="gift")

    shipment = quote(client, customs_info={"contents_type": "gift", "customs_items": [item]})

    assert (declared.contents_type, declared.customs_items[0].value) == ("gift", "23.25")
    assert shipment.customs_info.customs_items[0].description == "Shirts"


def test_pages_hold_bought_labels_unless_asked_for_the_others(client):
    unbought = [quote(client) for _ in range(2)]
    bought = [quote(client) for _ in range(3)]
    for shipment in bought:
        client.shipment.buy(shipment.id, rate=shipment.lowest_rate())

    first = client.shipment.all(page_size=2)
    second = client.shipment.get_next_page(first, page_size=2)

    newest = [shipment.id for shipment in reversed(bought)]
    assert [shipment.id for shipment in first["shipments"]] == newest[:2]
    assert first["has_more"] is True
    assert [shipment.id for shipment in second["shipments"]] == newest[2:]
    assert second["has_more"] is False
    others = client.shipment.all(purchased=False)["shipments"]
    assert [shipment.id for shipment in others] == [one.id for one in reversed(unbought)]
    newer = client.shipment.all(after_id=bought[0].id, page_size=1)
    assert [shipment.id for shipment in newer["shipments"]] == [bought[1].id]
    assert client.shipment.all(end_datetime="2020-01-01T00:00:00Z")["shipments"] == []
    assert len(client.shipment.all(start_datetime="2020-01-01T00:00:00Z")["shipments"]) == 3


def test_the_balance_pays_for_labels_until_it_is_spent(client, sandbox):
    sandbox.post("/carrier/balance", {"balance": "6.50"})
    shipments = [quote(client) for _ in range(2)]

    client.shipment.buy(shipments[0].id, rate=shipments[0].lowest_rate())
    with pytest.raises(PaymentError) as refusal:
        client.shipment.buy(shipments[1].id, rate=shipments[1].lowest_rate())

    assert (refusal.value.http_status, refusal.value.code) == (402, "PAYMENT_REQUIRED")
    assert client.user.retrieve_me().balance == "0.43000"
    assert [one["shipment_id"] for one in sandbox.books()["labels"]] == [shipments[0].id]


def test_what_was_rated_to_a_post_box_only_the_post_sells(client, sandbox):
    shipment = client.shipment.create(
        from_address=SENDER, to_address={**BUYER, "street1": "P.O. Box 7"}, parcel=PARCEL
    )

    with pytest.raises(InvalidRequestError) as refusal:
        client.shipment.buy(shipment.id, rate=shipment.lowest_rate(carriers=["UPS"]))

    assert (refusal.value.http_status, refusal.value.code) == (422, "SHIPMENT.POSTAGE.FAILURE")
    assert refusal.value.message == "UPS does not deliver to P.O. boxes."
    assert sandbox.books()["labels"] == []
    client.shipment.buy(shipment.id, rate=shipment.lowest_rate(carriers=["USPS"]))
    assert len(sandbox.books()["labels"]) == 1


def test_addresses_are_corrected_or_refused(client):
    good = client.address.create(**SENDER, verify=True)
    bad = client.address.create(street1="000 unknown street", zip="00001", verify=True)

    assert (good.street1, good.city, good.zip[:6]) == (
        "388 TOWNSEND ST APT 20",
        "SAN FRANCISCO",
        "94107-",
    )
    assert good.verifications.delivery.success is True
    assert bad.verifications.delivery.success is False
    assert bad.verifications.delivery.errors[0].code == "E.ADDRESS.NOT_FOUND"
    assert client.address.verify(good.id).id == good.id
    assert client.address.retrieve(good.id).zip == good.zip
    with pytest.raises(InvalidRequestError) as refusal:
        client.address.create_and_verify(street1="Townsend", city="x", state="CA", zip="94107")
    assert refusal.value.code == "ADDRESS.VERIFY.FAILURE"
    assert refusal.value.errors[0]["code"] == "E.HOUSE_NUMBER.MISSING"


def test_a_shipment_may_name_its_addresses_by_id(client):
    sender, buyer = client.address.create(**SENDER), client.address.create(**BUYER)

    shipment = client.shipment.create(
        from_address={"id": sender.id},
        to_address={"id": buyer.id},
        return_address={"id": buyer.id},
        parcel=PARCEL,
    )

    assert shipment.from_address.id == sender.id
    assert shipment.return_address.id == buyer.id


def test_what_is_missing_or_unknown_is_named(client):
    for given, field in (
        ({}, "shipment"),
        ({"to_address": BUYER, "parcel": PARCEL}, "from_address"),
        ({"to_address": BUYER, "from_address": SENDER}, "parcel"),
        ({"to_address": BUYER, "from_address": SENDER, "parcel": {"weight": -1}}, "weight"),
    ):
        with pytest.raises(InvalidRequestError) as refusal:
            client.shipment.create(**given)
        assert refusal.value.errors[0]["field"] == field

    for ask in (client.shipment.retrieve, client.address.retrieve, client.tracker.retrieve):
        with pytest.raises(NotFoundError):
            ask("shp_nowhere")
    with pytest.raises(NotFoundError):
        client.batch.retrieve("batch_1")


def test_each_key_has_its_mode_and_no_key_is_refused(client, sandbox):
    production = quote(connected(sandbox, "EZAK-of-a-test"))
    nobody = requests.get(f"{sandbox.url}/easypost/v2/users", timeout=5)
    basic = requests.get(f"{sandbox.url}/easypost/v2/users", auth=("EZTK1", ""), timeout=5)

    assert (quote(client).mode, production.mode) == ("test", "production")
    assert (nobody.status_code, nobody.json()["error"]["errors"]) == (401, [])
    assert basic.status_code == 200
    with pytest.raises(UnauthorizedError):
        connected(sandbox, " ").user.retrieve_me()


def test_the_official_test_codes_are_known(client):
    statuses = [
        client.tracker.create(tracking_code=f"EZ{number}00000000{number}").status
        for number in range(1, 8)
    ]

    assert statuses == [
        "pre_transit",
        "in_transit",
        "out_for_delivery",
        "delivered",
        "return_to_sender",
        "failure",
        "unknown",
    ]


def test_a_rate_limit_is_read_as_one(client, sandbox):
    """It asks more than once before it gives up."""
    sandbox.misbehave("easypost", "GET /shipments", "rate_limit", seconds=0, times=99)

    with pytest.raises(RateLimitError):
        client.shipment.all()

    sandbox.behave()
    assert client.shipment.all()["shipments"] == []
