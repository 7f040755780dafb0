"""Statements: every step of a customer's balance, in pages and as one file."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from core.addresses import Address
from core.money import Money
from models import ledger as entries
from models.order import Order
from services.ledger import account_of

HEAD = ("date", "what", "amount", "balance after")
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; `older` is the `before_seq` of the next page, None on the last one."""

    entries: Sequence[Entry]
    older: int | None


def page(user_id: int, *, before_seq: int | None = None, most: int) -> Page:
    """A page costs the same however long the statement is."""
    found = entries.entries_of(account_of(user_id), before_seq=before_seq, most=most)
    last = int(found[-1]["seq"]) if found else 1
    return Page(found, older=last if last > 1 else None)


def recipients(shown: Sequence[Entry]) -> dict[str, Address]:
    """Whom the orders behind these entries are for, by the order's id, in one question."""
    order_ids = {entry["ref"]["order"] for entry in shown if "order" in entry["ref"]}
    found = Order.objects(pk__in=list(order_ids)).only("recipient")
    return {order.id: order.recipient for order in found}


def plain_words(entry: Entry) -> str:
    """What an entry is, for those who have no other words for it: `hold L-…`."""
    ref = entry["ref"]
    return f"{entry['kind']} {ref.get('order') or ref.get('payment') or entry['reason']}".strip()


def as_csv(
    user_id: int,
    *,
    what: Callable[[Entry], str] = plain_words,
    head: Sequence[str] = HEAD,
) -> Iterator[str]:
    """Lines of a CSV file, oldest first: a whole account at the memory of one entry.

    `amount` is what became available or ceased to be, in dollars; so is the balance after.
    """
    yield _line([safe_cell(cell) for cell in head])
    for entry in entries.walk(account_of(user_id)):
        yield _line(
            [
                entry["at"].isoformat(timespec="seconds"),
                safe_cell(what(entry)),
                _dollars(entry["d_available"]),
                _dollars(entry["available"]),
            ]
        )


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text


def _dollars(minor: int) -> str:
    exact: Decimal = Money(int(minor)).decimal
    return f"{exact:.2f}"


def _line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
