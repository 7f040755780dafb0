"""Price drafts: one at a time, changed only as seen, published once, with a reason."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import Money
from core.pricing import NoRuleForTheRest, PriceList, Rule, SameRuleTwice, WrongRule
from models.audit import AuditEntry
from models.base import NotFound
from models.pricing import PriceVersion, VersionState
from services.audits import ReasonMissing
from services.price_drafts import (
    DraftBegun,
    DraftMoved,
    NothingChanged,
    PriceDrafts,
    UnknownCustomer,
    told,
)
from tests.shop import BUYER

USPS = Rule(carrier="USPS", percent=Decimal(12), flat=Money(30), minimum=Money(75))
SETTINGS = Rule(percent=Decimal(5), minimum=Money(50))


@pytest.fixture
def drafts(shop):
    return PriceDrafts(shop.quotes.pricing, shop.audits)


def stamp():
    return PriceVersion.objects.draft().stamp


def acts():
    return [(entry.act, entry.subject, entry.reason) for entry in AuditEntry.objects.order_by("id")]


def test_a_draft_begins_with_the_rules_in_force(drafts):
    draft = drafts.begin(by="ann")

    assert (draft.id, draft.status, draft.by) == (1, VersionState.DRAFT, "ann")
    assert draft.prices == PriceList((SETTINGS,))
    assert acts() == [("begin price draft", "prices v1", "")]


def test_there_is_one_draft_at_a_time(drafts):
    drafts.begin(by="ann")

    with pytest.raises(DraftBegun):
        drafts.begin(by="bob")

    assert PriceVersion.objects.count() == 1
    assert PriceVersion.objects.get().by == "ann"


def test_rules_are_added_changed_and_removed_and_each_is_audited(drafts):
    drafts.begin(by="ann")
    drafts.add(stamp(), USPS, by="ann")
    drafts.add(stamp(), Rule(user_id=BUYER, percent=Decimal(2)), by="bob")
    drafts.change(stamp(), 1, Rule(carrier="UPS", percent=Decimal(9)), by="bob")
    drafts.set_least_margin(stamp(), Money(25), by="ann")
    drafts.remove(stamp(), 0, by="ann")

    draft = PriceVersion.objects.draft()
    assert draft.prices == PriceList((SETTINGS, Rule(carrier="UPS", percent=Decimal(9))), Money(25))
    assert draft.by == "ann"
    assert acts()[1:] == [
        ("add price rule", "prices v1", "USPS: 12% and $0.30, at least $0.75"),
        (
            "add price rule",
            "prices v1",
            f"every rate of customer {BUYER}: 2% and $0.00, at least $0.00",
        ),
        (
            "change price rule",
            "prices v1",
            "USPS: 12% and $0.30, at least $0.75; now UPS: 9% and $0.00, at least $0.00",
        ),
        ("set least margin", "prices v1", "$0.25"),
        (
            "remove price rule",
            "prices v1",
            f"every rate of customer {BUYER}: 2% and $0.00, at least $0.00",
        ),
    ]


def test_what_would_leave_a_rate_without_one_price_is_refused(drafts):
    drafts.begin(by="ann")
    seen = stamp()

    with pytest.raises(NoRuleForTheRest):
        drafts.remove(seen, 0, by="ann")
    with pytest.raises(NoRuleForTheRest):
        drafts.change(seen, 0, USPS, by="ann")
    with pytest.raises(SameRuleTwice):
        drafts.add(seen, Rule(percent=Decimal(99)), by="ann")
    with pytest.raises(WrongRule):
        drafts.set_least_margin(seen, Money(-1), by="ann")
    with pytest.raises(UnknownCustomer):
        drafts.add(seen, Rule(user_id=404, percent=Decimal(1)), by="ann")
    with pytest.raises(DraftMoved):
        drafts.remove(seen, 1, by="ann")

    assert PriceVersion.objects.draft().stamp == seen
    assert len(acts()) == 1


def test_a_draft_that_somebody_has_changed_meanwhile_is_not_overwritten(drafts):
    drafts.begin(by="ann")
    old = stamp()
    drafts.add(old, USPS, by="bob")

    for late in (
        lambda: drafts.add(old, Rule(carrier="UPS"), by="ann"),
        lambda: drafts.change(old, 0, SETTINGS, by="ann"),
        lambda: drafts.remove(old, 0, by="ann"),
        lambda: drafts.set_least_margin(old, Money(1), by="ann"),
        lambda: drafts.publish(old, by="ann", reason="mine"),
        lambda: drafts.discard(old, by="ann"),
    ):
        with pytest.raises(DraftMoved):
            late()

    assert PriceVersion.objects.get().prices == PriceList((USPS, SETTINGS))
    assert len(acts()) == 2


def test_a_publication_says_who_when_and_why_and_is_there_for_good(drafts, shop):
    drafts.begin(by="ann")
    drafts.add(stamp(), USPS, by="ann")
    shop.clock.turn(hours=1)

    published = drafts.publish(stamp(), by="olga", reason=" USPS got dearer ")

    assert (published.id, published.status) == (1, VersionState.PUBLISHED)
    assert (published.by, published.reason) == ("olga", "USPS got dearer")
    assert published.moved_at == shop.clock.now()
    assert acts()[-1] == ("publish prices", "prices v1", "USPS got dearer")
    assert shop.quote().rule_version == "v1"
    before = PriceVersion.objects.get().to_mongo()
    for late in (
        lambda: drafts.add(published.stamp, Rule(carrier="UPS"), by="ann"),
        lambda: drafts.discard(published.stamp, by="ann"),
        lambda: drafts.publish(published.stamp, by="ann", reason="again"),
    ):
        with pytest.raises(DraftMoved):
            late()
    assert PriceVersion.objects.get().to_mongo() == before


def test_a_publication_needs_a_reason_and_something_new(drafts):
    drafts.begin(by="ann")

    with pytest.raises(ReasonMissing):
        drafts.publish(stamp(), by="ann", reason="  ")
    with pytest.raises(NothingChanged):
        drafts.publish(stamp(), by="ann", reason="just so")

    assert PriceVersion.objects.last() == 0


def test_a_discarded_draft_leaves_its_number_but_not_its_stamp(drafts):
    first = drafts.begin(by="ann")
    drafts.discard(first.stamp, by="ann")
    second = drafts.begin(by="bob")

    assert (first.id, second.id) == (1, 1)
    with pytest.raises(DraftMoved):
        drafts.discard(first.stamp, by="ann")
    assert PriceVersion.objects.get().by == "bob"


def test_an_old_version_comes_back_as_a_new_one(drafts, shop):
    for percent in (10, 20):
        drafts.begin(by="ann")
        drafts.change(stamp(), 0, Rule(percent=Decimal(percent)), by="ann")
        drafts.publish(stamp(), by="ann", reason="try")

    drafts.begin(by="ann", like=1)
    drafts.publish(stamp(), by="ann", reason="back")

    assert PriceVersion.objects.last() == 3
    assert PriceVersion.objects.fetch(3).prices == PriceVersion.objects.fetch(1).prices
    assert [rate.price.minor for rate in shop.quote().rates] == [770, 1_100, 3_300]
    with pytest.raises(NotFound):
        drafts.begin(by="ann", like=9)


def test_a_rule_is_told_with_its_day():
    day = date(2026, 12, 24)
    rule = Rule(carrier="USPS", service="Priority", since=day, percent=Decimal("7.5"))

    assert told(rule) == "USPS Priority from 2026-12-24: 7.5% and $0.00, at least $0.00"
