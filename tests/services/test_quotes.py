"""Quotes: kept whole, priced once, never under cost."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.limits import TooBigForEveryCarrier
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from models.base import NotFound
from models.quote import Quote
from providers.carriers.base import Quoted, Rate
from services.quotes import NoRates, QuoteExpired, RateGone
from tests.shop import BUYER, PARCEL, RECIPIENT, SENDER


def offering(shop, *rates, complaints=()):
    shop.carrier.quote = lambda *_, reference: Quoted(f"shp_{reference}", rates, complaints)


def rate(carrier, cents, number=0):
    return Rate(f"{carrier}{cents}-{number}", carrier, "Ground", Money(cents), 3, None, "ca")


def test_a_quote_keeps_all_that_its_prices_depend_on(shop):
    quote = Quote.objects.fetch(shop.quote().id)

    assert quote.sender == SENDER
    assert quote.recipient == RECIPIENT
    assert quote.parcel == PARCEL
    assert (quote.mode, quote.provider) == (ApiMode.TEST, "easypost")
    assert quote.rule_version == "percent=5,minimum=50"
    assert quote.complaints == ["FedEx: account is closed"]
    assert (quote.expires_at - quote.created_at).total_seconds() == 900


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
    many = [rate(c, 500 + n, n) for c in ("USPS", "UPS", "FedEx") for n in range(8)]
    offering(shop, *many)

    kept = shop.quote().rates

    assert len(kept) == 15
    assert {c: sum(one.carrier == c for one in kept) for c in ("USPS", "UPS", "FedEx")} == {
        "USPS": 5,
        "UPS": 5,
        "FedEx": 5,
    }


def test_no_rates_says_what_the_carriers_said(shop):
    offering(shop, complaints=("USPS: bad ZIP",))

    with pytest.raises(NoRates) as refusal:
        shop.quote()

    assert refusal.value.facts == {"complaints": ["USPS: bad ZIP"]}


def test_a_carrier_that_does_not_take_the_parcel_is_not_offered(shop):
    offering(shop, rate("USPS", 500), rate("UPS", 900))
    heavy = Parcel(Decimal(10), Decimal(10), Decimal(10), Decimal(80 * 16))

    quote = shop.quotes.quote(BUYER, SENDER, RECIPIENT, heavy)

    assert [one.carrier for one in quote.rates] == ["UPS"]


def test_a_parcel_for_nobody_is_refused_before_anybody_is_asked(shop):
    giant = Parcel(Decimal(100), Decimal(60), Decimal(60), Decimal(16))

    with pytest.raises(TooBigForEveryCarrier):
        shop.quotes.quote(BUYER, SENDER, RECIPIENT, giant)

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
    quotes = replace(shop.quotes, shop_phone=shop_phone, random_phone=random_phone)
    with_phone = replace(RECIPIENT, phone="+12125550123")

    kept = quotes.quote(BUYER, SENDER, with_phone, PARCEL)

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
