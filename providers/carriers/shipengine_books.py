"""The labels in ShipEngine's own books, page by page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog

from providers.carriers.base import Sold
from providers.carriers.shipengine_errors import BrokenAnswer, entries, mapping
from providers.carriers.shipengine_labels import Label, Making
from providers.carriers.shipengine_line import Line
from providers.exact_json import text

PAGE_SIZE = 100

log = structlog.get_logger()


def statement(line: Line, since: datetime, until: datetime, now: datetime) -> Iterator[Sold]:
    """What was sold from `since` (aware) to before `until`, oldest first. Raises CarrierDown.

    Voids are told as the label tells them, without a look at the parcel's way.
    """
    for raw in _listed(line, since, until):
        sold = _sold(raw, now)
        if sold is not None and since <= sold.bought_at < until:
            yield sold


def _listed(line: Line, since: datetime, until: datetime) -> Iterator[Any]:
    asked = {
        "created_at_start": _stamp(since),
        "created_at_end": _stamp(until),
        "sort_by": "created_at",
        "sort_dir": "asc",
        "page_size": str(PAGE_SIZE),
    }
    page, pages = 1, 1
    while page <= pages:
        answer = line.get("/labels", page=str(page), **asked)
        listed, told = answer.data.get("labels"), answer.data.get("pages")
        if not isinstance(listed, list) or not isinstance(told, int):
            raise line.down(answer)
        yield from entries(listed)
        page, pages = page + 1, told


def _sold(raw: Any, now: datetime) -> Sold | None:
    """None for what was never sold. An entry that makes no sense must not hide all others."""
    try:
        label = Label(mapping(raw))
        kept = label.making in {Making.MADE, Making.VOIDED}
        return label.sold(now) if kept else None
    except BrokenAnswer:
        log.error("statement_entry_unreadable", label_id=text(mapping(raw).get("label_id")))  # noqa: TRY400  no stack
        return None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
