"""XLSX files: the first sheet with anything on it, read cell by cell without trust."""

import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_FORMULA, WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from core.tables.base import MOST_COLUMNS, Limits, Table, TableKind, assembled
from core.tables.flaws import BadTable

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""What .xls begins with, and every Office file with a password."""
MOST_UNPACKED = 30_000_000
MOST_PARTS = 500
TOP_ROWS = 100
_BROKEN = (
    BadZipFile, LargeZipFile, zlib.error, InvalidFileException, NotImplementedError, RuntimeError,
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError, SyntaxError,
)  # fmt: skip
"""What zipfile, the XML parser and openpyxl raise on files that only look like XLSX."""


def read_xlsx(data: bytes, limits: Limits) -> Table:
    """Raises BadTable."""
    try:
        _check_parts(data)
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        rows = next((found for sheet in book.worksheets if (found := _rows_of(sheet))), None)
        if rows is None:
            raise BadTable(reason="empty")
        return assembled(TableKind.XLSX, rows, limits)
    except _BROKEN as error:
        raise BadTable(reason="broken") from error


def write_xlsx(table: Table) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in (table.heading, *(line.cells for line in table.lines)):
        sheet.append([_text_cell(sheet, cell) for cell in cells])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _text_cell(sheet: Any, text: str) -> Any:
    """A string whatever it begins with: no formula, and no ZIP that loses its zeros."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _check_parts(data: bytes) -> None:
    """What its own list says it unpacks to: nothing is unpacked beyond that."""
    with ZipFile(BytesIO(data)) as parts:
        listed = parts.infolist()
        names = {part.filename for part in listed}
    if "xl/workbook.xml" not in names:
        raise BadTable(reason="not_a_table")
    if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
        raise BadTable(reason="unpacks_too_large")


def _rows_of(sheet: Any) -> Iterator[Sequence[str]] | None:
    """Its rows from the first; None when the top of the sheet is empty, or it is hidden."""
    # What a file says of its own size may be wrong, and then cells would be left out.
    sheet.reset_dimensions()
    top = sheet.iter_rows(max_row=TOP_ROWS, max_col=MOST_COLUMNS, values_only=True)
    filled = any(value is not None for row in top for value in row)
    if not filled or sheet.sheet_state != "visible":
        return None
    return _texts(sheet)


def _texts(sheet: Any) -> Iterator[Sequence[str]]:
    for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
        yield [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == TYPE_FORMULA:
        raise BadTable(reason="formula", cell=cell.coordinate)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def _number(value: float, shown: str) -> str:
    """As it is shown where zeros go before it: ZIPs are kept as numbers, too."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)).zfill(len(shown) if set(shown) == {"0"} else 0)
    return f"{value:.6f}".rstrip("0").rstrip(".")
