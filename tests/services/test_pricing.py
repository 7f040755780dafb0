"""Pricing: the version in force, read anew for each quote, and named in it."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import Money
from core.pricing import PriceList, Rule
from models.base import NotFound
from models.pricing import PriceVersion, VersionState
from services.pricing import from_settings
from tests.shop import BUYER

DEARER = PriceList((Rule(percent=Decimal(20)), Rule(carrier="USPS", flat=Money(300))), Money(100))


def begin(shop, prices, stamp):
    last = PriceVersion.objects.last()
    PriceVersion.objects.begin(prices, after=last, stamp=stamp, by="ann", at=shop.clock.now())


def publish(shop, prices, stamp="s"):
    begin(shop, prices, stamp)
    PriceVersion.objects.publish(stamp, by="ann", reason="new year", at=shop.clock.now())


def test_without_rules_the_settings_markup_prices_everything(shop):
    tariff = shop.quotes.pricing.tariff(BUYER, shop.clock.now())

    assert tariff.version == "percent=5,minimum=50"
    assert tariff.price("USPS", "Priority", Money(1_000)) == Money(1_050)
    assert tariff.price("UPS", "Ground", Money(2_010)) == Money(2_111)


def test_a_quote_after_a_publication_is_made_by_the_new_version(shop):
    before = shop.quote()
    publish(shop, DEARER)
    after = shop.quote()

    assert [rate.price.minor for rate in before.rates] == [750, 1_050, 3_150]
    assert [rate.price.minor for rate in after.rates] == [1_000, 1_300, 3_300]
    assert (before.rule_version, after.rule_version) == ("percent=5,minimum=50", "v1")


def test_a_draft_prices_nothing(shop):
    begin(shop, DEARER, "s")

    assert shop.quote().rule_version == "percent=5,minimum=50"
    with pytest.raises(NotFound):
        shop.quotes.pricing.prices(1)


def test_every_process_sees_a_publication_at_once(shop):
    here, there = from_settings(Decimal(5), Money(50)), from_settings(Decimal(5), Money(50))
    now = shop.clock.now()
    for number, percent in ((1, 10), (2, 30)):
        publish(shop, PriceList((Rule(percent=Decimal(percent)),)), stamp=f"s{number}")

        for pricing in (here, there, here):
            tariff = pricing.tariff(BUYER, now)
            assert tariff.version == f"v{number}"
            assert tariff.price("UPS", "Ground", Money(1_000)) == Money(1_000 + 10 * percent)


def test_a_customers_discount_and_own_rule_count_together(shop):
    own = Rule(user_id=BUYER, percent=Decimal(10))
    publish(shop, PriceList((Rule(percent=Decimal(50)), own), Money(25)))
    shop.discounts.set(BUYER, Decimal(5), by="ann", reason="ships a lot")
    pricing, now = shop.quotes.pricing, shop.clock.now()

    theirs, others = pricing.tariff(BUYER, now), pricing.tariff(8, now)

    assert (theirs.version, others.version) == ("v1,discount=5", "v1")
    assert theirs.price("UPS", "Ground", Money(1_000)) == Money(1_045)
    assert theirs.price("UPS", "Ground", Money(100)) == Money(125)
    assert others.price("UPS", "Ground", Money(1_000)) == Money(1_500)


def test_a_rule_begins_at_midnight_utc_of_its_day(shop):
    tomorrow = Rule(carrier="USPS", since=date(2026, 11, 3), percent=Decimal(90))
    publish(shop, PriceList((Rule(percent=Decimal(10)), tomorrow)))

    today = shop.quote().rates[0].price
    shop.clock.turn(hours=11, minutes=59)
    tonight = shop.quote().rates[0].price
    shop.clock.turn(minutes=1)
    past_midnight = shop.quote()

    assert (today, tonight) == (Money(770), Money(770))
    assert past_midnight.rates[0].price == Money(1_330)
    assert past_midnight.rule_version == "v1"


def test_what_is_published_comes_back_as_it_was_written(shop):
    rule = Rule(
        carrier="USPS",
        service="Ground",
        user_id=BUYER,
        since=date(2026, 12, 1),
        percent=Decimal("7.1250"),
        flat=Money(30),
        minimum=Money(75),
    )
    prices = PriceList((Rule(percent=Decimal("0.1")), rule), Money(40))

    publish(shop, prices)

    version = PriceVersion.objects.fetch(1)
    assert version.prices == prices
    assert (version.status, version.by, version.reason) == (
        VersionState.PUBLISHED,
        "ann",
        "new year",
    )
