"""Reading what the shop and the payer send; whatever is wrong is said in OxaPay's words."""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.checkout import errors
from sandbox.checkout.ledger import Invoice

LIFETIMES = range(15, 2881)
USUAL_LIFETIME = 60
LARGEST_PAGE = 200
MOST_COVERAGE = 60


def read_invoice(body: bytes) -> tuple[Decimal, int, dict[str, Any]]:
    """Amount, lifetime in minutes, and all that was asked. Raises OxapayError."""
    try:
        exact = json.loads(body, parse_float=Decimal)
        asked = json.loads(body)
    except ValueError:
        raise errors.invalid("body", "The body must be JSON.") from None
    if not isinstance(exact, dict):
        raise errors.invalid("body", "The body must be an object.")
    if exact.get("amount") in (None, ""):
        raise errors.invalid("amount", "The amount field is required.")
    amount = positive(exact["amount"])
    if amount is None:
        raise errors.invalid("amount", "The amount field must be a number greater than 0.")
    coverage = exact.get("under_paid_coverage", 0)
    if not _number(coverage) or not 0 <= coverage <= MOST_COVERAGE:
        message = f"The under_paid_coverage field must be between 0 and {MOST_COVERAGE}."
        raise errors.invalid("under_paid_coverage", message)
    return amount, _lifetime(exact.get("lifetime")), asked


def positive(value: object) -> Decimal | None:
    """An amount above 0 from a JSON number or its text; None when it is none."""
    if isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def listed(invoices: list[Invoice], args: Callable[..., Any]) -> tuple[list[Invoice], int, int]:
    """The page asked for, its number and the number of all that match."""
    found = [invoice for invoice in invoices if _matches(invoice, args)]
    order: dict[str, Callable[[Invoice], Any]] = {
        "amount": lambda invoice: invoice.amount,
        "pay_date": lambda invoice: max(
            (one.date for one in invoice.transactions.values()), default=0
        ),
    }
    by = order.get(args("sort_by", ""), lambda invoice: invoice.date)
    found.sort(key=by, reverse=args("sort_type", "desc") != "asc")
    page, size = max(_whole(args("page"), 1), 1), min(_whole(args("size"), 10), LARGEST_PAGE)
    return found[(page - 1) * size : page * size], page, len(found)


def page_size(args: Callable[..., Any]) -> int:
    return min(_whole(args("size"), 10), LARGEST_PAGE)


def _matches(invoice: Invoice, args: Callable[..., Any]) -> bool:
    if args("status") and invoice.status != args("status").lower():
        return False
    if args("type", "invoice") != "invoice":
        return False
    if args("track_id") and invoice.track_id != args("track_id"):
        return False
    dated = _whole(args("from_date"), 0) <= invoice.date <= _whole(args("to_date"), 1 << 62)
    low, high = positive(args("from_amount")), positive(args("to_amount"))
    return dated and (low or 0) <= invoice.amount and (high is None or invoice.amount <= high)


def _lifetime(value: object) -> int:
    if value is None:
        return USUAL_LIFETIME
    if not isinstance(value, int) or isinstance(value, bool):
        raise errors.invalid("lifetime", "The lifetime field must be an integer.")
    if value not in LIFETIMES:
        message = f"The lifetime field must be between {LIFETIMES[0]} and {LIFETIMES[-1]}."
        raise errors.invalid("lifetime", message)
    return value


def _whole(text: str | None, usual: int) -> int:
    if not text:
        return usual
    if not text.isdigit():
        raise errors.invalid("query", "A whole number is expected.")
    return int(text)


def _number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
