"""Those who sell labels in this world, as the doors for tests know them."""

from decimal import Decimal
from typing import Any, Protocol

Document = dict[str, Any]


class Seller(Protocol):
    """Codes that are not on a label or parcel of this seller's are answered with None."""

    name: str
    statuses: tuple[str, ...]

    def move(self, code: str, status: str) -> Document | None:
        """A carrier scans the parcel; whoever asked to be told of it is told."""
        ...

    def settle(self, code: str, outcome: str) -> Document | None:
        """The carrier decides `refunded` or `rejected` on the void of a label."""
        ...

    def set_balance(self, balance: Decimal) -> None:
        """What the shop's account has left to buy labels with, in dollars."""
        ...
