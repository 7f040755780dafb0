"""Rates, purchases and what is found of them at the sandbox's ShipEngine and ShipStation."""

from io import BytesIO

import pytest
import requests
from PIL import Image
from pypdf import PdfReader

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
    prices,
)


@pytest.fixture(params=[V1, V2])
def account(sandbox, request):
    return Account(sandbox, request.param)


def test_three_carriers_are_listed_and_one_is_paid_from_the_balance(account):
    carriers = account.ask("GET", "/carriers").json()["carriers"]

    assert [carrier["carrier_code"] for carrier in carriers] == ["stamps_com", "ups", "fedex"]
    assert [carrier["requires_funded_amount"] for carrier in carriers] == [True, False, False]
    assert [carrier["balance"] for carrier in carriers] == [10000.0, 0.0, 0.0]
    assert account.ask("GET", f"/carriers/{UPS}").json() == carriers[1]
    assert account.ask("GET", "/carriers/se-1").status_code == 404


def test_all_carriers_are_quoted_and_the_same_parcel_has_the_same_price(account):
    near, again = account.quoted(), account.quoted()
    far = account.quoted(ship_to={**BUYER, "postal_code": "10036", "state_province": "NY"})
    heavy = account.quoted(packages=[{**PACKAGE, "weight": {"value": 10, "unit": "pound"}}])

    assert near["rate_response"]["status"] == "completed"
    assert prices(near) == prices(again)
    assert prices(near)["usps_ground_advantage"] == 6.16
    assert len(prices(near)) == 11
    for dearer in (far, heavy):
        assert all(price > prices(near)[name] for name, price in prices(dearer).items())


def test_units_of_weight_and_size_mean_the_same_parcel(account):
    metric = {
        "weight": {"value": 436.6, "unit": "gram"},
        "dimensions": {"unit": "centimeter", "length": 25.4, "width": 20.3, "height": 10.1},
    }

    assert prices(account.quoted(packages=[metric])) == prices(account.quoted())


def test_what_a_carrier_will_not_take_is_an_invalid_rate_with_the_reason(account):
    heavy = {"packages": [{**PACKAGE, "weight": {"value": 71, "unit": "pound"}}]}

    quoted = account.quoted(**heavy)["rate_response"]

    assert {rate["carrier_code"] for rate in quoted["rates"]} == {"ups", "fedex"}
    assert {rate["carrier_code"] for rate in quoted["invalid_rates"]} == {"stamps_com"}
    for refused in quoted["invalid_rates"]:
        assert refused["validation_status"] == "invalid"
        assert refused["error_messages"] == ["The package weight exceeds the maximum of 70 lbs."]


def test_an_unknown_postal_code_is_an_error_of_each_carrier_and_no_rate(account):
    nowhere = account.quoted(ship_to={**BUYER, "postal_code": "00001"})["rate_response"]

    assert (nowhere["status"], nowhere["rates"]) == ("error", [])
    assert [error["error_source"] for error in nowhere["errors"]] == ["carrier"] * 3
    told = [error["message"].partition(":")[0] for error in nowhere["errors"]]
    assert told == ["Stamps.com", "UPS", "FedEx"]


def test_only_the_carriers_and_services_that_were_asked_for_are_quoted(account):
    options = {"carrier_ids": [UPS], "service_codes": ["ups_ground"]}
    shipment = {"ship_to": BUYER, "ship_from": SENDER, "packages": [PACKAGE]}

    answer = account.ask("POST", "/rates", {"rate_options": options, "shipment": shipment})

    assert prices(answer.json()) == {"ups_ground": 10.08}


def test_a_known_shipment_is_quoted_anew_with_new_rate_ids(account):
    first = account.quoted(external_shipment_id="order-1")
    again = {"rate_options": {"carrier_ids": EVERYBODY}, "shipment_id": first["shipment_id"]}

    second = account.ask("POST", "/rates", again).json()

    assert second["shipment_id"] == first["shipment_id"]
    assert prices(second) == prices(first)
    ids = [{rate["rate_id"] for rate in one["rate_response"]["rates"]} for one in (first, second)]
    assert ids[0].isdisjoint(ids[1])
    rate = first["rate_response"]["rates"][0]
    # The specification requires here what it says nothing of.
    assert account.send("GET", f"/rates/{rate['rate_id']}").json() == rate


