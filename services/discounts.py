"""Discounts: a percentage off each price, by customer, from the next quote on."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refusal
from models.user import User
from services.audits import Audits, ReasonMissing

MOST = Decimal(50)
STEP = Decimal("0.01")


class DiscountOutOfRange(Refusal):
    """Facts: `most` (Decimal, percent)."""


@dataclass(frozen=True, slots=True)
class Discounts:
    audits: Audits

    def set(self, user_id: int, percent: Decimal, *, by: str, reason: str) -> None:
        """Quotes already made keep their prices. Raises DiscountOutOfRange, ReasonMissing."""
        if not (percent.is_finite() and 0 <= percent <= MOST and percent % STEP == 0):
            raise DiscountOutOfRange(most=MOST)
        if not reason.strip():
            raise ReasonMissing
        User.objects.fetch(user_id)
        self.audits.record(by, f"set discount to {percent}%", f"customer {user_id}", reason)
        User.objects(pk=user_id).update_one(set__discount_percent=str(percent))


def discount_of(user_id: int) -> Decimal:
    """In percent; nothing for somebody we have not met."""
    user: User | None = User.objects(pk=user_id).only("discount_percent").first()
    return Decimal(user.discount_percent) if user else Decimal(0)
