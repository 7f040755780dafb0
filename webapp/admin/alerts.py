"""Alerts: what operators were told needs them. It ends by itself when its cause does."""

from flask import url_for
from markupsafe import Markup

from models.alert import Alert, AlertKind, AlertState
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import Fact, ReadOnlyView

PAGES = {
    AlertKind.ORDER_REVIEW: "orders",
    AlertKind.PAYMENT_REVIEW: "payments",
    AlertKind.VOID_REVIEW: "orders",
    AlertKind.VOID_USED: "orders",
    AlertKind.PARCEL_STALLED: "orders",
    AlertKind.ACCOUNT_FROZEN: "freezes",
    AlertKind.CARRIER_ORPHAN: "orphans",
    AlertKind.CARRIER_BALANCE_LOW: "funds",
}
"""Where each is put right."""
LISTS = {AlertKind.LEDGER_MISMATCH: "proofs", AlertKind.CARRIER_FUNDS: "funds"}
"""Of these the subject has no page of its own."""


def subject_of(row: Row) -> str:
    page, about = PAGES.get(row["kind"]), LISTS.get(row["kind"])
    if about:
        url = url_for(f"{about}.index_view")
        return Markup('<a href="{}">{}</a>').format(url, row["subject"])
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

    def heading(self, row: Row) -> str:
        return cells.word(row["kind"]).capitalize()

    def facts(self, row: Row) -> list[Fact]:
        return [*super().facts(row), ("Over", cells.when(row.get("over_at")))]
