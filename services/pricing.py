"""What a customer pays for a label: its cost and our margin."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import Money


@dataclass(frozen=True, slots=True)
class Pricing:
    """A percentage on top of the cost, at least a fixed sum; so never under cost."""

    percent: Decimal
    minimum: Money

    @property
    def version(self) -> str:
        """Names the rule in each quote that it made."""
        return f"percent={self.percent},minimum={self.minimum.minor}"

    def price(self, cost: Money) -> Money:
        return cost + max(cost.percent(self.percent), self.minimum)
