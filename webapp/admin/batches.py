"""Batches: files of labels, how far each is, and why a row was not bought."""

from collections.abc import Callable
from typing import Any

from core.addresses import BadField
from models.batch import Batch, BatchRow, BatchState, RowState
from services.batch_files import MISTAKEN, NOT_BOUGHT
from services.batch_rows import Problem, Sheet, read_row
from webapp.admin import cells
from webapp.admin.cells import Cell, Column, Row
from webapp.admin.views import Fact, ReadOnlyView, beginning, of_customer

WORDS = {
    "mapping": "To confirm",
    "ready": "Priced",
    "trailing": "Waits for carriers",
    "dropped": "Forgotten",
}
TONES = {
    **dict.fromkeys(("checking", "buying", "trailing"), "busy"),
    **dict.fromkeys(("mapping", "ready"), "wait"),
    "done": "good",
    "stopped": "bad",
}
ROW_WORDS = {
    "new": "To be checked",
    "bad": "With a mistake",
    "quoted": "Has a price",
    "left": "Left out",
    "repeated": "Bought before",
}
ROW_TONES = {
    **dict.fromkeys(("new", "quoted", "ordered"), "busy"),
    **dict.fromkeys(("bad", "failed", "review"), "bad"),
    "bought": "good",
}


def count_of(*states: RowState) -> Cell:
    return lambda row: f"{sum(row.get('counts', {}).get(state, 0) for state in states):,}"


def order_of(row: Row) -> str:
    return cells.link("orders", row.get("order_id"))


def because(batch: Row) -> Callable[[Row], str]:
    """Why a row was not bought; what breaks rules of ours is told from its cells."""
    sheet = Sheet(batch.get("heading", ()), batch.get("columns", {}), batch.get("defaults", {}))

    def told(row: Row) -> str:
        if row.get("refusal"):
            words = [cells.word(row["refusal"]), *map(str, row.get("told", {}).values())]
            return cells.plain(": ".join(filter(None, words)))
        if row["status"] != RowState.BAD:
            return cells.NOTHING
        if not row.get("cells"):
            return cells.plain("Erased")
        return cells.plain("; ".join(map(_problem, read_row(row["cells"], sheet).problems)))

    return told


def _problem(problem: Problem) -> str:
    refusal, whose = problem.refusal, "sender's " if problem.of_sender else ""
    if isinstance(refusal, BadField):
        return cells.word(f"{whose}{refusal.facts['field']}: {refusal.facts['reason']}")
    return cells.word(refusal.code)


class BatchView(ReadOnlyView):
    group = "Shop"
    title = "Batches"
    about = "Files of labels that customers sent. Each row is an order of its own."
    nothing_yet = "No customer has sent a file yet."
    search_hint = "Batch, an order of it, or customer"
    choices = BatchState
    words = WORDS
    details_template = "batch.html"
    columns = (
        Column("id", "Batch", lambda row: cells.link("batches", row["_id"])),
        Column("created_at", "Sent", cells.time_of("created_at")),
        Column(
            "status",
            "Status",
            lambda row: cells.badge(row["status"], WORDS, TONES.get(row["status"], "")),
        ),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("rows", "Rows", cells.text_of("rows"), numeric=True),
        Column("bought", "Bought", count_of(RowState.BOUGHT), numeric=True),
        Column("failed", "Not bought", count_of(*NOT_BOUGHT), numeric=True),
        Column("bad", "Mistakes", count_of(*MISTAKEN), numeric=True),
        Column(
            "went_at", "Last went on", lambda row: cells.when(row.get("went_at") or row["moved_at"])
        ),
    )

    def __init__(self, model: type[Batch]) -> None:
        super().__init__(model, "batches")

    def find(self, term: str) -> list[dict[str, Any]]:
        """`L-…-0017` is the seventeenth row of `B-…`."""
        batch_id = "B-" + term.upper().removeprefix("L-").removeprefix("B-").partition("-")[0]
        return [{"_id": batch_id}, *beginning(term.upper()), *of_customer(term)]

    def heading(self, row: Row) -> str:
        return f"Batch {row['_id']}"

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("File", cells.plain(row["name"])),
            ("Confirmed", cells.money(row.get("total"))),
            ("Wanted", str(row.get("wanted", 0))),
            ("Next step", cells.when(row.get("next_at"))),
            ("Deaths of workers", str(max(0, row.get("wakes", 0) - 1))),
        ]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        table = (
            Column("line", "Row", cells.text_of("line"), numeric=True),
            Column(
                "status",
                "Status",
                lambda one: cells.badge(one["status"], ROW_WORDS, ROW_TONES.get(one["status"], "")),
            ),
            Column("order_id", "Order", order_of),
            Column("tracking_code", "Tracking", lambda one: cells.code(one.get("tracking_code"))),
            Column("because", "Because", because(row)),
            Column("price", "Price", cells.money_of("price"), numeric=True),
        )
        rows = BatchRow.objects(batch_id=row["_id"]).order_by("number").as_pymongo()
        return {"table": table, "rows": list(rows)}
