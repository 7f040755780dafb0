"""Which offers are shown, and what a filter leaves of them."""

import pytest
from hypothesis import given, strategies as st

from core.money import Money
from core.postage import family, product
from models.parts import PricedRate
from services.offers import IN_ALL_AT_MOST, best, filters, narrowed

CARRIERS = st.sampled_from(["USPS", "UPS", "UPSDAP", "FedEx", "stamps_com"])
SERVICES = st.sampled_from([f"Service{number}" for number in range(9)])
OFFERS = st.lists(
    st.builds(
        lambda carrier, service, cents, days, number: PricedRate(
            rate_id=f"rate_{number}",
            carrier=carrier,
            service=service,
            cost=Money(cents),
            price=Money(cents + 50),
            days=days,
        ),
        CARRIERS,
        SERVICES,
        st.integers(100, 9_999),
        st.none() | st.integers(1, 9),
        st.integers(),
    ),
    max_size=60,
)


def rate(carrier, days, cents=500, number=0):
    return PricedRate(
        rate_id=f"{carrier}{number}",
        carrier=carrier,
        service=f"Service{number}",
        cost=Money(cents + number),
        price=Money(cents + number),
        days=days,
    )


MANY = (
    rate("USPS", 5, number=1),
    rate("USPS", 2, number=2),
    rate("UPSDAP", 3, number=3),
    rate("UPS", 1, number=4),
    rate("FedEx", None, number=5),
    rate("FedEx", 4, number=6),
)


@given(OFFERS)
def test_whatever_is_offered_the_cheapest_and_the_fastest_are_shown(offered):
    shown = best(offered)

    assert len(shown) <= IN_ALL_AT_MOST
    assert len({product(one.carrier, one.service) for one in shown}) == len(shown)
    assert list(shown) == sorted(shown, key=lambda one: one.price)
    if offered:
        assert shown[0].price == min(one.price for one in offered)
        cheapest = {}
        for one in offered:
            same = product(one.carrier, one.service)
            cheapest[same] = min(cheapest.get(same, one.price), one.price)
        assert all(one.price == cheapest[product(one.carrier, one.service)] for one in shown)


@given(OFFERS)
def test_at_first_nothing_is_shown_that_is_dearer_and_no_faster_than_another_of_its_carrier(
    offered,
):
    all_of_them = best(offered)
    shown = narrowed(all_of_them, "")
    hidden = set(all_of_them) - set(shown)

    assert {family(one.carrier) for one in shown} == {family(one.carrier) for one in all_of_them}
    assert all(
        any(one.price <= dear.price and (one.days or 99) <= (dear.days or 99) for one in shown)
        for dear in hidden
    )
    assert not hidden or len(shown) < len(all_of_them)


@pytest.mark.parametrize(
    ("only", "left"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("usps", [1, 2]),
        ("ups", [3, 4]),
        ("fast", [2, 4]),
        ("dhl", [1, 2, 3, 4, 5]),
    ],
)
def test_a_filter_leaves_one_carrier_or_what_is_fast(only, left):
    assert [int(one.service[-1]) for one in narrowed(MANY, only)] == left


def test_only_filters_that_show_something_new_are_offered():
    assert filters(MANY) == ("fedex",)
    assert filters(MANY[:5]) == ()
    assert filters([rate("USPS", 5, number=number) for number in range(9)]) == ("usps",)
    assert filters([rate("USPS", 9 - n, number=n) for n in range(9)]) == ()
    assert filters([rate("USPS", n + 1, number=n) for n in range(9)]) == ("usps", "fast")
