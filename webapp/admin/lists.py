"""A page of a long list, as fast at a million rows as at ten: no counting, no skipping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from pymongo.collection import Collection

Row = Mapping[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_QUERY_MS = 3_000
LARGEST_NUMBER = 2**53
MOST_TIES = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read: an indexed question, newest first by an indexed field."""

    query: Mapping[str, Any]
    newest_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is where the next page begins; empty on the last one."""

    rows: Sequence[Row]
    older: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A value of the sorted field, and how many rows with this very value were shown."""

    value: Any
    shown: int


def read(documents: Collection[dict[str, Any]], plan: Plan, begin: str, size: int) -> Page:
    """The page that begins at a place named by an earlier page; the first one for nonsense."""
    place = _place(begin)
    query = dict(plan.query)
    if place is not None:
        query = {"$and": [query, {plan.newest_by: {"$lte": place.value}}]}
    found = list(
        documents.find(query)
        .sort(plan.newest_by, -1)
        .skip(place.shown if place else 0)
        .limit(size + 1)
        .max_time_ms(LONGEST_QUERY_MS)
    )
    rows = found[:size]
    return Page(rows, _name(rows, plan.newest_by, place) if len(found) > size else "")


def _name(rows: Sequence[Row], field: str, before: _Place | None) -> str:
    last = rows[-1][field]
    shown = sum(row[field] == last for row in rows)
    if before is not None and before.value == last:
        shown += before.shown
    return f"{_spell(last)}~{shown}"


def _spell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"t{(value - EPOCH) // timedelta(milliseconds=1)}"
    return f"o{value}" if isinstance(value, ObjectId) else f"n{int(value)}"


def _place(named: str) -> _Place | None:
    spelled, _, shown = named.partition("~")
    if not shown.isascii() or not shown.isdigit() or int(shown[:9]) > MOST_TIES:
        return None
    value = _value(spelled[:1], spelled[1:])
    return None if value is None else _Place(value, int(shown))


def _value(kind: str, told: str) -> Any:
    if kind == "o":
        try:
            return ObjectId(told)
        except InvalidId:
            return None
    if not told.isascii() or not told.isdigit() or len(told) > len(str(LARGEST_NUMBER)):
        return None
    if kind == "n":
        return int(told)
    return _moment(int(told)) if kind == "t" else None


def _moment(milliseconds: int) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
