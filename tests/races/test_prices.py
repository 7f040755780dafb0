"""Price drafts, eight hands at once: one draft, one publication, nothing lost in between."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from core.errors import Refusal
from core.money import Money
from core.pricing import Rule
from models.audit import AuditEntry
from models.pricing import PriceVersion, VersionState
from services.price_drafts import DraftBegun, DraftMoved, PriceDrafts

HANDS = 8


@pytest.fixture
def drafts(shop):
    return PriceDrafts(shop.quotes.pricing, shop.audits)


def together(act):
    """Eight threads do it at the same moment; answers, or the refusals they got."""
    ready = Barrier(HANDS)

    def one(number):
        ready.wait()
        try:
            return act(number)
        except Refusal as refusal:
            return type(refusal)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, range(HANDS)))


def changed(drafts):
    draft = drafts.begin(by="ann")
    drafts.set_least_margin(draft.stamp, Money(25), by="ann")
    return PriceVersion.objects.draft().stamp


def test_one_draft_is_begun(drafts):
    answers = together(lambda number: drafts.begin(by=f"operator {number}").id)

    assert answers.count(1) == 1
    assert answers.count(DraftBegun) == HANDS - 1
    assert PriceVersion.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_one_of_many_publications_holds(drafts, round_):
    stamp = changed(drafts)

    answers = together(lambda number: drafts.publish(stamp, by=f"{number}", reason="me").by)

    assert answers.count(DraftMoved) == HANDS - 1
    [winner] = [answer for answer in answers if answer is not DraftMoved]
    version = PriceVersion.objects.get()
    assert (version.id, version.by, version.status) == (1, winner, VersionState.PUBLISHED)
    assert AuditEntry.objects(act="publish prices").count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_publication_is_exactly_what_its_operator_saw(drafts, round_):
    stamp = changed(drafts)
    seen = PriceVersion.objects.draft().prices

    def act(number):
        if number % 2:
            return drafts.add(stamp, Rule(carrier=f"C{number}", percent=Decimal(1)), by="bob")
        return drafts.publish(stamp, by="ann", reason="as seen").id

    answers = together(act)

    version = PriceVersion.objects.get()
    assert answers.count(DraftMoved) == HANDS - 1
    if version.status is VersionState.PUBLISHED:
        assert version.prices == seen
    else:
        assert len(version.prices.rules) == len(seen.rules) + 1


def test_one_of_many_changes_is_written(drafts):
    stamp = changed(drafts)

    answers = together(
        lambda number: drafts.add(stamp, Rule(carrier=f"C{number}", percent=Decimal(1)), by="x")
    )

    assert answers.count(None) == 1
    assert answers.count(DraftMoved) == HANDS - 1
    assert len(PriceVersion.objects.draft().prices.rules) == 2


@pytest.mark.parametrize("round_", range(3))
def test_a_draft_is_published_or_discarded_but_never_both(drafts, round_):
    stamp = changed(drafts)

    def act(number):
        if number % 2:
            return drafts.discard(stamp, by="bob")
        return drafts.publish(stamp, by="ann", reason="now").id

    answers = together(act)

    assert answers.count(DraftMoved) == HANDS - 1
    assert PriceVersion.objects.count() == (1 if 1 in answers else 0)
    assert PriceVersion.objects.last() == (1 if 1 in answers else 0)


def test_numbers_go_up_by_one_whatever_is_raced(drafts):
    def act(number):
        for turn in range(4):
            try:
                draft = drafts.begin(by=f"{number}")
                drafts.set_least_margin(draft.stamp, Money(10 * number + turn + 1), by=f"{number}")
                drafts.publish(PriceVersion.objects.draft().stamp, by=f"{number}", reason="more")
            except (Refusal, AttributeError):
                continue

    together(act)

    rows = PriceVersion.objects.order_by("id")
    assert [row.id for row in rows] == list(range(1, rows.count() + 1))
    assert sum(row.status is VersionState.DRAFT for row in rows) <= 1
    assert rows.count() >= 1
