"""What a preview says, as tables: sums of what was sold, averages of what was offered."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from services.previews import Line, Lines
from webapp.admin import cells
from webapp.admin.cells import Cell, Column, Row

Figure = Callable[[Line], int]


def rows_of(lines: Lines) -> list[Row]:
    """By service, and in all where that is something else."""
    rows: list[Row] = [
        {"name": cells.service(*service), "line": line}
        for service, line in sorted(lines.by_service.items())
    ]
    if len(rows) > 1:
        rows.append({"name": Markup("<strong>In all</strong>"), "line": lines.total})
    return rows


def columns(counted: str, revenue: str, show: Callable[[Line, int], int]) -> Sequence[Column]:
    """`show` makes of a line's sum what is told of it."""

    def told(figure: Figure, cell: Callable[[int], str]) -> Cell:
        return lambda row: cell(show(row["line"], figure(row["line"])))

    def money(name: str, label: str, figure: Figure) -> Column:
        return Column(name, label, told(figure, cells.money), numeric=True)

    return (
        Column("name", "Service", lambda row: row["name"]),
        Column("number", counted, lambda row: f"{row['line'].number:,}", numeric=True),
        money("cost", "Cost", lambda line: line.cost),
        money("before", f"{revenue} now", lambda line: line.before),
        money("after", f"{revenue} after", lambda line: line.after),
        Column("change", "Change", told(lambda line: line.change, cells.signed), numeric=True),
        money("margin_before", "Margin now", lambda line: line.margin_before),
        money("margin_after", "Margin after", lambda line: line.margin_after),
        Column("floored", "At the floor", lambda row: f"{row['line'].floored:,}", numeric=True),
    )


SOLD = columns("Labels", "Revenue", lambda _, total: total)
OFFERED = columns("Rates", "Price", Line.one)
