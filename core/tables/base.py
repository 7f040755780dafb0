"""What all kinds of tables have in common: a heading, lines under it, and limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.tables.flaws import BadTable

MOST_COLUMNS = 100
LONGEST_CELL = 1_000
_BLANKS_PER_ROW = 20
"""A sheet may hold so many empty rows for each that is allowed, and is read no further."""


class TableKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Limits:
    """`size` in bytes, `rows` without the heading and without empty ones."""

    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the row's as a spreadsheet shows it, from 1 for the file's first."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Each line has as many cells as there are headings; no line is empty."""

    kind: TableKind
    heading: tuple[str, ...]
    lines: tuple[Line, ...]
    delimiter: str = ","


def assembled(
    kind: TableKind, rows: Iterable[Sequence[str]], limits: Limits, delimiter: str = ","
) -> Table:
    """The first row that is not empty is the heading. Raises BadTable."""
    heading: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, row in enumerate(rows, 1):
        cells = _tidy(row, number)
        if not cells:
            if number > (limits.rows + 1) * _BLANKS_PER_ROW:
                raise BadTable(reason="too_many_rows", limit=limits.rows)
            continue
        if not heading:
            heading = _checked(cells)
            continue
        if len(lines) == limits.rows:
            raise BadTable(reason="too_many_rows", limit=limits.rows)
        lines.append(Line(number, _fitted(cells, len(heading), number)))
    if not heading:
        raise BadTable(reason="empty")
    if not lines:
        raise BadTable(reason="no_rows")
    return Table(kind, heading, tuple(lines), delimiter)


def _tidy(row: Sequence[str], number: int) -> tuple[str, ...]:
    """Without blanks around its cells and empty cells behind them."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise BadTable(reason="too_many_columns", limit=MOST_COLUMNS)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise BadTable(reason="long_cell", row=number, limit=LONGEST_CELL)
    return tuple(cells)


def _checked(heading: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for name in heading:
        sound = " ".join(name.split()).casefold()
        if sound and sound in seen:
            raise BadTable(reason="same_heading", name=name[:60])
        seen.add(sound)
    return heading


def _fitted(cells: tuple[str, ...], width: int, number: int) -> tuple[str, ...]:
    if len(cells) > width:
        raise BadTable(reason="ragged", row=number)
    return cells + ("",) * (width - len(cells))
