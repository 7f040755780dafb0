"""Previews: stored quotes priced again, checked against sums made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from core.modes import ApiMode
from core.money import Money
from core.pricing import PriceList, Rule
from models.order import Order, OrderState
from models.pricing import PriceVersion
from providers.carriers.base import Quoted, Rate
from services import previews as module
from services.previews import Line, Previews
from tests.shop import BUYER, SHIPMENT

OTHER = 8
BASE = Rule(percent=Decimal(10))
PRIORITY = Rule(carrier="USPS", service="Priority", flat=Money(20))
GROUND, PRIORITY_MAIL, EXPRESS = (
    ("USPS", "GroundAdvantage"),
    ("USPS", "Priority"),
    ("USPS", "Express"),
)


@pytest.fixture
def previews(shop):
    return Previews(shop.quotes.pricing, shop.modes, shop.clock)


def draft(shop, *rules, least_margin=0):
    """In place of any other."""
    PriceVersion.objects.filter(status="draft").delete()
    prices = PriceList(rules, Money(least_margin))
    PriceVersion.objects.begin(
        prices, after=PriceVersion.objects.last(), stamp="s", by="ann", at=shop.clock.now()
    )
    return PriceVersion.objects.draft()


def publish(shop, *rules, least_margin=0):
    draft(shop, *rules, least_margin=least_margin)
    PriceVersion.objects.publish("s", by="ann", reason="why not", at=shop.clock.now())


def test_offers_are_priced_by_the_version_in_force_and_by_the_draft(shop, previews):
    """Costs 700, 1,000 and 3,000. Now 5% and at least $0.50, then 10%, and $0.20 on Priority."""
    shop.quote(), shop.quote()

    preview = previews.replay(draft(shop, BASE, PRIORITY), days=30)

    assert preview.offered.by_service == {
        GROUND: Line(2, 2 * 700, 2 * 750, 2 * 770, 0),
        PRIORITY_MAIL: Line(2, 2 * 1_000, 2 * 1_050, 2 * 1_020, 0),
        EXPRESS: Line(2, 2 * 3_000, 2 * 3_150, 2 * 3_300, 0),
    }
    total = preview.offered.total
    assert total == Line(6, 9_400, 9_900, 10_180, 0)
    assert (total.margin_before, total.margin_after, total.change) == (500, 780, 280)
    assert (preview.quotes, preview.cut, preview.quotes_floored) == (2, False, 0)
    assert preview.used == {BASE: 4, PRIORITY: 2}


def test_only_what_was_sold_counts_as_revenue(shop, previews):
    """Two labels: Ground (700) and Express (3,000); one quote is left, one order not bought."""
    shop.credit(50_000)
    for rate in (0, 2):
        shop.place(rate=rate)
        shop.work()
    shop.quote()
    shop.place(rate=1)

    preview = previews.replay(draft(shop, BASE, PRIORITY), days=30)

    assert preview.sold.by_service == {
        GROUND: Line(1, 700, 750, 770, 0),
        EXPRESS: Line(1, 3_000, 3_150, 3_300, 0),
    }
    assert preview.sold.total == Line(2, 3_700, 3_900, 4_070, 0)
    assert (preview.quotes, preview.offered.total.number) == (4, 12)


@pytest.mark.parametrize(
    ("state", "counted"),
    [
        (OrderState.BOUGHT, 1),
        (OrderState.VOID_SENT, 1),
        (OrderState.VOID_REFUSED, 1),
        (OrderState.REFUNDED, 0),
        (OrderState.REVIEW, 0),
        (OrderState.RELEASED, 0),
    ],
)
def test_a_label_given_back_is_no_revenue(shop, previews, state, counted):
    shop.credit(50_000)
    order = shop.place()
    Order.objects(pk=order.id).update_one(set__status=state)

    assert previews.replay(draft(shop, BASE), days=30).sold.total.number == counted


def test_quotes_that_would_hit_the_floor_are_counted(shop, previews):
    """With a floor of cost and $0.75, 10% of 700 is under it; 10% of 1,000 and 3,000 is not."""
    shop.quote(), shop.quote(), shop.quote()

    preview = previews.replay(draft(shop, BASE, least_margin=75), days=30)

    assert preview.quotes_floored == 3
    assert preview.offered.by_service[GROUND] == Line(3, 2_100, 2_250, 2_325, 3)
    assert preview.offered.by_service[PRIORITY_MAIL].floored == 0
    assert preview.offered.total.floored == 3


def test_each_customers_discount_and_rules_count_as_in_a_quote(shop, previews):
    """7 has 10% off: 945 of 1,050 is under the cost of 1,000. 8 has a rule of their own."""
    shop.users.meet(OTHER, first_name="Bo", username="bo", language="en")
    shop.discounts.set(BUYER, Decimal(10), by="ann", reason="ships a lot")
    shop.quotes.quote(BUYER, SHIPMENT)
    shop.quotes.quote(OTHER, SHIPMENT)

    own = Rule(user_id=OTHER, percent=Decimal(50))
    preview = previews.replay(draft(shop, Rule(percent=Decimal(20)), own), days=30)

    assert preview.offered.by_service == {
        GROUND: Line(2, 1_400, 700 + 750, 756 + 1_050, 0),
        PRIORITY_MAIL: Line(2, 2_000, 1_000 + 1_050, 1_080 + 1_500, 0),
        EXPRESS: Line(2, 6_000, 3_000 + 3_150, 3_240 + 4_500, 0),
    }
    assert preview.used == {Rule(percent=Decimal(20)): 3, own: 3}


def test_the_same_rules_change_nothing_whatever_made_the_quotes(shop, previews):
    shop.quote()
    publish(shop, BASE, least_margin=75)

    preview = previews.replay(draft(shop, BASE, least_margin=75), days=30)

    assert preview.offered.total == Line(3, 4_700, 5_175, 5_175, 1)
    assert preview.offered.total.change == 0


def test_what_the_preview_says_is_what_the_next_quote_costs(shop, previews):
    shop.quote()
    preview = previews.replay(draft(shop, BASE, PRIORITY, least_margin=75), days=30)

    PriceVersion.objects.publish("s", by="ann", reason="as previewed", at=shop.clock.now())
    quote = shop.quote()

    assert {(rate.carrier, rate.service): rate.price.minor for rate in quote.rates} == {
        service: line.after for service, line in preview.offered.by_service.items()
    }


def test_a_rule_with_a_day_shows_from_its_day_on(shop, previews):
    shop.quote()
    later = draft(shop, BASE, Rule(since=date(2027, 1, 12), percent=Decimal(20)))

    today = previews.replay(later, days=30)
    then = previews.replay(later, days=30, on=date(2027, 1, 12))

    assert (today.on, today.offered.total.after) == (date(2026, 11, 2), 5_170)
    assert (then.on, then.offered.total.after) == (date(2027, 1, 12), 5_640)
    assert then.offered.total.before == today.offered.total.before


def test_only_quotes_of_the_period_and_of_this_mode_count(shop, previews):
    shop.quote()
    shop.clock.turn(days=8)
    shop.quote(), shop.quote()
    one = draft(shop, BASE)

    week, month = previews.replay(one, days=7), previews.replay(one, days=30)
    shop.modes.set_api_mode(ApiMode.PRODUCTION, by="ann")
    other_mode = previews.replay(one, days=30)

    assert (week.quotes, month.quotes, other_mode.quotes) == (2, 3, 0)
    assert (week.mode, other_mode.mode) == (ApiMode.TEST, ApiMode.PRODUCTION)
    assert other_mode.offered.by_service == other_mode.sold.by_service == {}


def test_no_more_than_so_many_quotes_are_read_and_they_are_the_newest(shop, previews, monkeypatch):
    monkeypatch.setattr(module, "QUOTES_AT_MOST", 2)
    shop.quote()
    shop.clock.turn(minutes=1)
    rate = Rate("r", "UPS", "Ground", Money(2_000), 3, None, "ca")
    shop.carrier.quote = lambda *_, reference, **__: Quoted(f"shp_{reference}", (rate,), ())
    shop.quote()
    one = draft(shop, BASE)

    exactly = previews.replay(one, days=30)
    shop.clock.turn(minutes=1)
    shop.quote()
    over = previews.replay(one, days=30)

    assert (exactly.quotes, exactly.cut, exactly.offered.total.number) == (2, False, 4)
    assert (over.quotes, over.cut) == (2, True)
    assert over.offered.by_service == {("UPS", "Ground"): Line(2, 4_000, 4_200, 4_400, 0)}


def test_those_who_write_rules_are_told_what_carriers_offer(shop, previews):
    assert previews.services_seen() == []
    shop.quote(), shop.quote()

    assert previews.services_seen() == [EXPRESS, GROUND, PRIORITY_MAIL]


def test_an_average_is_in_whole_cents(shop):
    assert [Line(number=2).one(total) for total in (3, 4, -3)] == [2, 2, -1]
