"""Quotes by our EasyPost client, over real HTTP."""

import json
from datetime import date
from decimal import Decimal

import pytest

from core.customs import ContentsType, Customs, CustomsItem
from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from providers.carriers import easypost
from providers.carriers.base import CarrierDown, CarrierRefused
from tests.providers.recorded_easypost import (
    PARCEL,
    PATH,
    RATE,
    RECIPIENT,
    SENDER,
    SHIPMENT,
    UNBOUGHT,
    error,
    exchanges,
    quote,
)
from tests.providers.stand import hangs_up, resets, says, shop_settings


def test_a_mode_without_a_key_has_no_carrier():
    carrier = easypost.connect(shop_settings(), ApiMode.PRODUCTION)

    assert carrier is None


def test_each_mode_uses_its_own_key(stand):
    settings = shop_settings(stand.url, easypost_production_key="the-real-one")
    stand.play(says(200, UNBOUGHT))

    carrier = easypost.connect(settings, ApiMode.PRODUCTION)
    carrier.find(SHIPMENT, reference="L-1")

    assert carrier.name == "easypost"
    assert stand.asked[0].headers["authorization"] == "Bearer the-real-one"


def test_a_quote_asks_exactly_and_reads_every_recorded_rate(stand, carrier):
    stand.play(says(201, UNBOUGHT))

    quoted = quote(carrier)

    assert (quoted.shipment_id, quoted.complaints) == (SHIPMENT, ())
    assert [(rate.service, rate.cost, rate.days) for rate in quoted.rates] == [
        ("Express", Money(3415), 1),
        ("Priority", Money(742), 2),
        ("GroundAdvantage", Money(607), 3),
    ]
    assert {rate.carrier for rate in quoted.rates} == {"USPS"}
    assert quoted.rates[2].rate_id == RATE
    assert quoted.rates[2].carrier_account == "ca_b25657e9896e4d63ac8151ac346ac41e"
    assert stand.calls() == ["POST /easypost/v2/shipments"]
    assert b'"width":8.5,"height":4,"weight":15.4' in stand.asked[0].body
    assert stand.asked[0].json["shipment"] == {
        "from_address": {
            "name": "Jack Sparrow",
            "street1": "388 Townsend St",
            "street2": "Apt 20",
            "city": "San Francisco",
            "state": "CA",
            "zip": "94107",
            "country": "US",
        },
        "to_address": {
            "name": "O'Brien & Sons #3",
            "street1": "179 N Harbor Dr",
            "city": "Redondo Beach",
            "state": "CA",
            "zip": "90277",
            "country": "US",
        },
        "parcel": {"length": 10, "width": 8.5, "height": 4, "weight": 15.4},
        "options": {"label_format": "PNG"},
        "reference": "L-1",
    }


def test_carriers_that_cannot_rate_are_complaints_and_the_others_still_stand(stand, carrier):
    rate = UNBOUGHT["rates"][2]
    told = UNBOUGHT | {
        "messages": [{"carrier": "UPS", "type": "rate_error", "message": "no account"}, "odd"],
        "rates": [
            rate | {"delivery_days": None, "delivery_date": "2025-03-09T08:00:00Z"},
            rate | {"delivery_days": 0, "est_delivery_days": None, "id": "rate_2"},
            rate | {"delivery_days": None, "est_delivery_days": None, "id": "rate_3"},
            rate | {"rate": "free"},
            rate | {"rate": "-1.00"},
            rate | {"currency": "CAD"},
            rate | {"id": None},
            "odd",
        ],
    }
    stand.play(says(201, told))

    quoted = quote(carrier)

    assert [(rate.days, rate.arrives) for rate in quoted.rates] == [
        (3, date(2025, 3, 9)),
        (0, None),
        (None, None),
    ]
    assert quoted.complaints == (
        "UPS: no account",
        ": ",
        "USPS GroundAdvantage: no price we can read",
        "USPS GroundAdvantage: not for sale in USD",
        "USPS GroundAdvantage: not for sale in USD",
        "USPS GroundAdvantage: not for sale in USD",
        ": no price we can read",
    )


def test_a_refused_quote_says_why_in_the_recorded_words(stand, carrier):
    (refused,) = exchanges("error")
    stand.play(says(422, refused["response"]["body"]["string"].encode()))

    with pytest.raises(CarrierRefused) as caught:
        quote(carrier)

    assert caught.value.facts == {
        "provider": "easypost",
        "reason": "PARAMETER.REQUIRED",
        "told": "Missing required parameter.; shipment: cannot be blank",
    }


@pytest.mark.parametrize(
    "act",
    [
        resets,
        hangs_up,
        says(201, b"<html>"),
        says(201, {"id": "shp_1"}),
        says(201, {"rates": []}),
        says(302, {}),
        says(401, error("APIKEY.INACTIVE")),
        says(402, error("PAYMENT_REQUIRED")),
        says(404, b"<html>a gateway"),
        says(429, error("RATE_LIMITED")),
        says(500, error("INTERNAL_SERVER_ERROR")),
        says(503, b""),
    ],
)
def test_a_quote_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        quote(carrier)

    assert len(stand.asked) == 1


def test_goods_that_cross_a_border_are_declared_as_recorded(stand, carrier):
    shirts = CustomsItem("Sweet shirts", 2, Money(2325), Decimal(11), tariff="654321")
    stamps = CustomsItem("Stamps", 1, Money(100), Decimal("0.5"), origin="DE")
    customs = Customs(ContentsType.MERCHANDISE, (shirts, stamps), "Steve Brule")
    stand.play(says(201, UNBOUGHT))

    carrier.quote(
        Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL, customs=customs),
        reference="L-1",
    )

    (recorded,) = exchanges("customs_info_create")
    asked = json.loads(stand.asked[0].body, parse_float=Decimal)["shipment"]["customs_info"]
    first, second = asked.pop("customs_items")
    model = json.loads(recorded["request"]["body"], parse_float=Decimal)["customs_info"]
    assert first == model.pop("customs_items")[0] | {"currency": "USD"}
    assert asked == model
    assert second == {
        "description": "Stamps",
        "quantity": 1,
        "value": 1,
        "currency": "USD",
        "weight": Decimal("0.5"),
        "origin_country": "DE",
    }


def test_new_rates_of_a_shipment_replace_the_old(stand, carrier):
    told = [rate | {"id": f"{rate['id']}-new"} for rate in UNBOUGHT["rates"]]
    stand.play(says(200, {"rates": told}))

    quoted = carrier.requote(SHIPMENT)

    assert quoted.shipment_id == SHIPMENT
    assert [rate.rate_id for rate in quoted.rates] == [rate["id"] for rate in told]
    assert [rate.cost for rate in quoted.rates] == [Money(3415), Money(742), Money(607)]
    assert stand.calls() == [f"POST {PATH}/rerate"]


def test_new_rates_of_what_was_bought_are_refused(stand, carrier):
    stand.play(says(422, error("SHIPMENT.POSTAGE.EXISTS", "bought")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.requote(SHIPMENT)

    assert caught.value.facts["reason"] == "SHIPMENT.POSTAGE.EXISTS"


@pytest.mark.parametrize("act", [resets, says(500, {}), says(200, {}), says(200, {"rates": None})])
def test_new_rates_without_a_usable_answer_mean_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.requote(SHIPMENT)
