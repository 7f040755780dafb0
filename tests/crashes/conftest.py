"""The services over a real MongoDB."""

from tests.shop import shop

__all__ = ["shop"]
