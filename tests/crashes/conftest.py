"""The services over a real MongoDB, and deaths."""

from tests.crashes.deaths import die_at
from tests.shop import shop

__all__ = ["die_at", "shop"]
