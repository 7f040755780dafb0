"""Carrier balances: what is left on our own accounts at carrier services."""

from markupsafe import Markup

from models.balance import CarrierBalance
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import ReadOnlyView, begins


def service_of(row: Row) -> str:
    return cells.plain(cells.provider(row["_id"].partition(":")[0]))


def mode_of(row: Row) -> str:
    return cells.badge(row["_id"].partition(":")[2])


def amount_of(row: Row) -> str:
    if row.get("amount") is None:
        return Markup('<span class="nothing">billed later</span>')
    return cells.money(row["amount"])


def level_of(row: Row) -> str:
    return cells.badge("low", tone="bad") if row["low"] else cells.badge("enough", tone="good")


class FundsView(ReadOnlyView):
    group = "Checks"
    title = "Carrier balances"
    about = "Our own money at carrier services, asked every 15 minutes. Empty, they sell nothing."
    nothing_yet = "No carrier service has told its balance yet."
    search_hint = "Carrier service"
    newest_by = "told_at"
    columns = (
        Column(
            "id", "Carrier service", lambda row: cells.link("funds", row["_id"], service_of(row))
        ),
        Column("mode", "Mode", mode_of),
        Column("low", "Level", level_of),
        Column("told_at", "Told", cells.time_of("told_at")),
        Column("amount", "Left", amount_of, numeric=True),
    )

    def __init__(self, model: type[CarrierBalance]) -> None:
        super().__init__(model, "funds")

    def find(self, term: str) -> list[dict[str, dict[str, str]]]:
        return [{"_id": begins(term.lower())}]

    def heading(self, row: Row) -> str:
        return f"Balance at {cells.account(row['_id'])}"