def test_an_external_id_names_one_shipment_of_the_account(account):
    first = account.quoted(external_shipment_id="order-1")
    shipment = {"ship_to": BUYER, "ship_from": SENDER, "packages": [PACKAGE]}
    again = {
        "rate_options": {"carrier_ids": EVERYBODY},
        "shipment": {**shipment, "external_shipment_id": "order-1"},
    }

    refused = account.ask("POST", "/rates", again)

    assert refused.status_code == 400
    assert [error["error_code"] for error in refused.json()["errors"]] == ["identifier_conflict"]
    found = account.ask("GET", "/shipments/external_shipment_id/order-1").json()
    assert found["shipment_id"] == first["shipment_id"]
    assert account.ask("GET", f"/shipments/{first['shipment_id']}").json() == found
    assert account.ask("GET", "/shipments/external_shipment_id/order-2").status_code == 404


def test_a_purchase_draws_from_the_balance_and_is_in_the_books(account, sandbox):
    label = account.bought(external_shipment_id="order-1", carrier_ids=[STAMPS_COM])

    assert label["status"] == "completed"
    assert label["shipment_cost"] == {"currency": "usd", "amount": 6.16}
    assert account.balance() == 9993.84
    assert sandbox.books()["labels"] == [
        {
            "service": account.service,
            "shipment_id": label["shipment_id"],
            "reference": "order-1",
            "tracking_code": label["tracking_number"],
            "cost": "6.16",
            "status": "purchased",
            "bought_at": label["created_at"],
        }
    ]
    named = account.ask("GET", "/shipments/external_shipment_id/order-1").json()
    assert named["shipment_status"] == "label_purchased"


def test_what_was_rated_to_a_post_box_only_the_post_sells(account, sandbox):
    box = {**BUYER, "address_line1": "PO Box 7"}
    [rate, *_] = account.quoted(ship_to=box, carrier_ids=[UPS])["rate_response"]["rates"]

    refused = account.ask("POST", f"/labels/rates/{rate['rate_id']}", {})

    [error] = refused.json()["errors"]
    assert (refused.status_code, error["error_source"]) == (400, "carrier")
    assert error["message"] == "UPS does not deliver to P.O. boxes."
    assert sandbox.books()["labels"] == []
    assert account.bought(ship_to=box, carrier_ids=[STAMPS_COM])["status"] == "completed"


def test_a_carrier_that_bills_the_shop_itself_leaves_the_balance_alone(account):
    account.bought(carrier_ids=[UPS])

    assert account.balance() == 10000.0


def test_the_two_services_are_two_accounts(sandbox):
    older, newer = Account(sandbox, V1), Account(sandbox, V2)

    label = older.bought(external_shipment_id="order-1", carrier_ids=[STAMPS_COM])
    newer.quoted(external_shipment_id="order-1")

    assert (older.balance(), newer.balance()) == (9993.84, 10000.0)
    assert newer.ask("GET", f"/labels/{label['label_id']}").status_code == 404


def test_without_funds_nothing_is_bought(account, sandbox):
    sandbox.post("/carrier/balance", {"service": account.service, "balance": "6.15"})
    rates = account.quoted()["rate_response"]["rates"]

    answer = account.ask("POST", f"/labels/rates/{rates[0]['rate_id']}", {})

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["error_source"], error["error_code"]) == ("carrier", "insufficient_funds")
    assert sandbox.books()["labels"] == []
    assert account.balance() == 6.15


def test_the_same_rate_bought_twice_is_two_labels(account, sandbox):
    """Nobody promises otherwise, so the sandbox does the worst."""
    rate = account.quoted(carrier_ids=[STAMPS_COM])["rate_response"]["rates"][0]

    for _ in range(2):
        account.ask("POST", f"/labels/rates/{rate['rate_id']}", {})

    assert len(sandbox.books()["labels"]) == 2
    assert account.balance() == 9987.68


