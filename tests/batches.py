"""Files of shipments, good and bad, for whoever tests batches."""

import io
from collections.abc import Sequence

from pypdf import PdfWriter

from core.tables import Table, TableKind, write_table
from core.tables.base import Line
from tests.shop import SENDER

HEADING = ("Order", "Name", "Address", "City", "State", "ZIP", "Pounds", "Size")
STREETS = ("350 5th Ave", "1 Main St", "200 Park Ave", "11 Wall St")
BAD = {
    "ZIP": "94107",
    "Pounds": "none",
    "Name": "",
    "Size": "300x2x2",
    "Address": "",
}
"""One mistake each, by its column."""


def good(number: int) -> list[str]:
    street = f"{number} {STREETS[number % 4]}"
    return [f"A-{number}", f"Customer {number}", street, "New York", "NY", "10118", "2", "10x8x4"]


def bad(number: int) -> list[str]:
    column, value = list(BAD.items())[number % len(BAD)]
    row = good(number)
    row[HEADING.index(column)] = value
    return row


def table(rows: Sequence[Sequence[str]], kind: TableKind = TableKind.CSV) -> bytes:
    lines = tuple(Line(number, tuple(row)) for number, row in enumerate(rows, 2))
    return write_table(Table(kind, HEADING, lines))


def mixed(rows: int, wrong: int) -> list[list[str]]:
    """Rows of which some, spread evenly, are bad."""
    each = rows // wrong if wrong else rows + 1
    spoilt = set(range(each, rows + 1, each)) if wrong else set()
    return [bad(number) if number in spoilt else good(number) for number in range(1, rows + 1)]


def page() -> bytes:
    """A label that can be put together with others."""
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(288, 432)
    writer.write(file)
    return file.getvalue()


def confirmed(shop, data: bytes, name: str = "orders.csv"):
    """A batch whose rows are to be checked."""
    from tests.shop import BUYER

    batch = shop.batches.receive(BUYER, name, data)
    shop.batches.put_sender(batch, SENDER)
    shop.batches.confirm(batch)
    return batch
