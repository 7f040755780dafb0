"""Erasing what an order tells of people, once its parcel has long arrived and nothing is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from core.addresses import NOBODY
from models.connection import collection
from models.label import FILES
from models.order import OrderState
from models.void import VoidStage

AT_REST = (
    OrderState.REJECTED,
    OrderState.RELEASED,
    OrderState.DONE,
    OrderState.REFUNDED,
    OrderState.VOID_REFUSED,
)
OPEN_A_DAY_LATER = timedelta(days=1)
FILES_AN_HOUR_LATER = timedelta(hours=1)
"""Longer than any task may run: a label that was fetched while its order was emptied is there."""
_NOBODY = NOBODY.as_dict()

Row = Mapping[str, Any]


def erase_orders(
    orders: Collection[dict[str, Any]], still: Row, *, now: datetime, kept: timedelta
) -> None:
    """Look at these orders. What is open, or has ended less than `kept` ago, is put off.

    An order is emptied first, then its files and scans are erased; an hour later these are looked
    for once more, before the order is let go. Money, states, ids, service and price stay.
    """
    fields = ("status", "moved_at", "next_at", "follow_at", "erased_at")
    found = list(orders.find(still, fields))
    ids = [row["_id"] for row in found]
    trails, voids = _by_id("tracking", ids), _by_id("voids", ids)
    writes = []
    for row in found:
        others = [one for one in (trails.get(row["_id"]), voids.get(row["_id"])) if one]
        seen = {field: row.get(field) for field in ("_id", *fields)}
        writes.append(UpdateOne(seen, _change(row, others, now, kept)))
    _erase_files(orders, ids)
    orders.bulk_write(writes, ordered=False)
    _erase_files(orders, ids)


def _change(order: Row, others: Sequence[Row], now: datetime, kept: timedelta) -> Row:
    if "erased_at" in order:
        return {"$unset": dict.fromkeys(("sender", "recipient", "erase_at"), True)}
    if _is_open(order, others):
        return {"$set": {"erase_at": now + OPEN_A_DAY_LATER}}
    due = max(one["moved_at"] for one in (order, *others)) + kept
    if due > now:
        return {"$set": {"erase_at": due}}
    again = {"erased_at": now, "erase_at": now + FILES_AN_HOUR_LATER}
    return {
        "$set": {"sender": _NOBODY, "recipient": _NOBODY, **again},
        "$unset": dict.fromkeys(("customs", "label_url", "form_urls"), True),
    }


def _is_open(order: Row, others: Sequence[Row]) -> bool:
    return (
        order["status"] not in AT_REST
        or any(one.get("next_at") or one.get("follow_at") for one in (order, *others))
        or any(one["status"] == VoidStage.REVIEW for one in others)
    )


def _erase_files(orders: Collection[dict[str, Any]], ids: list[str]) -> None:
    """Of those that are emptied."""
    emptied = orders.find({"_id": {"$in": ids}, "erased_at": {"$type": "date"}}, {"_id": True})
    of_them = {"$in": [row["_id"] for row in emptied]}
    collection(FILES).delete_many({"order_id": of_them})
    collection("labels").delete_many({"_id": of_them})
    gone = dict.fromkeys(("scans", "next_at", "offer_at", "stalled_at", "seen_at"), True)
    collection("tracking").update_many({"_id": of_them}, {"$unset": gone})


def _by_id(name: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    fields = ("status", "moved_at", "next_at")
    return {row["_id"]: row for row in collection(name).find({"_id": {"$in": ids}}, fields)}
