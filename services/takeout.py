"""What is known of a customer, as they may have it: their own facts, none of the shop's."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO, TextIOWrapper
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from models import inbox
from models.connection import collection
from models.outbox import NoteKind
from services import statements
from services.ledger import account_of

UTF_8 = ("utf-8", "replace")
"""Telegram's JSON can hold half a character."""
_ADDRESSES = ("sender", "recipient", "parcel", "customs")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection, the field that says whose a document is, and which fields are theirs.

    `only` leaves out documents that are not theirs, or not found by an index.
    """

    collection: str
    owner: str
    fields: tuple[str, ...]
    only: Mapping[str, Any] = field(default_factory=dict)


SHELVES: Mapping[str, Shelf] = {
    "profile": Shelf(
        "users",
        "_id",
        (
            "first_name", "username", "language", "hears_of_parcels", "quiet", "zone",
            "created_at",
        ),
    ),
    "orders": Shelf(
        "orders",
        "user_id",
        (
            "created_at", "mode", "status", *_ADDRESSES, "rate.carrier", "rate.service", "price",
            "tracking_code", "tracking_url", "refusal", "timeline.at", "timeline.state",
            "erased_at",
        ),
    ),
    "tracking": Shelf(
        "tracking", "user_id", ("tracking_code", "carrier", "status", "scans", "arrives_at")
    ),
    "refunds": Shelf(
        "voids", "user_id", ("created_at", "status", "amount", "timeline.at", "timeline.stage")
    ),
    "quotes": Shelf(
        "quotes",
        "user_id",
        (
            "created_at", "expires_at", *_ADDRESSES, "rates.carrier", "rates.service",
            "rates.price",
        ),
    ),
    "payments": Shelf(
        "payments",
        "user_id",
        (
            "created_at", "provider", "provider_id", "status", "amount", "received",
            "credits.amount", "credits.at",
        ),
    ),
    "ledger": Shelf(
        "ledger_entries",
        "account",
        ("at", "kind", "d_available", "d_held", "available", "held", "ref", "reason"),
    ),
    "saved_addresses": Shelf("saved_addresses", "user_id", ("name", "address", "created_at")),
    "saved_parcels": Shelf("saved_parcels", "user_id", ("name", "parcel", "created_at")),
    "templates": Shelf("templates", "user_id", ("name", *_ADDRESSES, "created_at")),
    "batches": Shelf("batches", "user_id", ("name", "status", "rows", "total", "created_at")),
    "batch_rows": Shelf(
        "batch_rows",
        "user_id",
        ("batch_id", "line", "cells", "status", "price", "order_id", "tracking_code"),
    ),
    "drafts": Shelf("drafts", "_id", ("screen", "data", "touched_at")),
    "said_to_us": Shelf(inbox.COLLECTION, "chat_id", ("received_at", "raw"), inbox.HANDLED),
    "told_by_us": Shelf(
        "outbox",
        "chat_id",
        ("created_at", "kind", "facts", "status"),
        {"kind": {"$ne": NoteKind.OPERATOR_ALERT.value}},
    ),
}  # fmt: skip
"""A file each. Prices are the customer's own; what we pay to carriers is not among them."""


def archive(user_id: int) -> bytes:
    """A ZIP: a JSON array for each shelf, and the statement as CSV. Read as it is written."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name, shelf in SHELVES.items():
            with zipped.open(f"{name}.json", "w") as raw, TextIOWrapper(raw, *UTF_8) as file:
                file.writelines(_array(_documents(shelf, user_id)))
        with zipped.open("statement.csv", "w") as raw, TextIOWrapper(raw, "utf-8-sig") as file:
            file.writelines(statements.as_csv(user_id))
    return packed.getvalue()


def _documents(shelf: Shelf, user_id: int) -> Iterator[dict[str, Any]]:
    owner = account_of(user_id) if shelf.owner == "account" else user_id
    kept = dict.fromkeys(shelf.fields, True)
    for row in collection(shelf.collection).find({shelf.owner: owner, **shelf.only}, kept):
        named = str(row.pop("_id"))
        if "raw" in row:
            row["raw"] = inbox.RAW.to_python(row["raw"])
        yield row if shelf.owner == "account" else {"id": named, **row}


def _array(documents: Iterator[dict[str, Any]]) -> Iterator[str]:
    between = "[\n"
    for document in documents:
        yield between + json.dumps(document, default=_plain, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
