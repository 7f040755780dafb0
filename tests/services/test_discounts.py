"""Discounts: off the price, never under the floor, named in each quote they made."""

from decimal import Decimal

import pytest

from models.audit import AuditEntry
from models.base import NotFound
from services.audits import ReasonMissing
from services.discounts import DiscountOutOfRange, discount_of
from tests.shop import BUYER


def test_a_quote_says_which_discount_made_its_prices(shop):
    before = shop.quote()
    shop.discounts.set(BUYER, Decimal("2.5"), by="ann", reason="ships a lot")
    after = shop.quote()

    assert before.rule_version == "percent=5,minimum=50"
    assert after.rule_version == "percent=5,minimum=50,discount=2.5"
    assert [rate.price.minor for rate in before.rates] == [750, 1_050, 3_150]
    assert [rate.price.minor for rate in after.rates] == [731, 1_024, 3_071]
    assert all(rate.price >= rate.cost for rate in after.rates)


def test_setting_a_discount_is_audited(shop):
    shop.discounts.set(BUYER, Decimal(10), by="ann", reason="ships a lot")

    [entry] = AuditEntry.objects
    assert (entry.act, entry.subject, entry.reason) == (
        "set discount to 10%",
        f"customer {BUYER}",
        "ships a lot",
    )


@pytest.mark.parametrize("percent", ["-1", "50.01", "1.005", "NaN", "Infinity"])
def test_a_discount_that_makes_no_sense_is_refused(shop, percent):
    with pytest.raises(DiscountOutOfRange):
        shop.discounts.set(BUYER, Decimal(percent), by="ann", reason="why not")

    assert discount_of(BUYER) == 0


def test_a_discount_needs_a_reason_and_a_customer(shop):
    with pytest.raises(ReasonMissing):
        shop.discounts.set(BUYER, Decimal(1), by="ann", reason="")
    with pytest.raises(NotFound):
        shop.discounts.set(404, Decimal(1), by="ann", reason="ships a lot")

    assert discount_of(404) == 0
    assert AuditEntry.objects.count() == 0
