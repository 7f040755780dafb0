"""Sums of money as whole minor units. No float comes near them."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.errors import PlatformError, Refusal

MINOR_PER_MAJOR = 100
LARGEST_MINOR = 2**53
"""Far above any balance, and still exact in every JSON reader and in int64 sums."""

_TYPED = re.compile(
    r"^\s*\$?\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*(?:\$|usd)?\s*$", re.IGNORECASE | re.ASCII
)


class UnreadableAmount(Refusal):
    """What was typed is not an amount of money."""


class CurrencyMismatch(PlatformError):
    """Two sums of different currencies met in one calculation."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A sum in whole minor units of its currency."""

    minor: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if type(self.minor) is not int or abs(self.minor) > LARGEST_MINOR:
            raise UnreadableAmount(typed=str(self.minor))

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read what a person types: `25`, `$25`, `25.50`, `25,50`. Raises UnreadableAmount."""
        match = _TYPED.match(text)
        if match is None:
            raise UnreadableAmount(typed=text[:40])
        major, minor = match.groups()
        return cls(int(major) * MINOR_PER_MAJOR + int((minor or "0").ljust(2, "0")))

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "USD") -> "Money":
        """Read a provider's decimal number of major units, half a cent rounded up.

        Raises UnreadableAmount when it is not a finite number.
        """
        try:
            exact = Decimal(amount) * MINOR_PER_MAJOR
            return cls(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency.upper())
        except (ArithmeticError, ValueError) as error:
            raise UnreadableAmount(typed=str(amount)[:40]) from error

    @property
    def decimal(self) -> Decimal:
        """Major units, exactly, for those outside who count in dollars."""
        return Decimal(self.minor) / MINOR_PER_MAJOR

    def __str__(self) -> str:
        sign = "-" if self.minor < 0 else ""
        return (
            f"{sign}${abs(self.minor) // MINOR_PER_MAJOR:,}.{abs(self.minor) % MINOR_PER_MAJOR:02d}"
        )

    def __add__(self, other: "Money") -> "Money":
        self._must_match(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._must_match(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def percent(self, rate: Decimal) -> "Money":
        """`rate` percent of this sum, half a cent rounded up."""
        share = Decimal(self.minor) * rate / 100
        return Money(int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def _must_match(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
