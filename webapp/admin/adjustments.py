"""Adjustments: what operators credit and debit by hand, and the second look at large ones."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal
from core.money import Money
from models.adjustment import Adjustment, AdjustmentState
from services.adjustments import Adjustments
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import Fact, ReadOnlyView, of_customer

WORDS = {
    "waiting": "Waits for a second look",
    "approved": "Being booked",
    "posted": "Booked",
    "refused": "Refused: not enough money",
    "declined": "Declined",
}
TONES = {"waiting": "wait", "approved": "busy", "posted": "good", "refused": "bad"}


def state_of(row: Row) -> str:
    return cells.badge(row["status"], WORDS, TONES.get(row["status"], ""))


class AdjustmentView(ReadOnlyView):
    group = "Money"
    title = "Adjustments"
    about = "Balances corrected by hand. A new one begins on the customer's page."
    nothing_yet = "No balance has been corrected by hand yet."
    search_hint = "Customer"
    choices = AdjustmentState
    words = {**WORDS, "refused": "Refused", "waiting": "Waiting"}
    details_template = "adjustment.html"
    columns = (
        Column(
            "created_at",
            "Asked for",
            lambda row: cells.link("adjustments", row["_id"], cells.when(row["created_at"])),
        ),
        Column("status", "Status", state_of),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("by", "By", lambda row: cells.who(row["by"])),
        Column("reason", "Reason", cells.text_of("reason")),
        Column("decided_by", "Second look", lambda row: cells.who(row.get("decided_by", ""))),
        Column(
            "amount", "Amount", lambda row: cells.signed(int(row["amount"]["minor"])), numeric=True
        ),
    )

    def __init__(self, model: type[Adjustment], *, adjustments: Adjustments) -> None:
        self._adjustments = adjustments
        super().__init__(model, "adjustments")

    def find(self, term: str) -> list[dict[str, Any]]:
        return [{"_id": term.lower()}, *of_customer(term)]

    def heading(self, row: Row) -> str:
        minor = int(row["amount"]["minor"])
        return f"{'Credit' if minor > 0 else 'Debit'} of {Money(abs(minor))}"

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("May go below zero", "yes" if row.get("overdraft") else "no"),
            ("Last moved", cells.when(row["moved_at"])),
            ("Form", cells.code(row["_id"])),
        ]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        waits = row["status"] == AdjustmentState.WAITING and has_role(FINANCE)
        return {
            "waits": waits,
            "is_mine": row["by"] == as_cause(),
            "limit": self._adjustments.limit,
        }

    @expose("/<record_id>/approve", methods=("POST",))
    def approve(self, record_id: str) -> Response:
        return self._decide(record_id, self._adjustments.approve)

    @expose("/<record_id>/decline", methods=("POST",))
    def decline(self, record_id: str) -> Response:
        return self._decide(record_id, self._adjustments.decline)

    def _decide(self, record_id: str, decide: Callable[..., Adjustment]) -> Response:
        insist(*FINANCE)
        try:
            tell(decide(record_id, by=as_cause()))
        except Refusal as refusal:
            flash(why_not(refusal), "error")
        return redirect(url_for(".details_view", record_id=record_id))


def as_cause() -> str:
    """The acting operator, as the ledger names them."""
    return f"operator:{acting()}"


def tell(adjustment: Adjustment) -> None:
    """Say where it stands, in the next page's first line."""
    told = {
        AdjustmentState.WAITING: ("It waits for another operator: nothing is booked yet.", "info"),
        AdjustmentState.APPROVED: ("It is being booked.", "info"),
        AdjustmentState.POSTED: (
            f"{adjustment.amount} is booked. The customer is told.",
            "success",
        ),
        AdjustmentState.REFUSED: ("The balance does not cover it: nothing is booked.", "error"),
        AdjustmentState.DECLINED: ("It is declined: nothing is booked.", "success"),
    }
    flash(*told[adjustment.status])


def why_not(refusal: Refusal) -> str:
    """A refusal of an adjustment, in words."""
    if refusal.code == "insufficient_funds":
        missing = refusal.facts["missing"]
        return f"The balance does not cover it: {missing} is missing. Nothing is booked."
    return {
        "same_operator": "You have asked for it: another operator has to approve it.",
        "not_waiting": "Somebody has decided already. This is how it stands now.",
        "form_used": "This form was sent before with something else in it. Nothing was done now: "
        "look at the customer's adjustments before you send it again.",
        "reason_missing": "Say why: the customer reads it.",
        "nothing_to_adjust": "More than nothing.",
    }.get(refusal.code, cells.word(refusal.code))


def back_to(adjustment: Adjustment) -> Response:
    return redirect(url_for("adjustments.details_view", record_id=adjustment.id))
