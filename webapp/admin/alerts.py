"""Alerts: what operators were told needs them. It ends by itself when its cause does."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from models.alert import Alert, AlertKind, AlertState
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import Fact, ReadOnlyView


@dataclass(frozen=True, slots=True)
class Kind:
    """An alert in words, the page where it is put right, and what is pressed there.

    `has_own` says that its subject is a record of that page.
    """

    words: str
    press: str
    page: str = ""
    has_own: bool = True


KINDS = {
    AlertKind.LEDGER_MISMATCH: Kind(
        "The ledger does not prove",
        "Keep a copy of the database first. The proof names the account and the entry.",
        "proofs",
        has_own=False,
    ),
    AlertKind.ACCOUNT_FROZEN: Kind(
        "An account is frozen",
        "Find out why its books disagree, then “Let it buy again”.",
        "freezes",
    ),
    AlertKind.ORDER_REVIEW: Kind(
        "An order is in review",
        "Look at the carrier's dashboard by shipment id. The money stays held.",
        "orders",
    ),
    AlertKind.PAYMENT_REVIEW: Kind(
        "A payment is in review",
        "“Check with the provider”, then “Credit what arrived” or “Reject”.",
        "payments",
    ),
    AlertKind.NOTICE_GIVEN_UP: Kind(
        "A notice could not be read",
        "Look at the worker's log, then check its payment with the provider.",
        "notices",
    ),
    AlertKind.VOID_REVIEW: Kind(
        "A void waits for a decision",
        "Ask the carrier, then “Refund the price” or “Refuse”.",
        "orders",
    ),
    AlertKind.VOID_USED: Kind(
        "A refunded label travels",
        "Talk to the customer, then “I have dealt with it”.",
        "orders",
    ),
    AlertKind.PARCEL_STALLED: Kind(
        "A parcel does not move",
        "Open a search with the carrier, then “I have it in hand”.",
        "orders",
    ),
    AlertKind.CARRIER_ORPHAN: Kind(
        "A label that no customer pays for",
        "Void it at the carrier, or “Close it” as a loss.",
        "orphans",
    ),
    AlertKind.CARRIER_FUNDS: Kind(
        "Our account can't pay for a label",
        "Fill the account at the carrier service; the orders go on by themselves.",
        "funds",
        has_own=False,
    ),
    AlertKind.CARRIER_BALANCE_LOW: Kind(
        "Our account is nearly empty", "Fill it at the carrier service.", "funds"
    ),
    AlertKind.BATCH_STILL: Kind(
        "A batch stands still",
        "Its page says where. Look whether carriers answer and whether queue bulk is worked on.",
        "batches",
    ),
    AlertKind.ERASING_LATE: Kind(
        "Old data is not erased",
        "Look whether queue bulk is worked on, and at the worker's log.",
    ),
    AlertKind.QUEUE_SILENT: Kind(
        "A queue is silent", "Restart the process that consumes it; all silent: beat and Redis."
    ),
}


def words_of(row: Row) -> str:
    return KINDS[AlertKind(row["kind"])].words


def subject_of(row: Row) -> str:
    kind, subject = KINDS[AlertKind(row["kind"])], row["subject"]
    if not kind.page:
        return cells.code(subject)
    if kind.has_own:
        return cells.link(kind.page, subject, cells.account(subject))
    url = url_for(f"{kind.page}.index_view")
    return Markup('<a href="{}">{}</a>').format(url, cells.account(subject))


def found_of(row: Row) -> str:
    """Codes of ours are told in words, sentences as they are."""
    found = row.get("words", "")
    return cells.plain(found if " " in found else cells.word(found))


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
            lambda row: cells.link("alerts", row["_id"], words_of(row)),
        ),
        Column("subject", "About", subject_of),
        Column("words", "Found", found_of),
        Column("status", "Status", cells.badge_of("status")),
    )

    def __init__(self, model: type[Alert]) -> None:
        super().__init__(model, "alerts")

    def find(self, term: str) -> list[dict[str, str]]:
        return [{"_id": f"{kind}:{term}"} for kind in AlertKind]

    def heading(self, row: Row) -> str:
        return words_of(row)

    def facts(self, row: Row) -> list[Fact]:
        press = KINDS[AlertKind(row["kind"])].press
        more = [
            ("Over", cells.when(row.get("over_at"))),
            ("What to press", cells.plain(press)),
            ("In the runbook", cells.code(row["kind"])),
        ]
        return [*super().facts(row), *more]
