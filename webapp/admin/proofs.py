"""Proofs of the ledger: what each pass found, and a new one on demand."""

from typing import Any

from flask import redirect, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from models.proof import Proof, ProofKind, ProofState
from services.audits import Audits
from services.verification import Verification
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import Fact, ReadOnlyView

WORDS = {
    "full": "All of it",
    "sums": "The balances alone",
    "new": "What is new",
    "running": "Running",
    "done": "Ended",
}


def result_of(row: Row) -> str:
    if row["mismatches"]:
        return cells.badge(cells.counted(row["mismatches"], "mismatch"), tone="bad")
    if row["status"] == ProofState.RUNNING:
        return cells.badge("running", tone="busy")
    return cells.badge("whole", tone="good")


def count_of(name: str) -> cells.Cell:
    return lambda row: f"{row[name]:,}"


class ProofView(ReadOnlyView):
    group = "Money"
    title = "Proofs"
    about = (
        "Every balance follows from its entries: proven hourly for what is new, nightly for all."
    )
    nothing_yet = "The ledger has not been proven yet."
    search_hint = "Proof or operator"
    chosen_by = "kind"
    choices = ProofKind
    words = WORDS
    list_template = "proofs.html"
    details_template = "proof.html"
    columns = (
        Column(
            "created_at",
            "Begun",
            lambda row: cells.link("proofs", row["_id"], cells.when(row["created_at"])),
        ),
        Column("mismatches", "Result", result_of),
        Column("kind", "Proves", lambda row: cells.plain(WORDS[row["kind"]])),
        Column("by", "Asked by", lambda row: cells.who(row["by"])),
        Column("accounts", "Accounts", count_of("accounts"), numeric=True),
        Column("entries", "Entries", count_of("entries"), numeric=True),
    )

    def __init__(self, model: type[Proof], *, verification: Verification, audits: Audits) -> None:
        self._verification = verification
        self._audits = audits
        super().__init__(model, "proofs")

    def render(self, template: str, **told: Any) -> str:
        return super().render(template, **{"can_verify": has_role(FINANCE), **told})

    def find(self, term: str) -> list[dict[str, str]]:
        return [{"_id": term.upper()}]

    def heading(self, row: Row) -> str:
        return f"Proof of {WORDS[row['kind']].lower()}"

    def facts(self, row: Row) -> list[Fact]:
        more = [("Last step", cells.when(row["moved_at"])), ("Proof", cells.code(row["_id"]))]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        return {
            "proof": self._verification.get(row["_id"]),
            "is_running": row["status"] == ProofState.RUNNING,
        }

    @expose("/verify", methods=("POST",))
    def verify(self) -> Response:
        """A proof that runs already is shown, and no second one begun."""
        insist(*FINANCE)
        running: Proof | None = Proof.objects(
            kind=ProofKind.FULL, status=ProofState.RUNNING
        ).first()
        if running is None:
            running = self._verification.ask(ProofKind.FULL, by=acting())
            self._audits.record(acting(), "verify ledger", running.id)
        return redirect(url_for(".details_view", record_id=running.id))
