"""Alerts: what operators were told needs them. It ends by itself when its cause does."""

from models.alert import Alert, AlertKind, AlertState
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import Fact, ReadOnlyView

PAGES = {"order_review": "orders", "payment_review": "payments"}


def subject_of(row: Row) -> str:
    page = PAGES.get(row["kind"])
    return cells.link(page, row["subject"]) if page else cells.code(row["subject"])


class AlertView(ReadOnlyView):
    group = "Checks"
    title = "Alerts"
    about = "What needed a person. docs/runbook.md says for each what it means and what to press."
    nothing_yet = "Nothing has ever needed a person."
    search_hint = "Order, payment, account or queue"
    newest_by = "raised_at"
    choices = AlertState
    columns = (
        Column("raised_at", "Raised", cells.time_of("raised_at")),
        Column(
            "kind",
            "Alert",
            lambda row: cells.link("alerts", row["_id"], cells.word(row["kind"]).capitalize()),
        ),
        Column("subject", "About", subject_of),
        Column("words", "Found", cells.text_of("words")),
        Column("status", "Status", cells.badge_of("status")),
    )

    def __init__(self, model: type[Alert]) -> None:
        super().__init__(model, "alerts")

    def find(self, term: str) -> list[dict[str, str]]:
        return [{"_id": f"{kind}:{term}"} for kind in AlertKind]

    def facts(self, row: Row) -> list[Fact]:
        return [*super().facts(row), ("Over", cells.when(row.get("over_at")))]
