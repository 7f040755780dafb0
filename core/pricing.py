"""What a rate is sold for: one rule's markup on its cost, a discount, a floor, rounded once."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from core.errors import Refusal
from core.money import Money

NOTHING = Money(0)
NO_DISCOUNT = Decimal(0)
MOST_PERCENT = Decimal(500)
FINEST_PERCENT = Decimal("0.0001")
"""With costs up to the largest Money and a discount of two decimals, 28 digits are exact."""
MOST_AMOUNT = Money(100_000)
RULES_AT_MOST = 200


class WrongRule(Refusal):
    """Facts: `field` of the rule, `why`: `percent_range`, `amount_range`, `carrier_missing`."""


class SameRuleTwice(Refusal):
    """Two rules for the same rates from the same day: neither would be the better one."""


class NoRuleForTheRest(Refusal):
    """No rule without a carrier, a customer or a day: some rates would have no price."""


class TooManyRules(Refusal):
    """Facts: `most` (int)."""


@lru_cache(1024)
def bare(name: str) -> str:
    """`Ground Advantage`, `GroundAdvantage` and `ground_advantage` are one service."""
    return "".join(char for char in name.casefold() if char.isalnum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is put on the cost of the rates that it names; what is left empty names all.

    `percent` of the cost and `flat` are added up, and come to at least `minimum`. In force from
    the day `since` on (UTC). Raises WrongRule.
    """

    carrier: str = ""
    service: str = ""
    user_id: int | None = None
    since: date | None = None
    percent: Decimal = Decimal(0)
    flat: Money = NOTHING
    minimum: Money = NOTHING

    def __post_init__(self) -> None:
        percent = self.percent
        if not (
            percent.is_finite() and 0 <= percent <= MOST_PERCENT and percent % FINEST_PERCENT == 0
        ):
            raise WrongRule(field="percent", why="percent_range")
        for name, amount in (("flat", self.flat), ("minimum", self.minimum)):
            if not NOTHING <= amount <= MOST_AMOUNT:
                raise WrongRule(field=name, why="amount_range")
        if bare(self.service) and not bare(self.carrier):
            raise WrongRule(field="carrier", why="carrier_missing")

    @property
    def scope(self) -> tuple[int | None, str, str]:
        """Whose rates it names."""
        return self.user_id, bare(self.carrier), bare(self.service)

    @property
    def prices_the_rest(self) -> bool:
        """Every rate of every customer, from the publication on."""
        return self.scope == (None, "", "") and self.since is None

    @property
    def rank(self) -> tuple[bool, bool, bool, date]:
        """The greater wins: a customer's own, then a service's, a carrier's, then the newer."""
        return (
            self.user_id is not None,
            bool(bare(self.service)),
            bool(bare(self.carrier)),
            self.since or date.min,
        )

    def names(self, rate: "Rated") -> bool:
        return (
            (self.since is None or self.since <= rate.on)
            and self.user_id in {None, rate.user_id}
            and bare(self.carrier) in {"", bare(rate.carrier)}
            and bare(self.service) in {"", bare(rate.service)}
        )

    def markup(self, cost: Money) -> Decimal:
        """In cents and parts of them, exactly."""
        share = cost.minor * self.percent / 100 + self.flat.minor
        return max(share, Decimal(self.minimum.minor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What a price depends on besides the rules; `on` is the day in UTC."""

    carrier: str
    service: str
    user_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Price:
    """`floored`: rule and discount came to less than the floor, which is the amount."""

    amount: Money
    floored: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    """All rules of one version, the most particular first; exactly one of them prices a rate.

    Nothing is sold under cost plus `least_margin`. Raises SameRuleTwice, NoRuleForTheRest,
    TooManyRules, and WrongRule for the least margin.
    """

    rules: tuple[Rule, ...]
    least_margin: Money = NOTHING

    def __post_init__(self) -> None:
        if not NOTHING <= self.least_margin <= MOST_AMOUNT:
            raise WrongRule(field="least_margin", why="amount_range")
        if len(self.rules) > RULES_AT_MOST:
            raise TooManyRules(most=RULES_AT_MOST)
        if len({(rule.scope, rule.since) for rule in self.rules}) < len(self.rules):
            raise SameRuleTwice
        if not any(rule.prices_the_rest for rule in self.rules):
            raise NoRuleForTheRest
        named = sorted(self.rules, key=lambda rule: (rule.user_id or 0, *rule.scope[1:]))
        best_first = sorted(named, key=lambda rule: rule.rank, reverse=True)
        object.__setattr__(self, "rules", tuple(best_first))

    def rule_for(self, rate: Rated) -> Rule:
        return next(rule for rule in self.rules if rule.names(rate))

    def price(self, rate: Rated, cost: Money, discount: Decimal = NO_DISCOUNT) -> Price:
        """`discount` is in percent of cost and markup together. Half a cent is rounded up."""
        return priced(self.rule_for(rate), cost, discount, self.least_margin)


def priced(rule: Rule, cost: Money, discount: Decimal, least_margin: Money) -> Price:
    """The one place where a price is rounded; the floor is in whole cents by itself."""
    exact = (cost.minor + rule.markup(cost)) * (100 - discount) / 100
    rounded = Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), cost.currency)
    floor = cost + least_margin
    return Price(max(rounded, floor), floored=rounded < floor)
