"""What the carriers take."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.limits import (
    BrokenLimit,
    Fix,
    TooBigForEveryCarrier,
    broken_limits,
    carriers_that_take,
    next_fix,
)
from core.parcels import Parcel

TENTHS = st.integers(1, 1_300).map(lambda tenths: Decimal(tenths) / 10)
OUNCES = st.integers(1, 30_000).map(lambda tenths: Decimal(tenths) / 10)
PARCELS = st.builds(Parcel, TENTHS, TENTHS, TENTHS, OUNCES)
EDGE = Decimal("0.1")


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
        "fix": Fix("UPS", "", Decimal(0), Decimal("0.1"), Decimal("0.1")),
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


def fix(carrier, service, lighter="0", shorter="0", slimmer="0"):
    return Fix(carrier, service, Decimal(lighter), Decimal(shorter), Decimal(slimmer))


@pytest.mark.parametrize(
    ("sizes", "pounds", "reached"),
    [
        ("10x8x4", "2", None),
        ("30x20x19.5", "2", fix("USPS", "", shorter="1", slimmer="0.5")),
        ("52x20x20", "2", fix("USPS", "GroundAdvantage", shorter="2", slimmer="1")),
        ("20x52x20", "2", fix("USPS", "GroundAdvantage", shorter="2", slimmer="1")),
        ("10x8x4", "72.5", fix("USPS", "GroundAdvantage", lighter="2.5")),
        ("52x20x20", "71", fix("USPS", "GroundAdvantage", "1", shorter="2", slimmer="1")),
        ("10x8x4", "120", None),
        ("80x40x20", "2", None),
        ("100x28x10", "160", fix("UPS", "", "10", shorter="11", slimmer="5.5")),
        ("110x5x5", "2", fix("UPS", "", shorter="2")),
        ("40x39x13", "2", fix("USPS", "GroundAdvantage", shorter="7.5", slimmer="7")),
        ("120x110x2", "2", None),
    ],
)
def test_the_little_less_that_reaches_the_next_tier_is_named(sizes, pounds, reached):
    assert next_fix(parcel(sizes, pounds)) == reached


def changed(parcel, fix, *, place, less):
    sides = sorted(parcel.sizes_in, reverse=True)
    sides[place] -= less
    return Parcel(*sides, parcel.weight_oz - fix.lighter_lb * 16)


@given(PARCELS)
def test_either_change_is_enough_and_a_tenth_less_of_it_is_not(parcel):
    fix = next_fix(parcel)
    if fix is None:
        return

    assert broken_limits(parcel, fix.carrier, fix.service or "Priority")
    for place, less in enumerate((fix.shorter_in, fix.slimmer_in)):
        after = changed(parcel, fix, place=place, less=less)
        if less or not (fix.shorter_in or fix.slimmer_in):
            assert broken_limits(after, fix.carrier, fix.service or "Priority") == []
        if less:
            nearly = changed(parcel, fix, place=place, less=less - EDGE)
            assert broken_limits(nearly, fix.carrier, fix.service or "Priority")
    if fix.lighter_lb:
        heavier = replace(parcel, weight_oz=parcel.weight_oz - (fix.lighter_lb - EDGE) * 16)
        assert broken_limits(heavier, fix.carrier, fix.service or "Priority")


@given(PARCELS)
def test_nothing_is_named_when_every_service_takes_the_parcel(parcel):
    if not broken_limits(parcel, "USPS", "Priority"):
        assert next_fix(parcel) is None
