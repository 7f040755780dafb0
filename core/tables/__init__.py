"""Tables that people send: CSV and XLSX files, told apart by what is in them, not by their name."""

from core.tables.base import Limits, Table, TableKind
from core.tables.csv_files import read_csv, write_csv
from core.tables.flaws import BadTable
from core.tables.xlsx_files import OLD_OFFICE, ZIP, read_xlsx, write_xlsx

__all__ = ["BadTable", "Limits", "Table", "TableKind", "read_table", "write_table"]

_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")


def read_table(data: bytes, limits: Limits) -> Table:
    """What is in the file, every cell as text without blanks around it. Raises BadTable."""
    if len(data) > limits.size:
        raise BadTable(reason="too_large", limit=limits.size)
    if data.startswith(OLD_OFFICE):
        raise BadTable(reason="old_office")
    if data.startswith(_OTHERS):
        raise BadTable(reason="not_a_table")
    return read_xlsx(data, limits) if data.startswith(ZIP) else read_csv(data, limits)


def write_table(table: Table) -> bytes:
    """The same kind of file; whatever looks like a formula is made text."""
    return write_xlsx(table) if table.kind is TableKind.XLSX else write_csv(table)
