"""Tracking: where every bought label is, and the parcels that do not move any more."""

from typing import Any

from markupsafe import Markup

from core.tracking import TrackingState
from models.tracking import Trail
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.lists import Plan
from webapp.admin.views import Fact, ReadOnlyView, beginning, of_customer

STALLED = "stalled"
WORDS = {
    "unknown": "Not known yet",
    "pre_transit": "Not handed over yet",
    "available_for_pickup": "Ready for pick-up",
    "failure": "Could not be delivered",
    "return_to_sender": "On its way back",
}
TONES = {
    **dict.fromkeys(("accepted", "in_transit", "out_for_delivery"), "busy"),
    **dict.fromkeys(("unknown", "pre_transit", "cancelled"), "over"),
    **dict.fromkeys(("failure", "return_to_sender"), "bad"),
    "available_for_pickup": "wait",
    "delivered": "good",
}


def state_badge(state: str) -> str:
    return cells.badge(state, WORDS, TONES.get(state, ""))


def stalled_of(row: Row) -> str:
    if row.get("stalled_at") is None:
        return cells.NOTHING
    told = cells.badge("taken in hand" if row.get("seen_at") else STALLED, tone="wait")
    return told + Markup("<br>") + cells.when(row["stalled_at"])


class ParcelView(ReadOnlyView):
    group = "Shop"
    title = "Tracking"
    about = "Where every bought label is, as its carrier tells it."
    nothing_yet = "No label is followed yet: the first look comes half an hour after the purchase."
    search_hint = "Order, tracking or customer"
    choices = (STALLED, *TrackingState)
    words = WORDS
    details_template = "record_table.html"
    columns = (
        Column("id", "Order", lambda row: cells.link("orders", row["_id"])),
        Column(
            "tracking_code",
            "Tracking",
            lambda row: cells.link("tracking", row["_id"], row["tracking_code"]),
        ),
        Column("carrier", "Carrier", cells.text_of("carrier")),
        Column("status", "Where", lambda row: state_badge(row["status"])),
        Column("moved_at", "Last moved", cells.time_of("moved_at")),
        Column("stalled_at", "Stalled", stalled_of),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("next_at", "Asked again", cells.time_of("next_at")),
    )
    table_title = "Scans"
    table_empty = "The carrier has not scanned it yet."
    table = (
        Column("at", "Time", cells.time_of("at")),
        Column("state", "Where", lambda row: state_badge(row["state"])),
        Column("message", "The carrier says", cells.text_of("message")),
        Column("place", "Place", cells.text_of("place")),
    )

    def __init__(self, model: type[Trail]) -> None:
        super().__init__(model, "tracking")

    def plan(self, term: str, chosen: str) -> Plan:
        if chosen == STALLED and not term:
            return Plan({"stalled_at": {"$type": "date"}}, "stalled_at")
        return super().plan(term, chosen)

    def find(self, term: str) -> list[dict[str, Any]]:
        found = [{"_id": term}, {"tracking_code": term}]
        return [*found, *beginning(term.upper()), *of_customer(term)]

    def heading(self, row: Row) -> str:
        return f"Parcel {row['tracking_code']}"

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("Carrier service", cells.plain(cells.provider(row["provider"]))),
            ("Expected", cells.day(row.get("arrives_at"))),
            ("Asked", cells.when(row.get("looked_at"))),
            ("Last trouble", cells.plain(row.get("problem"))),
        ]
        return [*super().facts(row), *more]

    def more(self, row: Row) -> dict[str, Any]:
        return {"order_of": row["_id"], "rows": [*reversed(row.get("scans", []))]}
