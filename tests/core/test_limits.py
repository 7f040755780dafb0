"""What the carriers take."""

from decimal import Decimal

import pytest

from core.limits import BrokenLimit, TooBigForEveryCarrier, broken_limits, carriers_that_take
from core.parcels import Parcel


def parcel(sizes, pounds):
    length, width, height = map(Decimal, sizes.split("x"))
    return Parcel(length, width, height, Decimal(pounds) * 16)


@pytest.mark.parametrize(
    ("sizes", "pounds", "takers"),
    [
        ("10x8x4", "2", ("USPS", "UPS", "FedEx")),
        ("10x8x4", "70", ("USPS", "UPS", "FedEx")),
        ("10x8x4", "70.1", ("UPS", "FedEx")),
        ("10x8x4", "150", ("UPS", "FedEx")),
        ("50x20x20", "2", ("USPS", "UPS", "FedEx")),
        ("50.1x20x20", "2", ("UPS", "FedEx")),
        ("85x20x20", "2", ("UPS", "FedEx")),
        ("108x5x5", "2", ("USPS", "UPS", "FedEx")),
    ],
)
def test_carriers_that_take_a_parcel_are_named(sizes, pounds, takers):
    assert carriers_that_take(parcel(sizes, pounds)) == takers


def test_a_parcel_that_nobody_takes_is_refused_with_the_measure():
    with pytest.raises(TooBigForEveryCarrier) as refused:
        carriers_that_take(parcel("85.1x20x20", "2"))

    assert refused.value.facts == {
        "measure": "length_plus_girth_in",
        "limit": 165,
        "actual": Decimal("165.1"),
    }


@pytest.mark.parametrize(
    ("service", "limit"),
    [("", None), ("GroundAdvantage", None), ("usps_ground_advantage", None), ("Priority", 108)],
)
def test_only_ground_advantage_takes_up_to_130_inches_around(service, limit):
    broken = broken_limits(parcel("30x20x20", "2"), "USPS", service)

    girth = Decimal(110)
    expected = [BrokenLimit("USPS", "length_plus_girth_in", Decimal(limit), girth)] if limit else []
    assert broken == expected


def test_every_broken_limit_is_told_by_the_name_of_the_account():
    broken = broken_limits(parcel("110x40x40", "151"), "UPSDAP")

    assert [(limit.carrier, limit.measure, limit.actual) for limit in broken] == [
        ("UPSDAP", "weight_lb", 151),
        ("UPSDAP", "longest_in", 110),
        ("UPSDAP", "length_plus_girth_in", 270),
    ]
