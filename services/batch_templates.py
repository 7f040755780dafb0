"""The file that a customer fills in to begin a batch."""

from core.tables import Table, TableKind, write_table
from core.tables.base import Line

HEAD = (
    "Order", "Name", "Company", "Address", "Apt", "City", "State", "ZIP", "Phone", "Pounds",
    "Ounces", "Length", "Width", "Height", "Service",
)  # fmt: skip
EXAMPLE = (
    "1001", "Example: write over this row", "", "350 5th Ave", "Apt 4", "New York", "NY", "00000",
    "415-555-0132", "1", "4", "10", "8", "4", "",
)  # fmt: skip
"""Its ZIP is none, so that nobody buys the example."""


def template(kind: TableKind) -> bytes:
    """A file to fill in, with one row as an example."""
    return write_table(Table(kind, HEAD, (Line(2, EXAMPLE),)))