def test_labels_are_found_by_shipment_rate_number_and_time(account):
    first = account.bought(external_shipment_id="order-1")
    rate_id = account.quoted()["rate_response"]["rates"][3]["rate_id"]
    second = account.ask("POST", f"/labels/rates/{rate_id}", {}).json()

    def found(query):
        return [one["label_id"] for one in account.ask("GET", f"/labels?{query}").json()["labels"]]

    assert found("") == [second["label_id"], first["label_id"]]
    assert found("sort_dir=asc") == [first["label_id"], second["label_id"]]
    assert found(f"shipment_id={first['shipment_id']}") == [first["label_id"]]
    assert found(f"rate_id={rate_id}") == [second["label_id"]]
    assert found(f"tracking_number={first['tracking_number']}") == [first["label_id"]]
    assert found(f"created_at_start={second['created_at']}") == [second["label_id"]]
    assert found(f"created_at_end={first['created_at']}") == [first["label_id"]]
    assert found("label_status=voided") == []


def test_a_list_of_labels_has_pages(account):
    labels = [account.bought()["label_id"] for _ in range(3)]

    first = account.ask("GET", "/labels?page=1&page_size=2").json()
    second = requests.get(
        first["links"]["next"]["href"], headers={"API-Key": "x"}, timeout=5
    ).json()

    assert (first["total"], first["page"], first["pages"]) == (3, 1, 2)
    assert [one["label_id"] for one in first["labels"]] == [labels[2], labels[1]]
    assert [one["label_id"] for one in second["labels"]] == [labels[0]]
    assert (first["links"]["prev"], second["links"]["next"]) == ({}, {})
    assert account.send("GET", "/labels?page=0").status_code == 400
    assert account.send("GET", "/labels?created_at_start=soon").status_code == 400


def test_only_the_older_one_finds_labels_by_external_id(sandbox):
    older, newer = Account(sandbox, V1), Account(sandbox, V2)
    label = older.bought(external_shipment_id="order-1")
    older.quoted(external_shipment_id="order-2")

    assert older.ask("GET", "/labels/external_shipment_id/order-1").json() == label
    assert older.ask("GET", "/labels/external_shipment_id/order-2").status_code == 404
    assert older.ask("GET", "/labels/external_shipment_id/order-3").status_code == 404
    assert newer.send("GET", "/labels/external_shipment_id/order-1").status_code == 404


@pytest.mark.parametrize(("layout", "width", "height"), [("4x6", 288, 432), ("letter", 612, 792)])
def test_a_pdf_has_the_size_of_its_layout_and_says_what_a_label_says(
    account, layout, width, height
):
    label = account.bought(
        wishes={"label_format": "pdf", "label_layout": layout}, external_shipment_id="order-1"
    )

    file = requests.get(label["label_download"]["href"], timeout=5)

    [page] = PdfReader(BytesIO(file.content)).pages
    assert (page.mediabox.width, page.mediabox.height) == (width, height)
    words = page.extract_text()
    for said in ("SAMPLE - DO NOT MAIL", "USPS GROUND ADVANTAGE", "REDONDO BEACH", "REF order-1"):
        assert said in words.upper() or said in words


def test_all_formats_can_be_downloaded_whichever_was_asked_for(account):
    links = account.bought(wishes={"label_format": "zpl"})["label_download"]

    assert links["href"] == links["zpl"]
    assert b"^XA" in requests.get(links["zpl"], timeout=5).content
    assert requests.get(links["pdf"], timeout=5).content.startswith(b"%PDF")
    assert Image.open(BytesIO(requests.get(links["png"], timeout=5).content)).size == (1200, 1800)
    assert requests.get(links["png"].replace("png", "exe"), timeout=5).status_code == 404


def test_a_label_may_be_handed_over_inside_the_answer(account):
    label = account.bought(wishes={"label_format": "pdf", "label_download_type": "inline"})

    assert label["label_download"]["href"].startswith("data:application/pdf;base64,JVBER")


@pytest.mark.parametrize("rate", range(11))
def test_every_service_has_a_label(account, rate):
    label = account.bought(rate)

    file = requests.get(label["label_download"]["pdf"], timeout=5)

    [page] = PdfReader(BytesIO(file.content)).pages
    assert label["service_code"].split("_")[0].upper() in page.extract_text()
