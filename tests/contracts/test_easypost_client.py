"""Odd answers before our EasyPost readers, and our client in the sandbox."""

import pytest

from core.modes import ApiMode
from providers.carriers import easypost
from providers.carriers.base import CarrierDown, NoFunds, PurchaseDoubtful
from providers.carriers.easypost_calls import read_error
from providers.carriers.easypost_read import BrokenShipment, read_bought
from tests.providers.recorded_easypost import (
    BOUGHT,
    LABEL,
    SHIPMENT,
    error,
    quote,
)
from tests.providers.stand import shop_settings


@pytest.mark.parametrize(
    ("raw", "code", "told"),
    [
        (error("A", "m", ["plain", "texts"]), "A", "m; plain; texts"),
        (error("A", "m", [{"message": "only"}, {"field": "zip"}]), "A", "m; only; zip"),
        (error("A", ["odd"], "odd"), "A", ""),
        ({"error": "no such thing"}, "", "no such thing"),
        ({"error": None}, "", ""),
        ({}, "", ""),
    ],
)
def test_errors_of_every_known_form_are_read(raw, code, told):
    read = read_error(raw)

    assert (read.code, read.told) == (code, told)


def test_a_label_of_another_format_is_fetched_as_pdf_once_converted():
    label = BOUGHT["postage_label"] | {"label_pdf_url": "https://files.example/label.pdf"}

    bought = read_bought(BOUGHT | {"postage_label": label}, SHIPMENT)

    assert bought is not None
    assert bought.label_url == "https://files.example/label.pdf"


@pytest.mark.parametrize(
    ("change", "label_url", "tracking_url"),
    [
        ({"postage_label": None}, f"#{SHIPMENT}", LABEL.tracking_url),
        ({"tracker": None}, LABEL.label_url, ""),
        ({"tracker": {"public_url": "javascript:alert(1)"}}, LABEL.label_url, ""),
    ],
)
def test_a_purchase_that_lacks_an_address_is_still_a_purchase(change, label_url, tracking_url):
    bought = read_bought(BOUGHT | change, SHIPMENT)

    assert bought is not None
    assert (bought.label_url, bought.tracking_url) == (label_url, tracking_url)


def test_a_shipment_is_also_known_by_our_reference():
    bought = read_bought(BOUGHT | {"reference": "L-1"}, "L-1")

    assert bought == LABEL


def test_an_answer_that_is_no_shipment_is_broken():
    with pytest.raises(BrokenShipment):
        read_bought({"id": SHIPMENT}, SHIPMENT)


@pytest.fixture
def carrier(sandbox_url):
    settings = shop_settings(sandbox_url, easypost_test_key="EZTKtests", carrier_timeout_seconds=2)
    carrier = easypost.connect(settings, ApiMode.TEST)
    # A first call costs the sandbox more than the short time-out of these tests.
    carrier.find("shp_none", reference="L-none")
    return carrier


def hanging(fault):
    """How long a fault holds the line: longer than the client waits, if it is a time-out."""
    return {"seconds": 5} if fault.startswith("time_out") else {}


def labels(sandbox):
    return [(label["shipment_id"], label["status"]) for label in sandbox.books()["labels"]]


def test_a_label_is_quoted_bought_found_fetched_and_voided(carrier, sandbox):
    quoted = quote(carrier)
    cheapest = min(quoted.rates, key=lambda rate: rate.cost)
    before = carrier.find(quoted.shipment_id, reference="L-1")

    bought = carrier.buy(quoted.shipment_id, cheapest.rate_id)
    found = carrier.find(quoted.shipment_id, reference="L-1")
    label = carrier.label_file(bought.label_url)
    carrier.void(quoted.shipment_id)
    carrier.void(quoted.shipment_id)

    assert len({rate.carrier for rate in quoted.rates}) >= 2
    assert before is None
    assert bought == found
    assert (bought.rate_id, bought.cost) == (cheapest.rate_id, cheapest.cost)
    assert label.startswith(b"%PDF")
    assert [shipment for shipment, _ in labels(sandbox)] == [quoted.shipment_id]


def test_a_second_purchase_answers_with_the_first_label(carrier, sandbox):
    quoted = quote(carrier)
    first = carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    second = carrier.buy(quoted.shipment_id, quoted.rates[1].rate_id)

    assert second == first
    assert len(labels(sandbox)) == 1


@pytest.mark.parametrize("fault", ["time_out_after", "reset_after", "error_500_after"])
def test_a_purchase_whose_answer_is_lost_is_found_later(carrier, sandbox, fault):
    quoted = quote(carrier)
    sandbox.misbehave("easypost", "POST /shipments/*/buy", fault, **hanging(fault))

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    found = carrier.find(quoted.shipment_id, reference="L-1")
    assert found is not None
    assert found.rate_id == quoted.rates[0].rate_id
    assert len(labels(sandbox)) == 1


@pytest.mark.parametrize("fault", ["time_out_before", "reset_before", "error_500", "garbage"])
def test_a_purchase_that_did_not_happen_is_not_found(carrier, sandbox, fault):
    quoted = quote(carrier)
    sandbox.misbehave("easypost", "POST /shipments/*/buy", fault, **hanging(fault))

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    assert carrier.find(quoted.shipment_id, reference="L-1") is None
    assert labels(sandbox) == []


def test_a_purchase_turned_away_for_its_pace_or_for_funds_bought_nothing(carrier, sandbox):
    quoted = quote(carrier)
    sandbox.misbehave("easypost", "POST /shipments/*/buy", "rate_limit")

    with pytest.raises(CarrierDown):
        carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)
    sandbox.post("/carrier/balance", {"balance": "0.10"})
    with pytest.raises(NoFunds) as caught:
        carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    assert caught.value.facts["reason"] == "PAYMENT_REQUIRED"
    assert labels(sandbox) == []
