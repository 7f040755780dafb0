"""`GET /labels`: filters and pages, newest first unless asked otherwise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from sandbox.carrier.store import Document
from sandbox.shipengine import errors

USUAL_PAGE = 25
LARGEST_PAGE = 500
FIELDS = {
    "label_status": "status",
    "service_code": "service_code",
    "carrier_id": "carrier_id",
    "tracking_number": "tracking_number",
    "batch_id": "batch_id",
    "shipment_id": "shipment_id",
}


def found(sold: list[Document], args: Mapping[str, str]) -> list[Document]:
    """Those that all filters let pass, in the order asked for; `sold` is oldest first."""
    wanted = {FIELDS[name]: value for name, value in args.items() if name in FIELDS}
    start, end = (_time(args, name) for name in ("created_at_start", "created_at_end"))
    passed = [
        one
        for one in sold
        if all(one["label"][field] == value for field, value in wanted.items())
        and args.get("rate_id", one["rate_id"]) == one["rate_id"]
        and (start is None or _born(one) >= start)
        and (end is None or _born(one) <= end)
    ]
    return passed if args.get("sort_dir") == "asc" else passed[::-1]


def page(url: str, labels: list[Document], args: Mapping[str, str]) -> Document:
    """One page of labels, with links to the others; `url` is that of the list."""
    number = _whole(args, "page", 1)
    size = min(_whole(args, "page_size", USUAL_PAGE), LARGEST_PAGE)
    pages = -(-len(labels) // size)

    def link(to: int) -> Document:
        return {"href": f"{url}?{urlencode({**args, 'page': to, 'page_size': size})}"}

    return {
        "labels": labels[(number - 1) * size : number * size],
        "total": len(labels),
        "page": number,
        "pages": pages,
        "links": {
            "first": link(1),
            "last": link(max(pages, 1)),
            "prev": link(number - 1) if number > 1 else {},
            "next": link(number + 1) if number < pages else {},
        },
    }


def _born(sold: Document) -> datetime:
    return datetime.fromisoformat(sold["label"]["created_at"])


def _time(args: Mapping[str, str], name: str) -> datetime | None:
    """Without a zone, UTC is meant."""
    if name not in args:
        return None
    try:
        given = datetime.fromisoformat(args[name])
    except ValueError:
        raise errors.invalid(name, "must be a date and time") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _whole(args: Mapping[str, str], name: str, usual: int) -> int:
    given = args.get(name, str(usual))
    if not given.isdigit() or not int(given):
        raise errors.invalid(name, "must be a whole number from 1")
    return int(given)
