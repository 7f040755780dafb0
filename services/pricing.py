"""Pricing: what a customer pays for a rate, by the version of the rules in force."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from core.money import Money
from core.pricing import PriceList, Rated, Rule
from models.pricing import PriceVersion
from services.discounts import discount_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One customer's prices at one moment, all by the same version."""

    version: str
    prices: PriceList
    user_id: int
    discount: Decimal
    at: datetime

    def price(self, carrier: str, service: str, cost: Money) -> Money:
        """Never under the cost and the least margin."""
        rated = Rated(carrier=carrier, service=service, user_id=self.user_id, on=self.at.date())
        return self.prices.price(rated, cost, self.discount).amount


@dataclass(frozen=True, slots=True)
class Pricing:
    """`settings` is version 0: in force until the first version is published."""

    settings: PriceList
    # A published version never changes, so each process reads the rules of the last one once.
    _known: dict[int, PriceList] = field(default_factory=dict, repr=False, compare=False)

    def tariff(self, user_id: int, at: datetime) -> Tariff:
        """Reads the last version's number, so that a publication holds at once everywhere."""
        number = PriceVersion.objects.last()
        prices, discount = self.prices(number), discount_of(user_id)
        name = self.name(number)
        return Tariff(
            version=f"{name},discount={discount}" if discount else name,
            prices=prices,
            user_id=user_id,
            discount=discount,
            at=at,
        )

    def prices(self, number: int) -> PriceList:
        """The rules of a published version. Raises models.base.NotFound."""
        if number == 0:
            return self.settings
        known = self._known.get(number)
        if known is None:
            version: PriceVersion = PriceVersion.objects.published(number)
            known = version.prices
            self._known.clear()
            self._known[number] = known
        return known

    def name(self, number: int) -> str:
        """As quotes keep it: `v3`; version 0 is told by the settings' values instead."""
        if number:
            return f"v{number}"
        rule = self.settings.rules[0]
        return f"percent={rule.percent},minimum={rule.minimum.minor}"


def from_settings(percent: Decimal, minimum: Money) -> Pricing:
    """A percentage on top of every cost, at least a fixed sum."""
    return Pricing(PriceList((Rule(percent=percent, minimum=minimum),)))
