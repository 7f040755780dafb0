"""CSV files as Excel, Google and shops write them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from core.tables.base import Limits, Table, TableKind, assembled
from core.tables.encodings import decode
from core.tables.flaws import BadTable

_DELIMITERS = ",;\t|"
_NAMED = re.compile(r"sep=(.)\r?\n")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def read_csv(data: bytes, limits: Limits) -> Table:
    """Raises BadTable."""
    text = decode(data)
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _guessed(text)
    return assembled(TableKind.CSV, _rows(text, delimiter), limits, delimiter)


def write_csv(table: Table) -> bytes:
    """UTF-8 with its mark, without which Excel takes it for something else."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter)
    writer.writerow([_safe(cell) for cell in table.heading])
    writer.writerows([_safe(cell) for cell in line.cells] for line in table.lines)
    return text.getvalue().encode("utf-8-sig")


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, 1):  # noqa: B007  the row that breaks is the next
            yield [_unwrapped(cell) for cell in row]
    except csv.Error as error:
        raise BadTable(reason="broken_quotes", row=number + 1) from error


def _guessed(text: str) -> str:
    """What cuts the first line into most cells; a comma when nothing does."""
    head = text.lstrip()[:10_000]

    def cells(delimiter: str) -> int:
        rows = csv.reader(StringIO(head, newline=""), delimiter=delimiter)
        return len(next(rows, []))

    return max(_DELIMITERS, key=cells)


def _unwrapped(cell: str) -> str:
    """`="00501"` is how zeros survive Excel, and `'+1 …` how we keep it from calculating."""
    kept = _KEPT_AS_TEXT.fullmatch(cell.strip())
    if kept:
        return kept[1]
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell
