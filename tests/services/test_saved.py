"""What a customer keeps: once each, the most used first, never anybody else's."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.naming import BadName, folded, read_name
from models.base import NotFound
from models.saved import SavedAddress, Template
from services.saved import LIMITS, Kind, NameTaken, Saved, TooManySaved
from tests.shop import BUYER, PARCEL, RECIPIENT, SENDER, SHIPMENT

OTHER = 8


@pytest.fixture
def saved(shop):
    return Saved(shop.clock)


def test_an_address_kept_twice_is_one_and_nobody_elses(saved):
    first = saved.keep_address(BUYER, SENDER)
    again = saved.keep_address(BUYER, SENDER)

    assert first.id == again.id
    assert saved.most_used(Kind.ADDRESS, BUYER, most=5)[0].address == SENDER
    assert saved.has(SENDER, BUYER)
    assert not saved.has(SENDER, OTHER)
    assert saved.count(Kind.ADDRESS, OTHER) == 0
    with pytest.raises(NotFound):
        saved.get(Kind.ADDRESS, OTHER, first.key)


def test_parcels_of_the_same_measures_are_one(saved):
    saved.keep_parcel(BUYER, PARCEL)

    saved.keep_parcel(BUYER, replace(PARCEL, length_in=Decimal("10.0"), weight_oz=Decimal("32.0")))

    assert saved.count(Kind.PARCEL, BUYER) == 1
    assert not saved.has(replace(PARCEL, weight_oz=Decimal(33)), BUYER)


def test_the_most_used_come_first_and_each_use_counts_once(saved, shop):
    kept = [saved.keep_address(BUYER, replace(SENDER, name=name)) for name in ("Ann", "Bob", "Cy")]

    for by in ("1", "1", "2"):
        saved.use(Kind.ADDRESS, BUYER, kept[1].key, by=by)
    shop.clock.turn(minutes=1)
    saved.use(Kind.ADDRESS, BUYER, kept[2].key, by="3")

    found = saved.most_used(Kind.ADDRESS, BUYER, most=9)
    assert [(each.address.name, each.uses) for each in found] == [("Bob", 2), ("Cy", 1), ("Ann", 0)]
    page = saved.most_used(Kind.ADDRESS, BUYER, skip=1, most=1)
    assert [each.address.name for each in page] == ["Cy"]


def test_a_use_of_what_is_gone_is_not_found(saved):
    key = saved.keep_address(BUYER, SENDER).key

    saved.delete(Kind.ADDRESS, OTHER, key)
    saved.delete(Kind.ADDRESS, BUYER, key)
    saved.delete(Kind.ADDRESS, BUYER, key)

    with pytest.raises(NotFound):
        saved.use(Kind.ADDRESS, BUYER, key, by="1")


def test_one_too_many_is_refused_but_what_is_kept_may_be_kept_again(saved, monkeypatch):
    monkeypatch.setitem(LIMITS, Kind.ADDRESS, 1)
    saved.keep_address(BUYER, SENDER)

    saved.keep_address(BUYER, SENDER)
    with pytest.raises(TooManySaved) as refused:
        saved.keep_address(BUYER, RECIPIENT)

    assert refused.value.facts == {"kind": Kind.ADDRESS, "limit": 1}
    assert SavedAddress.objects.count() == 1


def test_fifty_templates_are_kept_and_no_more(saved):
    for number in range(LIMITS[Kind.TEMPLATE]):
        saved.keep_template(BUYER, f"box {number}", SHIPMENT)

    with pytest.raises(TooManySaved):
        saved.keep_template(BUYER, "one more", SHIPMENT)

    assert Template.objects.count() == 50


def test_a_template_has_its_name_alone(saved):
    weekly = saved.keep_template(BUYER, "  Weekly   box ", SHIPMENT)
    again = saved.keep_template(BUYER, "Weekly box", SHIPMENT)
    other = replace(SHIPMENT, sender=RECIPIENT)

    assert (weekly.name, weekly.id) == ("Weekly box", again.id)
    assert weekly.shipment == SHIPMENT
    with pytest.raises(NameTaken):
        saved.keep_template(BUYER, "WEEKLY BOX", other)
    daily = saved.keep_template(BUYER, "Daily", other)
    with pytest.raises(NameTaken):
        saved.rename(Kind.TEMPLATE, BUYER, daily.key, "weekly BOX")
    assert saved.rename(Kind.TEMPLATE, BUYER, weekly.key, "WEEKLY").name == "WEEKLY"
    assert saved.keep_template(OTHER, "Weekly", other).user_id == OTHER


def test_a_name_taken_at_the_same_moment_is_refused(saved, monkeypatch):
    saved.keep_template(BUYER, "Daily", SHIPMENT)
    nobody = Template.objects(user_id=-1)
    monkeypatch.setattr(Template.objects.__class__, "first", lambda *_: nobody.limit(1).seek("-"))

    with pytest.raises(NameTaken):
        saved.keep_template(BUYER, "Daily", replace(SHIPMENT, sender=RECIPIENT))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (" \u200b ", "missing"),
        ("x" * 41, "too_long"),
        ("a\nb", "several_lines"),
        ("a\x07b", "strange_characters"),
    ],
)
def test_a_name_that_cannot_be_kept_says_why(saved, typed, reason):
    with pytest.raises(BadName) as bad:
        saved.keep_template(BUYER, typed, SHIPMENT)

    assert bad.value.facts == {"reason": reason, "limit": 40}
    assert Template.objects.count() == 0


def test_a_name_of_forty_letters_is_kept_as_it_was_typed():
    assert read_name("Ж" * 40) == "Ж" * 40
    assert read_name(" O'Brien &  Söhne #2 ") == "O'Brien & Söhne #2"
    assert folded("STRASSE  a") == folded("Straße A")
