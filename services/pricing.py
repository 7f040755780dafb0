"""What a customer pays for a label: its cost and our margin, less what this customer is allowed."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import Money

NO_DISCOUNT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pricing:
    """A percentage on top of the cost, at least a fixed sum; so never under cost."""

    percent: Decimal
    minimum: Money

    def version(self, discount: Decimal = NO_DISCOUNT) -> str:
        """Names the rule in each quote that it made."""
        rule = f"percent={self.percent},minimum={self.minimum.minor}"
        return f"{rule},discount={discount}" if discount else rule

    def price(self, cost: Money, discount: Decimal = NO_DISCOUNT) -> Money:
        """`discount` is in percent of the price, and ends where our cost begins."""
        full = cost + max(cost.percent(self.percent), self.minimum)
        return max(full - full.percent(discount), cost)
