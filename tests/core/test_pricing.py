"""Prices: one rule, one discount, one floor, and half a cent rounded up exactly once."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given, strategies as st

from core.money import Money
from core.pricing import (
    MOST_AMOUNT,
    MOST_PERCENT,
    RULES_AT_MOST,
    NoRuleForTheRest,
    Price,
    PriceList,
    Rated,
    Rule,
    SameRuleTwice,
    TooManyRules,
    WrongRule,
)

TODAY = date(2026, 11, 2)
BASE = Rule(percent=Decimal(8), minimum=Money(50))
RATE = Rated(carrier="USPS", service="GroundAdvantage", user_id=7, on=TODAY)

cents = st.integers(0, MOST_AMOUNT.minor).map(Money)
costs = st.integers(1, 10_000_000).map(Money)
percents = st.decimals(0, MOST_PERCENT, places=4)
discounts = st.decimals(0, 50, places=2)
names = st.sampled_from(["", "USPS", "UPS"])


@st.composite
def rules(draw):
    carrier = draw(names)
    return Rule(
        carrier=carrier,
        service=draw(st.sampled_from(["", "GroundAdvantage"])) if carrier else "",
        user_id=draw(st.sampled_from([None, 7, 8])),
        since=draw(st.sampled_from([None, TODAY - timedelta(1), TODAY, TODAY + timedelta(1)])),
        percent=draw(percents),
        flat=draw(cents),
        minimum=draw(cents),
    )


@st.composite
def lists(draw):
    unique = st.lists(rules(), max_size=6, unique_by=lambda rule: (rule.scope, rule.since))
    particular = [rule for rule in draw(unique) if (rule.scope, rule.since) != (BASE.scope, None)]
    base = Rule(percent=draw(percents), flat=draw(cents), minimum=draw(cents))
    return PriceList((base, *particular), draw(cents))


@pytest.mark.parametrize(
    ("cost", "price"), [(700, 756), (100, 150), (1, 51), (10_000, 10_800), (813, 878)]
)
def test_a_price_is_cost_and_percentage_or_the_least_markup(cost, price):
    assert PriceList((BASE,)).price(RATE, Money(cost)) == Price(Money(price), floored=False)


@pytest.mark.parametrize(
    ("cost", "discount", "price", "floored"),
    [
        (1_000, "0", 1_080, False),
        (1_000, "5", 1_026, False),
        (1_000, "7.40", 1_000, False),
        (1_000, "7.45", 1_000, False),
        (1_000, "7.46", 1_000, True),
        (1_000, "50", 1_000, True),
        (100, "10", 135, False),
        (1, "50", 26, False),
    ],
)
def test_a_discount_is_off_the_price_and_ends_at_the_cost(cost, discount, price, floored):
    told = PriceList((BASE,)).price(RATE, Money(cost), Decimal(discount))

    assert told == Price(Money(price), floored)


def test_half_a_cent_is_rounded_up_once_at_the_end():
    flat_and_percent = PriceList((Rule(percent=Decimal("0.45"), flat=Money(1)),))

    assert flat_and_percent.price(RATE, Money(100)).amount == Money(101)
    assert flat_and_percent.price(RATE, Money(100), Decimal("0.45")).amount == Money(101)
    assert flat_and_percent.price(RATE, Money(1_000), Decimal(0)).amount == Money(1_006)
    assert flat_and_percent.price(RATE, Money(1_000), Decimal("0.1")).amount == Money(1_004)


def test_nothing_is_sold_under_cost_plus_the_least_margin():
    dear = PriceList((BASE,), least_margin=Money(100))

    assert dear.price(RATE, Money(700)) == Price(Money(800), floored=True)
    assert dear.price(RATE, Money(1_250)) == Price(Money(1_350), floored=False)
    assert dear.price(RATE, Money(1_250), Decimal(1)) == Price(Money(1_350), floored=True)


ANYBODYS = Rule(percent=Decimal(1))
CARRIERS = Rule(carrier="usps", percent=Decimal(2))
SERVICES = Rule(carrier="USPS", service="groundadvantage", percent=Decimal(3))
CUSTOMERS = Rule(user_id=7, percent=Decimal(4))
CUSTOMERS_CARRIERS = Rule(user_id=7, carrier="USPS", percent=Decimal(5))
CUSTOMERS_SERVICES = Rule(user_id=7, carrier="USPS", service="GroundAdvantage", percent=Decimal(6))
LADDER = (ANYBODYS, CARRIERS, SERVICES, CUSTOMERS, CUSTOMERS_CARRIERS, CUSTOMERS_SERVICES)


def test_the_most_particular_rule_alone_prices_a_rate():
    for some in combinations(LADDER[1:], 2):
        for order in permutations((ANYBODYS, *some)):
            assert PriceList(order).rule_for(RATE) is some[-1]


@pytest.mark.parametrize(
    ("carrier", "service", "user_id", "rule"),
    [
        ("USPS", "GroundAdvantage", 7, CUSTOMERS_SERVICES),
        ("USPS", "Priority", 7, CUSTOMERS_CARRIERS),
        ("UPS", "GroundAdvantage", 7, CUSTOMERS),
        ("USPS", "GroundAdvantage", 8, SERVICES),
        ("USPS", "Priority", 8, CARRIERS),
        ("UPS", "GroundAdvantage", 8, ANYBODYS),
    ],
)
def test_a_rule_prices_only_what_it_names(carrier, service, user_id, rule):
    rate = Rated(carrier=carrier, service=service, user_id=user_id, on=TODAY)

    assert PriceList(LADDER).rule_for(rate) is rule


def test_a_rule_is_in_force_from_its_day_on():
    later = Rule(carrier="USPS", since=TODAY, percent=Decimal(9))
    latest = Rule(carrier="USPS", since=TODAY + timedelta(5), percent=Decimal(10))
    prices = PriceList((ANYBODYS, CARRIERS, later, latest))

    def rule_on(days):
        on = TODAY + timedelta(days)
        return prices.rule_for(Rated(carrier="USPS", service="Priority", user_id=8, on=on))

    assert [rule_on(days) for days in (-1, 0, 4, 5, 600)] == [
        CARRIERS,
        later,
        later,
        latest,
        latest,
    ]


def test_a_list_tells_its_rules_best_first_however_they_came():
    for order in (LADDER, LADDER[::-1]):
        assert PriceList(order).rules == LADDER[::-1]


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"percent": Decimal("-0.01")}, "percent", "percent_range"),
        ({"percent": Decimal("500.01")}, "percent", "percent_range"),
        ({"percent": Decimal("1.00001")}, "percent", "percent_range"),
        ({"percent": Decimal("NaN")}, "percent", "percent_range"),
        ({"percent": Decimal("Infinity")}, "percent", "percent_range"),
        ({"flat": Money(-1)}, "flat", "amount_range"),
        ({"minimum": Money(100_001)}, "minimum", "amount_range"),
        ({"service": "Ground"}, "carrier", "carrier_missing"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong, field, why):
    with pytest.raises(WrongRule) as refusal:
        Rule(**wrong)

    assert refusal.value.facts == {"field": field, "why": why}


def test_a_list_that_leaves_a_rate_without_one_price_is_refused():
    with pytest.raises(NoRuleForTheRest):
        PriceList((CARRIERS, CUSTOMERS))
    with pytest.raises(NoRuleForTheRest):
        PriceList((Rule(since=TODAY, percent=Decimal(1)),))
    with pytest.raises(SameRuleTwice):
        PriceList((ANYBODYS, CARRIERS, Rule(carrier="USPS", percent=Decimal(7))))
    with pytest.raises(WrongRule):
        PriceList((ANYBODYS,), least_margin=Money(-1))
    with pytest.raises(TooManyRules):
        PriceList((ANYBODYS, *(Rule(user_id=number) for number in range(RULES_AT_MOST))))


@given(lists(), costs, discounts)
def test_no_price_is_under_the_floor(prices, cost, discount):
    price = prices.price(RATE, cost, discount)

    assert price.amount >= cost + prices.least_margin
    assert price.floored <= (price.amount == cost + prices.least_margin)


@given(lists(), costs, costs, discounts)
def test_what_costs_more_is_never_sold_for_less(prices, one, other, discount):
    cheap, dear = sorted((one, other))

    assert prices.price(RATE, cheap, discount).amount <= prices.price(RATE, dear, discount).amount


@given(lists(), costs, discounts, discounts)
def test_a_greater_discount_never_makes_dearer(prices, cost, one, other):
    small, great = sorted((one, other))

    assert prices.price(RATE, cost, great).amount <= prices.price(RATE, cost, small).amount


@given(lists(), costs, discounts)
def test_a_price_is_within_half_a_cent_of_the_exact_one_or_the_floor(prices, cost, discount):
    rule = prices.rule_for(RATE)
    markup = max(
        Fraction(rule.percent) * cost.minor / 100 + rule.flat.minor, Fraction(rule.minimum.minor)
    )
    exact = (cost.minor + markup) * (100 - Fraction(discount)) / 100

    price = prices.price(RATE, cost, discount)

    once = (2 * exact + 1) // 2
    assert price.amount.minor == max(once, cost.minor + prices.least_margin.minor)
    assert price.floored == (once < cost.minor + prices.least_margin.minor)
    assert 2 * abs(once - exact) <= 1
