"""Voids: labels given back, and what waits for an operator; the order's page has the buttons."""

from typing import Any

from models.void import Void, VoidStage
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.lists import Plan
from webapp.admin.views import Fact, ReadOnlyView, beginning, of_customer

USED = "used"
WORDS = {
    "asked": "To be sent",
    "sent": "Sent to the carrier",
    "review": "Waits for a decision",
    "granted": "Refunded",
    "denied": "Refused",
}
TONES = {"asked": "busy", "sent": "busy", "review": "bad", "granted": "good", "denied": "over"}
TOLD = {
    "none": "nothing of a void",
    "submitted": "it is looking into it",
    "refunded": "it is refunded",
    "rejected": "it refuses",
    "not_applicable": "nothing to void: it bills labels when they are scanned",
}
"""A carrier's own last word."""


def badge(stage: str) -> str:
    return cells.badge(stage, WORDS, TONES[stage])


def state_of(row: Row) -> str:
    return badge(row["status"])


def told(why: str) -> str:
    """A carrier's word, or whatever a machine of ours has noted."""
    return TOLD.get(why) or (why if " " in why else cells.word(why))


def told_of(row: Row) -> str:
    """Why it stands where it stands."""
    if row.get("scanned_at") and not row.get("seen_at") and row["status"] == VoidStage.GRANTED:
        return cells.badge("scanned after its refund", tone="bad")
    why = row.get("refusal") or row.get("problem") or row.get("carrier_says", "")
    return cells.plain(told(why))


class VoidView(ReadOnlyView):
    group = "Shop"
    title = "Voids"
    about = (
        "Labels given back to their carriers. What waits for a decision ends on its order's page."
    )
    nothing_yet = "No label has been given back yet."
    search_hint = "Order, label or customer"
    choices = (*VoidStage, USED)
    words = {**WORDS, "review": "Waiting", "sent": "Sent", USED: "Used after a refund"}
    details_template = "record_table.html"
    columns = (
        Column("id", "Order", lambda row: cells.link("orders", row["_id"])),
        Column(
            "created_at",
            "Wanted",
            lambda row: cells.link("voids", row["_id"], cells.when(row["created_at"])),
        ),
        Column("status", "Status", state_of),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("provider", "Carrier service", cells.provider_of("provider")),
        Column("told", "Because", told_of),
        Column("amount", "Price", cells.money_of("amount"), numeric=True),
    )
    table_title = "What happened"
    table_empty = "Nothing yet."
    table = (
        Column("at", "Time", cells.time_of("at")),
        Column("stage", "Step", lambda row: badge(row["stage"])),
        Column("by", "By", lambda row: cells.who(row["by"])),
        Column("note", "Note", lambda row: cells.plain(told(row.get("note", "")))),
    )

    def __init__(self, model: type[Void]) -> None:
        super().__init__(model, "voids")

    def plan(self, term: str, chosen: str) -> Plan:
        if chosen == USED and not term:
            used = {"scanned_at": {"$type": "date"}, "seen_at": None, "status": VoidStage.GRANTED}
            return Plan(used, "scanned_at")
        return super().plan(term, chosen)

    def find(self, term: str) -> list[dict[str, Any]]:
        found = [{"_id": term}, {"label_id": term}]
        return [*found, *beginning(term.upper()), *of_customer(term)]

    def heading(self, row: Row) -> str:
        return f"Void of {row['_id']}"

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("Wanted by", cells.who(row["by"])),
            ("Reason", cells.plain(row.get("reason"))),
            ("The carrier's window ends", cells.when(row["until"])),
            ("Requests sent", str(row["sends"])),
            ("Scanned", cells.when(row.get("scanned_at"))),
            ("Decided by", cells.who(row.get("decided_by", ""))),
            ("Asked again", cells.when(row.get("next_at"))),
        ]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        return {"order_of": row["_id"], "rows": row.get("timeline", [])}
