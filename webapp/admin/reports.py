"""Reports: what the nightly comparisons with providers' and carriers' books have found."""

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from models.base import NotFound
from models.report import Report, ReportState
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import ReadOnlyView

MEANINGS = {
    "not_credited_here": "Paid there, not credited here. We have asked again.",
    "not_paid_there": "Credited here, not paid there.",
    "refunded_there": "Credited here, sent back to the payer there.",
    "different": "Their invoice has another amount or another payment than ours.",
    "unknown_here": "Money on an invoice that we do not know.",
    "unknown_there": "Credited here, and they do not know the invoice.",
    "label_of_no_order": "A label under a reference of ours that no order of ours has.",
    "label_of_ended_order": "A label of an order whose money went back to the customer.",
    "second_label": "A second label of an order that has another one.",
    "label_not_listed": "Charged here, and the carrier service does not list the label.",
    "cost_differs": "The label cost us something else than we have written down.",
}


WORDS = {"clean": "They agree", "findings": "They differ", "failed": "Could not be read"}


def meaning_of(row: Row) -> str:
    return cells.plain(MEANINGS.get(row["kind"], row["kind"]))


def subject_of(row: Row) -> str:
    if row.get("order_id"):
        return cells.link("orders", row["order_id"])
    return cells.link("payments", row.get("payment_id"))


class ReportView(ReadOnlyView):
    group = "Checks"
    title = "Reports"
    about = (
        "Each night, every payment provider's own list is compared with our payments, and every "
        "carrier service's with our orders."
    )
    nothing_yet = "No night has passed yet."
    search_hint = "Provider, or easypost:production"
    choices = ReportState
    words = WORDS
    details_template = "report.html"
    columns = (
        Column(
            "created_at",
            "Compared",
            lambda row: cells.link("reports", row["_id"], cells.when(row["created_at"])),
        ),
        Column("provider", "Provider", cells.provider_of("provider")),
        Column("status", "Result", lambda row: cells.badge(row["status"], WORDS)),
        Column("since", "Since", cells.time_of("since")),
        Column("listed", "There", cells.text_of("listed"), numeric=True),
        Column("compared", "Here", cells.text_of("compared"), numeric=True),
        Column("found", "Findings", cells.text_of("found"), numeric=True),
    )
    findings = (
        Column("payment_id", "Payment or order", subject_of),
        Column("kind", "Finding", meaning_of),
        Column("provider_id", "Invoice or label", lambda row: cells.code(row["provider_id"])),
        Column("told", "They say", cells.text_of("told")),
        Column("received", "Amount there", cells.money_of("received"), numeric=True),
        Column("credited", "Amount here", cells.money_of("credited"), numeric=True),
    )

    def __init__(self, model: type[Report]) -> None:
        super().__init__(model, "reports")

    def heading(self, row: Row) -> str:
        return f"Books of {cells.account(row['provider'])}"

    def more(self, row: Row) -> dict[str, Any]:
        return {"found": row["found"], "rows": row.get("findings", [])}

    def find(self, term: str) -> list[dict[str, str]]:
        return [{"provider": term.lower()}]

    def key(self, record_id: str) -> ObjectId:
        try:
            return ObjectId(record_id)
        except InvalidId as error:
            raise NotFound(kind="report", id=record_id) from error
