"""Quotes by our client of ShipEngine and ShipStation, over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from time import monotonic

import pytest
import time_machine

from core.customs import ContentsType, Customs, CustomsItem
from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from providers.carriers import shipengine
from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds
from tests.providers.recorded_shipengine import (
    CARRIERS,
    LIMITED,
    PARCEL,
    QUOTED,
    RATE,
    RECIPIENT,
    SENDER,
    SHIPMENT,
    connected,
    error,
    quote,
    quoting,
    recorded,
    settings,
)
from tests.providers.stand import KEY, hangs_up, resets, says, shop_settings, stays_silent

ACCOUNTS = ["se-656171", "se-656172", "se-656173"]
RATES = QUOTED["rate_response"]["rates"]
PACKAGE_RATE = RATES[2]


def answer(**changes):
    return QUOTED | {"rate_response": QUOTED["rate_response"] | changes}


def usd(amount):
    return {"currency": "usd", "amount": amount}


def test_a_mode_without_a_key_has_neither_service():
    assert shipengine.connect(shop_settings(), ApiMode.TEST) is None
    assert shipengine.connect_shipstation(shop_settings(), ApiMode.PRODUCTION) is None


def test_each_service_and_mode_uses_its_own_key_and_address(stand):
    keys = {"shipengine_production_key": "live-1", "shipstation_production_key": "live-2"}
    configured = settings(stand.url, **keys)
    stand.play(*[says(200, CARRIERS)] * 2)

    names = []
    for connect in (shipengine.connect, shipengine.connect_shipstation):
        carrier = connect(configured, ApiMode.PRODUCTION)
        carrier.balance()
        names.append(carrier.name)

    assert names == ["shipengine", "shipstation"]
    assert stand.calls() == ["GET /shipengine/v1/carriers", "GET /shipstation/v2/carriers"]
    assert [asked.headers["api-key"] for asked in stand.asked] == ["live-1", "live-2"]


def test_a_quote_asks_exactly_and_reads_every_recorded_rate_of_a_parcel(stand):
    quoted = quoting(stand, QUOTED)

    assert (quoted.shipment_id, quoted.complaints) == (SHIPMENT, ())
    assert [(rate.service, rate.cost, rate.days) for rate in quoted.rates] == [
        ("First Class Mail", Money(335), 3),
        ("Priority Mail", Money(852), 2),
        ("Priority Mail Express", Money(3140), 2),
        ("Media Mail", Money(289), 6),
        ("Parcel Select Ground", Money(797), 6),
    ]
    assert {rate.carrier for rate in quoted.rates} == {"USPS"}
    assert {rate.carrier_account for rate in quoted.rates} == {"se-656171"}
    assert (quoted.rates[0].rate_id, quoted.rates[0].arrives) == (RATE, date(2021, 8, 9))
    assert stand.calls() == ["GET /shipengine/v1/carriers", "POST /shipengine/v1/rates"]
    assert stand.asked[1].headers["api-key"] == KEY
    assert b'"length":10,"width":8.5,"height":4' in stand.asked[1].body
    assert stand.asked[1].json == {
        "rate_options": {"carrier_ids": ACCOUNTS, "package_types": ["package"]},
        "shipment": {
            "external_shipment_id": "Q-1",
            "validate_address": "no_validation",
            "ship_from": {
                "name": "Jack Sparrow",
                "address_line1": "388 Townsend St",
                "address_line2": "Apt 20",
                "city_locality": "San Francisco",
                "state_province": "CA",
                "postal_code": "94107",
                "country_code": "US",
                "phone": "+14155550100",
                "address_residential_indicator": "unknown",
            },
            "ship_to": {
                "name": "O'Brien & Sons #3",
                "company_name": "Sons",
                "address_line1": "179 N Harbor Dr",
                "city_locality": "Redondo Beach",
                "state_province": "CA",
                "postal_code": "90277",
                "country_code": "US",
                "phone": "+13105550100",
                "email": "o@example.org",
                "address_residential_indicator": "unknown",
            },
            "packages": [
                {
                    "package_code": "package",
                    "weight": {"value": 15.4, "unit": "ounce"},
                    "dimensions": {"unit": "inch", "length": 10, "width": 8.5, "height": 4},
                }
            ],
        },
    }


def test_a_price_is_the_sum_of_all_its_amounts_to_the_cent(stand):
    costly = PACKAGE_RATE | {
        "shipping_amount": usd(10.005),
        "insurance_amount": usd(0.1),
        "confirmation_amount": usd(0.2),
        "other_amount": usd(1),
        "tax_amount": usd(0.01),
    }
    quoted = quoting(stand, answer(rates=[costly, PACKAGE_RATE | {"tax_amount": None}]))

    assert [rate.cost for rate in quoted.rates] == [Money(1132), Money(335)]


def test_what_cannot_be_sold_is_a_complaint_and_the_rest_still_stands(stand):
    ups = {"carrier_code": "ups", "service_type": "UPS® Ground", "package_type": None}
    quoted = quoting(
        stand,
        answer(
            status="partial",
            rates=[
                PACKAGE_RATE | ups,
                PACKAGE_RATE | {"shipping_amount": None},
                PACKAGE_RATE | {"shipping_amount": usd("free")},
                PACKAGE_RATE | {"shipping_amount": usd(-4)},
                PACKAGE_RATE | {"tax_amount": {"currency": "cad", "amount": 1}},
                PACKAGE_RATE | {"rate_id": None},
                PACKAGE_RATE | {"validation_status": "invalid"},
                PACKAGE_RATE | {"error_messages": ["no such ZIP"]},
                "odd",
                PACKAGE_RATE | {"carrier_code": "new", "carrier_friendly_name": "New Co"},
            ],
            invalid_rates=[PACKAGE_RATE | ups | {"error_messages": ["too long", None]}],
            errors=[
                {"carrier_code": "fedex", "message": "no account"},
                {"carrier_id": "se-9", "message": None},
                {"message": "no more"},
            ],
        ),
    )

    sold = [(rate.carrier, rate.service) for rate in quoted.rates]
    assert sold == [("UPS", "Ground"), ("New Co", "USPS First Class Mail")]
    assert quoted.complaints == (
        "FedEx: no account",
        "se-9: no reason given",
        "no more",
        "UPS Ground: too long",
        "USPS First Class Mail: no price we can read",
        "USPS First Class Mail: no price we can read",
        "USPS First Class Mail: not for sale in USD",
        "USPS First Class Mail: no price we can read",
        "USPS First Class Mail: not for sale in USD",
        "USPS First Class Mail: not offered",
        "USPS First Class Mail: no such ZIP",
        ": no price we can read",
    )


@pytest.mark.parametrize(
    ("days", "told", "arrives"),
    [(0, None, "odd"), (None, "3", None), (None, "3-5", ""), (None, None, 7)],
)
def test_a_day_that_is_not_told_is_unknown(stand, days, told, arrives):
    rate = PACKAGE_RATE | {"delivery_days": days, "carrier_delivery_days": told}
    quoted = quoting(stand, answer(rates=[rate | {"estimated_delivery_date": arrives}]))

    [read] = quoted.rates
    assert read.days == {(0, None): 0, (None, "3"): 3}.get((days, told))
    assert read.arrives is None


def test_an_answer_of_nothing_but_errors_is_a_quote_without_rates(stand):
    wrong = error("auth_failed_as_no_list_says", "security", carrier_code="ups")["errors"]
    quoted = quoting(stand, answer(rates=[], status="error", errors=wrong))

    assert quoted.rates == ()
    assert quoted.complaints == ("UPS: told",)


def test_errors_that_are_null_are_none(stand):
    quoted = quoting(stand, answer(errors=None, invalid_rates=None))

    assert len(quoted.rates) == 5
    assert quoted.complaints == ()


def test_rates_that_came_count_while_others_are_still_awaited(stand):
    quoted = quoting(stand, answer(status="working", rates=[PACKAGE_RATE]))

    assert len(quoted.rates) == 1
    assert quoted.complaints == ("Some carriers have not answered in time",)


def test_a_requote_names_the_shipment_alone_and_has_new_rates(stand):
    stand.play(says(200, CARRIERS), says(200, QUOTED))

    quoted = connected(stand).requote(SHIPMENT)

    assert quoted.shipment_id == SHIPMENT
    assert len(quoted.rates) == 5
    assert stand.asked[1].json == {
        "rate_options": {"carrier_ids": ACCOUNTS, "package_types": ["package"]},
        "shipment_id": SHIPMENT,
    }


@pytest.mark.parametrize("reference", ["", "x" * 51])
def test_a_reference_that_would_be_cut_is_never_sent(stand, reference):
    with pytest.raises(ValueError, match=f"^{reference}$"):
        quote(connected(stand), reference)

    assert stand.asked == []


def test_customs_are_declared_for_each_piece(stand):
    items = (
        CustomsItem("Tea" * 50, 3, Money(1000), Decimal(10), origin="CN", tariff="0902.10"),
        CustomsItem("Cups", 2, Money(500), Decimal(12)),
    )
    customs = Customs(ContentsType.GIFT, items, signer="Jack Sparrow")
    stand.play(says(200, CARRIERS), says(200, QUOTED))

    connected(stand).quote(
        Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL, customs=customs),
        reference="Q-1",
    )

    told = stand.asked[1].json["shipment"]
    assert told["customs"] == {"contents": "gift", "non_delivery": "return_to_sender"}
    assert told["packages"][0]["products"] == [
        {
            "description": ("Tea" * 50)[:100],
            "quantity": 3,
            "value": {"currency": "usd", "amount": 3.33},
            "weight": {"value": 3.33, "unit": "ounce"},
            "country_of_origin": "CN",
            "harmonized_tariff_code": "0902.10",
        },
        {
            "description": "Cups",
            "quantity": 2,
            "value": {"currency": "usd", "amount": 2.5},
            "weight": {"value": 6, "unit": "ounce"},
            "country_of_origin": "US",
        },
    ]


def test_a_refused_quote_says_why_in_the_recorded_words(stand):
    stand.play(says(200, CARRIERS), says(400, recorded("BadRequest400Response")))

    with pytest.raises(CarrierRefused) as caught:
        quote(connected(stand))

    assert caught.value.facts == {
        "provider": "shipengine",
        "reason": "request_body_required",
        "told": "Request body cannot be empty.",
        "request_id": "22467317-a130-4927-95a6-76124b716e58",
    }
    assert not isinstance(caught.value, NoFunds)


@pytest.mark.parametrize(
    "act",
    [
        resets,
        hangs_up,
        says(200, b"<html>"),
        says(200, {}),
        says(200, {"shipment_id": SHIPMENT}),
        says(200, answer(status="working", rates=[])),
        says(302, {}),
        says(400, b"<html>a gateway"),
        says(400, error("unspecified", "system")),
        says(401, error("unauthorized", "security")),
        says(404, {"errors": None}),
        says(500, error("unspecified", "system")),
        says(503, b""),
    ],
)
def test_a_quote_without_a_usable_answer_means_later(stand, act):
    stand.play(says(200, CARRIERS), act)

    with pytest.raises(CarrierDown) as caught:
        quote(connected(stand))

    assert caught.value.facts["provider"] == "shipengine"
    assert len(stand.asked) == 2


@pytest.mark.parametrize(("told", "seconds"), [("17", 17), ("soon", None), ("-1", None)])
def test_too_many_questions_are_told_how_long_to_wait(stand, told, seconds):
    stand.play(says(200, CARRIERS), says(429, LIMITED, Retry_After=told))

    with pytest.raises(CarrierDown) as caught:
        quote(connected(stand))

    assert caught.value.facts == {
        "provider": "shipengine",
        "reason": "rate_limit_exceeded",
        "retry_after": seconds,
        "request_id": "204c855f-dcc0-4270-ba12-c585fc5ef4bf",
    }


def test_accounts_are_asked_for_once_in_ten_minutes(stand):
    carrier = connected(stand)
    stand.play(says(200, CARRIERS), *[says(200, QUOTED)] * 2)
    stand.play(says(200, CARRIERS | {"carriers": CARRIERS["carriers"][1:2]}), says(200, QUOTED))

    with time_machine.travel("2026-11-23T03:00:00Z", tick=False) as clock:
        quote(carrier)
        clock.shift(599)
        quote(carrier)
        clock.shift(1)
        quote(carrier)

    asked = [each.json["rate_options"]["carrier_ids"] for each in stand.asked if each.body]
    assert asked == [ACCOUNTS, ACCOUNTS, ["se-656172"]]
    assert stand.calls().count("GET /shipengine/v1/carriers") == 2


def test_known_accounts_serve_while_the_service_is_silent(stand):
    carrier = connected(stand)
    stand.play(says(200, CARRIERS), says(200, QUOTED), says(500, b""), says(200, QUOTED))

    with time_machine.travel("2026-11-23T03:00:00Z", tick=False) as clock:
        quote(carrier)
        clock.shift(3600)
        quote(carrier)

    assert stand.asked[3].json["rate_options"]["carrier_ids"] == ACCOUNTS


def test_accounts_that_could_be_read_serve_though_others_could_not(stand):
    partly = CARRIERS | {"carriers": CARRIERS["carriers"][:1]} | error("carrier_disconnected")
    stand.play(says(207, partly), says(200, QUOTED))

    quote(connected(stand))

    assert stand.asked[1].json["rate_options"]["carrier_ids"] == ["se-656171"]


def test_only_accounts_that_the_settings_name_and_that_sell_are_asked(stand):
    first, second, third = CARRIERS["carriers"]
    waiting = third | {"connection_status": "pending_approval"}
    unpaid = second | {"carrier_id": "se-7", "disabled_by_billing_plan": True}
    known = CARRIERS | {"carriers": [first, second, waiting, unpaid, {}, None]}
    stand.play(says(200, known), says(200, QUOTED))

    quote(connected(stand, shipengine_carrier_ids="se-656172, se-656173, se-7,"))

    assert stand.asked[1].json["rate_options"]["carrier_ids"] == ["se-656172"]


@pytest.mark.parametrize("told", [CARRIERS | {"carriers": []}, {}, {"carriers": None}])
def test_without_any_account_nobody_is_asked_for_rates(stand, told):
    stand.play(says(200, told))

    with pytest.raises(CarrierDown) as caught:
        quote(connected(stand))

    assert caught.value.facts["reason"] == "no_carrier_accounts"
    assert len(stand.asked) == 1


def test_nobody_waits_for_the_account_question_of_another(stand):
    carrier = connected(stand)
    stand.play(*[stays_silent(stand)] * 4)
    started = monotonic()

    with ThreadPoolExecutor(4) as customers:
        asked = [customers.submit(quote, carrier, f"Q-{number}") for number in range(4)]

    assert {type(each.exception()) for each in asked} == {CarrierDown}
    assert monotonic() - started < 1.5
