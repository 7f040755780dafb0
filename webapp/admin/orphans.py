"""Orphan labels: those that cost us and no customer pays for, and what was done with each."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal
from models.orphan import Orphan, OrphanState
from services.ledger import Cause
from services.orphans import Orphans
from webapp.admin import acts, cells
from webapp.admin.cells import Column, Row
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import Fact, ReadOnlyView, beginning

LONGEST_REASON = 300
WORDS = {
    "found": "To be voided",
    "sent": "Void sent",
    "voided": "Voided, the cost is back",
    "loss": "Not had back",
    "closed": "Closed by an operator",
}
TONES = {"found": "busy", "sent": "busy", "voided": "good", "loss": "bad", "closed": "over"}
WHY_NOT = {
    "reason_missing": "Say what became of its cost: the reason is kept.",
    "not_lost": "It does not wait for an operator any more. This is how it stands now.",
}


def state_of(row: Row) -> str:
    return cells.badge(row["status"], WORDS, TONES[row["status"]])


class OrphanView(ReadOnlyView):
    group = "Checks"
    title = "Orphan labels"
    about = "Labels that a carrier service charges us for and no customer pays."
    nothing_yet = "No label without a customer has been found."
    search_hint = "Label, order or tracking"
    newest_by = "found_at"
    choices = OrphanState
    words = {**WORDS, "voided": "Voided", "closed": "Closed"}
    details_template = "orphan.html"
    columns = (
        Column(
            "found_at",
            "Found",
            lambda row: cells.link("orphans", row["_id"], cells.when(row["found_at"])),
        ),
        Column("status", "Status", state_of),
        Column("service", "Carrier service", cells.provider_of("service")),
        Column("tracking_code", "Tracking", lambda row: cells.code(row["tracking_code"])),
        Column("order_id", "Ended order", cells.link_of("orders", "order_id")),
        Column("problem", "Trouble", cells.text_of("problem")),
        Column("cost", "Cost", cells.money_of("cost"), numeric=True),
    )

    def __init__(self, model: type[Orphan], *, orphans: Orphans) -> None:
        self._orphans = orphans
        super().__init__(model, "orphans")

    def find(self, term: str) -> list[dict[str, Any]]:
        found = [{"_id": term}, {"tracking_code": term}, {"order_id": term.upper()}]
        return [*found, *beginning(term)]

    def heading(self, row: Row) -> str:
        return f"Label {row['label_id']}"

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("Our reference", cells.code(row.get("reference"))),
            ("Last moved", cells.when(row["moved_at"])),
            ("Named in alerts", cells.code(row["_id"])),
        ]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        is_stuck = row["status"] == OrphanState.FOUND and row.get("problem")
        waits = row["status"] == OrphanState.LOSS or is_stuck
        return {
            "can_close": bool(waits) and has_role(FINANCE),
            "longest_reason": LONGEST_REASON,
            "acts": acts.about(row["_id"]),
        }

    @expose("/<record_id>/close", methods=("POST",))
    def close(self, record_id: str) -> Response:
        insist(*FINANCE)
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        try:
            self._orphans.close(record_id, Cause(acting(), reason))
            flash("It is closed. The alert ends by itself.", "success")
        except Refusal as refusal:
            flash(WHY_NOT[refusal.code], "error")
        return redirect(url_for(".details_view", record_id=record_id))
