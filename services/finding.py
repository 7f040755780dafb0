"""Which of a customer's orders somebody means by a number."""

from core.errors import Refusal
from models.order import Order

LONGEST = 60
MOST = 5


class UnknownNumber(Refusal):
    """None of the customer's orders has this number."""


def order_numbered(user_id: int, typed: str) -> Order:
    """By its own number or its tracking number, however spaced. Raises UnknownNumber."""
    number = "".join(typed.split())[:LONGEST].upper()
    if not number:
        raise UnknownNumber
    mine = Order.objects(user_id=user_id)
    tracked = mine.filter(tracking_code=number).order_by("-created_at")
    found: Order | None = mine.filter(pk=number).first() or tracked.first()
    if found is None:
        raise UnknownNumber
    return found


def bought_by(user_id: int, *, most: int = MOST) -> list[Order]:
    """The customer's newest orders that have something to track."""
    bought = Order.objects(user_id=user_id, tracking_code__gt="")
    return list(bought.order_by("-created_at").limit(most))
