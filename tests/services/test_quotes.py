"""Quotes: kept whole, priced once, never under cost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from core.customs import ContentsType, Customs, CustomsItem, CustomsMissing
from core.limits import TooBigForEveryCarrier
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from models.base import NotFound
from models.connection import collection
from models.quote import Quote
from providers.carriers.base import CarrierDown, CarrierRefused, Quoted, Rate
from services.asking import Panel
from services.quotes import NoRates, QuoteExpired, RateGone
from tests.shop import BUYER, PARCEL, RECIPIENT, SENDER, SHIPMENT


def offering(shop, *rates, complaints=()):
    shop.carrier.quote = lambda *_, reference: Quoted(f"shp_{reference}", rates, complaints)


def rate(carrier, cents, number=0, days=3):
    name = f"Service{number}"
    return Rate(f"{carrier}{cents}-{number}", carrier, name, Money(cents), days, None, "ca")


def test_a_quote_keeps_all_that_its_prices_depend_on(shop):
    quote = Quote.objects.fetch(shop.quote().id)

    assert quote.sender == SENDER
    assert quote.recipient == RECIPIENT
    assert quote.parcel == PARCEL
    assert quote.customs is None
    assert quote.shipment == SHIPMENT
    assert quote.mode is ApiMode.TEST
    assert {(rate.provider, rate.carrier_account) for rate in quote.rates} == {("easypost", "ca_1")}
    assert quote.rule_version == "percent=5,minimum=50"
    assert quote.complaints == ["FedEx: account is closed"]
    assert (quote.expires_at - quote.created_at).total_seconds() == 900


def test_a_route_behind_a_border_is_quoted_with_its_customs_only(shop):
    territory = replace(RECIPIENT, city="San Juan", state="PR", zip="00901")
    bare = replace(SHIPMENT, recipient=territory)
    things = (CustomsItem("mug", 1, Money(1_000), Decimal(8)),)
    told = replace(bare, customs=Customs(ContentsType.GIFT, things, "Maria O'Brien"))

    with pytest.raises(CustomsMissing):
        shop.quotes.quote(BUYER, bare)
    refused = shop.carrier.quotes
    quote = shop.quotes.quote(BUYER, told)

    assert refused == 0
    assert Quote.objects.fetch(quote.id).shipment == told


def test_rates_are_sorted_by_price_and_carry_cost_price_and_days(shop):
    quote = shop.quote()

    shown = [(one.service, one.cost.minor, one.price.minor, one.days) for one in quote.rates]
    assert shown == [
        ("GroundAdvantage", 700, 750, 5),
        ("Priority", 1_000, 1_050, 2),
        ("Express", 3_000, 3_150, 1),
    ]
    assert quote.rates[1].arrives_at.date().isoformat() == "2026-11-04"
    assert quote.rates[0].arrives_at is None


def test_at_most_five_a_carrier_and_fifteen_in_all(shop):
    costs = {"USPS": 500, "UPS": 600, "FedEx": 700, "DHL": 800}
    offering(shop, *(rate(c, cost + n, n) for c, cost in costs.items() for n in range(8)))

    kept = shop.quote().rates

    assert len(kept) == 15
    assert {c: sum(one.carrier == c for one in kept) for c in ("USPS", "UPS", "FedEx")} == {
        "USPS": 5,
        "UPS": 5,
        "FedEx": 5,
    }


def test_the_fastest_is_shown_however_dear_it_is(shop):
    cheap = [rate("USPS", 500 + n, n, days=4) for n in range(9)]
    others = [rate(c, 500 + n, n) for c in ("UPS", "FedEx") for n in range(8)]
    offering(shop, *cheap, *others, rate("USPS", 4_000, 10, days=1))

    kept = shop.quote().rates

    assert [one.cost.minor for one in kept if one.carrier == "USPS"] == [500, 501, 502, 503, 4_000]
    assert (len(kept), kept[-1].days) == (15, 1)


def test_of_equal_services_of_two_providers_the_cheaper_one_stays(shop):
    shop.add_carrier("shipengine", usps_priority_mail=900, usps_ground_advantage=800)

    kept = shop.quote().rates

    assert [(one.service, one.provider, one.cost.minor) for one in kept] == [
        ("GroundAdvantage", "easypost", 700),
        ("usps_priority_mail", "shipengine", 900),
        ("Express", "easypost", 3_000),
    ]


def test_each_rate_names_its_provider_its_shipment_and_a_reference_of_its_own(shop):
    shop.add_carrier("shipengine", usps_media_mail=600)

    first, second = shop.quote(), shop.quote()

    asked = [(one.provider, one.shipment_id, one.reference) for one in first.rates + second.rates]
    assert len(set(asked)) == 4
    assert len({reference for *_, reference in asked}) == 4
    assert all(len(reference) <= 50 for *_, reference in asked)
    assert all(shipment_id == f"shp_{reference}" for _, shipment_id, reference in asked)


def test_a_slow_carrier_service_costs_its_own_rates_and_is_named(shop, never):
    slow = shop.add_carrier("shipengine", usps_media_mail=600)
    slow.quote = lambda *_, **__: never.wait(10)
    quotes = replace(shop.quotes, rating=replace(shop.rating, panel=Panel(0.3)))

    quote = Quote.objects.fetch(quotes.quote(BUYER, SHIPMENT).id)

    assert {one.provider for one in quote.rates} == {"easypost"}
    assert (quote.late, quote.failed) == (["shipengine"], [])
    assert quote.complaints == ["FedEx: account is closed", "shipengine: no answer in time"]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (CarrierDown(provider="shipengine"), "carrier_down"),
        (CarrierRefused(provider="shipengine", reason="x", told="No such ZIP."), "No such ZIP."),
        (KeyError("rates"), "KeyError"),
    ],
)
def test_a_failing_carrier_service_costs_its_own_rates_and_is_named(shop, trouble, told):
    shop.add_carrier("shipengine", usps_media_mail=600).quote_instead.append(trouble)

    quote = shop.quote()

    assert {one.provider for one in quote.rates} == {"easypost"}
    assert (quote.late, quote.failed) == ([], ["shipengine"])
    assert quote.complaints[-1] == f"shipengine: {told}"


def test_an_answer_of_complaints_alone_is_named_as_a_failure(shop):
    shop.add_carrier("shipengine")

    quote = shop.quote()

    assert {one.provider for one in quote.rates} == {"easypost"}
    assert (quote.late, quote.failed) == ([], ["shipengine"])


def test_when_nobody_answers_that_is_told_and_nothing_is_kept(shop):
    shop.carrier.quote_instead.append(CarrierDown(provider="easypost"))
    shop.add_carrier("shipengine").quote_instead.append(CarrierDown(provider="shipengine"))

    with pytest.raises(CarrierDown) as trouble:
        shop.quote()

    assert trouble.value.facts == {"provider": "easypost, shipengine"}
    assert Quote.objects.count() == 0


def test_when_nobody_answers_what_the_customer_can_put_right_comes_first(shop):
    shop.carrier.quote_instead.append(CarrierDown(provider="easypost"))
    refusal = CarrierRefused(provider="shipengine", reason="x", told="No such ZIP.")
    shop.add_carrier("shipengine").quote_instead.append(refusal)

    with pytest.raises(CarrierRefused) as told:
        shop.quote()

    assert told.value is refusal


def test_a_defect_of_ours_is_not_told_as_a_carrier_that_is_down(shop):
    shop.carrier.quote_instead.append(KeyError("rates"))

    with pytest.raises(KeyError):
        shop.quote()


def test_a_known_answer_makes_a_quote_without_asking_and_without_anybodys_ids(shop):
    first = shop.quote()

    second = shop.quote(fresh=False)

    assert shop.carrier.quotes == 1
    assert [(one.service, one.price) for one in second.rates] == [
        (one.service, one.price) for one in first.rates
    ]
    assert {(one.shipment_id, one.reference) for one in second.rates} == {("", "")}
    assert not {one.rate_id for one in first.rates} & {one.rate_id for one in second.rates}
    assert len({one.rate_id for one in second.rates}) == 3
    assert second.complaints == first.complaints


def test_a_refresh_asks_again(shop):
    shop.quote()
    shop.carrier.costs["Priority"] = 1_100

    again = shop.quote(fresh=True)

    assert shop.carrier.quotes == 2
    assert again.rates[1].cost == Money(1_100)


def test_a_known_answer_is_priced_for_whoever_asks(shop):
    other = 8
    shop.users.meet(other, first_name="Ann", username="ann", language="en")
    shop.discounts.set(other, Decimal(3), by="owner", reason="friend")
    ours = shop.quote()

    theirs = shop.quotes.quote(other, SHIPMENT)

    assert shop.carrier.quotes == 1
    assert theirs.rates[2].price < ours.rates[2].price


def test_another_mode_knows_nothing_of_the_first_ones_answers(shop):
    shop.quote()

    shop.modes.set_api_mode(ApiMode.PRODUCTION, by="owner")
    shop.quote(fresh=False)

    assert shop.carrier.quotes == 2


def test_two_quotes_at_once_share_nothing(shop):
    with ThreadPoolExecutor(2) as hands:
        made = list(hands.map(lambda _: shop.quote(fresh=False), range(2)))

    kept = [Quote.objects.fetch(quote.id) for quote in made]
    shipments = [{one.shipment_id for one in quote.rates} - {""} for quote in kept]
    assert not shipments[0] & shipments[1]
    assert not {r.rate_id for r in kept[0].rates} & {r.rate_id for r in kept[1].rates}
    assert [len(quote.rates) for quote in kept] == [3, 3]


def test_a_quote_of_an_earlier_version_can_still_be_read(shop):
    quote = shop.quote()
    collection("quotes").update_one(
        {"_id": quote.id}, {"$set": {"provider": "easypost", "shipment_id": "shp_1"}}
    )

    assert Quote.objects.fetch(quote.id).rates == quote.rates


def test_no_rates_says_what_the_carriers_said(shop):
    offering(shop, complaints=("USPS: bad ZIP",))

    with pytest.raises(NoRates) as refusal:
        shop.quote()

    assert refusal.value.facts == {"complaints": ["USPS: bad ZIP"]}


def test_a_carrier_that_does_not_take_the_parcel_is_not_offered(shop):
    offering(shop, rate("USPS", 500), rate("UPS", 900))
    heavy = Parcel(Decimal(10), Decimal(10), Decimal(10), Decimal(80 * 16))

    quote = shop.quotes.quote(BUYER, replace(SHIPMENT, parcel=heavy))

    assert [one.carrier for one in quote.rates] == ["UPS"]


def test_a_parcel_for_nobody_is_refused_before_anybody_is_asked(shop):
    giant = Parcel(Decimal(100), Decimal(60), Decimal(60), Decimal(16))

    with pytest.raises(TooBigForEveryCarrier):
        shop.quotes.quote(BUYER, replace(SHIPMENT, parcel=giant))

    assert shop.carrier.quotes == 0


def test_a_service_that_costs_nothing_is_a_mistake_and_not_offered(shop):
    offering(shop, rate("USPS", 0), rate("UPS", 900))

    assert [one.carrier for one in shop.quote().rates] == ["UPS"]


@pytest.mark.parametrize(
    ("shop_phone", "random_phone", "told"),
    [("", False, ""), ("+14155550100", True, "+14155550100"), ("", True, "+1555")],
)
def test_an_address_without_a_phone_gets_the_shops_or_nobodys(shop, shop_phone, random_phone, told):
    seen = []
    real = shop.carrier.quote

    def quote(shipment, *, reference):
        seen.extend([shipment.sender.phone, shipment.recipient.phone])
        return real(shipment, reference=reference)

    shop.carrier.quote = quote
    rating = replace(shop.rating, shop_phone=shop_phone, random_phone=random_phone)
    quotes = replace(shop.quotes, rating=rating)
    with_phone = replace(RECIPIENT, phone="+12125550123")

    kept = quotes.quote(BUYER, replace(SHIPMENT, recipient=with_phone))

    assert seen[0].startswith(told)
    assert bool(seen[0]) == bool(told)
    assert seen[1] == "+12125550123"
    assert kept.sender.phone == ""


def test_choosing_checks_the_rate_the_owner_and_the_time(shop):
    quote = shop.quote()
    rate_id = quote.rates[0].rate_id

    assert shop.quotes.choose(quote.id, rate_id, BUYER)[1].price == Money(750)
    with pytest.raises(RateGone):
        shop.quotes.choose(quote.id, "rate_of_another", BUYER)
    with pytest.raises(RateGone):
        shop.quotes.choose(quote.id, rate_id, 8)
    with pytest.raises(NotFound):
        shop.quotes.choose("Q-none", rate_id, BUYER)
    shop.clock.turn(minutes=15)
    with pytest.raises(QuoteExpired):
        shop.quotes.choose(quote.id, rate_id, BUYER)
