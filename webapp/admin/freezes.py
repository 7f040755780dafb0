"""Frozen accounts: what was found in their books, and the operator's word that they may buy."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal
from models.freeze import Freeze
from services.freezes import Freezes
from webapp.admin import acts, cells
from webapp.admin.cells import Column, Row
from webapp.admin.ledger import customer_of
from webapp.admin.lists import Plan
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import ReadOnlyView, number

LONGEST_REASON = 300
CLEARED = "cleared"
IS_DATE = {"$type": "date"}
WHY_NOT = {
    "reason_missing": "Say what you have found: the reason is kept.",
    "not_frozen": "This account is not frozen any more: somebody has cleared it.",
    "more_found": "More was found, or somebody cleared it, while you looked. Read it again.",
}


def found_of(row: Row) -> str:
    findings = row.get("findings") or row.get("accepted") or [""]
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    return cells.plain(f"{findings[0]}{more}")


def status_of(row: Row) -> str:
    return cells.badge("frozen", tone="bad") if row.get("frozen_at") else cells.badge(CLEARED)


class FreezeView(ReadOnlyView):
    group = "Money"
    title = "Frozen accounts"
    about = "Their books disagree: they buy nothing until an operator has looked."
    nothing_yet = "No account is frozen."
    search_hint = "Customer"
    newest_by = "frozen_at"
    choices = (CLEARED,)
    everything = "Frozen now"
    details_template = "freeze.html"
    columns = (
        Column("id", "Account", lambda row: cells.link("freezes", row["_id"])),
        Column("status", "Status", status_of),
        Column("account", "Customer", lambda row: customer_of({"account": row["_id"]})),
        Column("findings", "Found", found_of),
        Column("frozen_at", "Frozen", cells.time_of("frozen_at")),
        Column("cleared_at", "Last cleared", cells.time_of("cleared_at")),
        Column("cleared_by", "By", lambda row: cells.who(row.get("cleared_by", ""))),
    )

    def __init__(self, model: type[Freeze], *, freezes: Freezes) -> None:
        self._freezes = freezes
        super().__init__(model, "freezes")

    def plan(self, term: str, chosen: str) -> Plan:
        if term:
            user_id = number(term)
            account = term if user_id is None else f"u:{user_id}:USD"
            return Plan({"_id": account}, "_id")
        if chosen:
            return Plan({"cleared_at": IS_DATE}, "cleared_at")
        return Plan({"frozen_at": IS_DATE}, "frozen_at")

    def heading(self, row: Row) -> str:
        return f"Account of {cells.account(row['_id'])}"

    def more(self, row: Row) -> dict[str, Any]:
        return {
            "can_clear": bool(row.get("frozen_at")) and has_role(FINANCE),
            "longest_reason": LONGEST_REASON,
            "acts": acts.about(row["_id"]),
        }

    @expose("/<record_id>/clear", methods=("POST",))
    def clear(self, record_id: str) -> Response:
        insist(*FINANCE)
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        seen = request.form.getlist("seen")
        try:
            self._freezes.clear(record_id, by=acting(), reason=reason, seen=seen)
            flash("The account may buy again; its waiting orders go on by themselves.", "success")
        except Refusal as refusal:
            flash(WHY_NOT[refusal.code], "error")
        return redirect(url_for(".details_view", record_id=record_id))
