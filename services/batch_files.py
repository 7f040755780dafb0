"""The tables that a batch gives back: tracking numbers, and what to mend."""

import csv
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from core.tables import Table, write_table
from core.tables.base import Line
from models.base import Erased
from models.batch import Batch, BatchRow, RowState
from services.statements import safe_cell

REASON = "labeldesk_reason"
"""The heading of the column that says why: the same in all languages, so that we know it again."""
TRACKING_HEAD = (
    "row", "reference", "name", "city", "state", "zip", "carrier", "service", "price", "tracking",
    "link", "order",
)  # fmt: skip
MISTAKEN = (RowState.BAD,)
NOT_BOUGHT = (RowState.FAILED, RowState.LEFT)
"""Rows that go back after the check, and after the purchase: nothing was bought for them."""


def rest_of(batch: Batch, states: Sequence[RowState], reason: Callable[[BatchRow], str]) -> bytes:
    """The rows of these states, in a file like the one that came, each with its reason.

    Raises Erased.
    """
    rows = list(rows_of(batch, *states))
    if any(row.is_erased for row in rows):
        raise Erased(id=batch.id)
    heading = list(batch.heading)
    at = heading.index(REASON) if REASON in heading else len(heading)
    lines = tuple(Line(row.line, _with_reason(row.cells, at, reason(row))) for row in rows)
    heading[at:] = [REASON, *heading[at + 1 :]]
    return write_table(Table(batch.kind, tuple(heading), lines, batch.delimiter))


def tracking_of(batch: Batch) -> bytes:
    """A CSV of what was bought, in the order of the file."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(TRACKING_HEAD)
    for row in rows_of(batch, RowState.BOUGHT):
        told = row.recipient.as_dict() if row.recipient else {}
        place = [safe_cell(told.get(field, "")) for field in ("name", "city", "state", "zip")]
        price = f"{row.price.decimal:.2f}" if row.price else ""
        carrier = (row.carrier, row.service, price, row.tracking_code, row.tracking_url)
        writer.writerow([row.line, safe_cell(row.reference), *place, *carrier, row.order_id])
    return text.getvalue().encode("utf-8-sig")


def rows_of(batch: Batch, *states: RowState) -> Iterator[BatchRow]:
    rows = BatchRow.objects(batch_id=batch.id, status__in=states)
    return iter(rows.order_by("number"))


def _with_reason(cells: Sequence[str], at: int, reason: str) -> tuple[str, ...]:
    return (*cells[:at], reason, *cells[at + 1 :])
