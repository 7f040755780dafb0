"""Exports: a customer's own data as one file, kept for a week and then forgotten."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import BinaryField, DateTimeField, IntField, LongField, StringField

from models.base import UNFINISHED, Record

KEPT_SECONDS = 7 * 86_400
PART_BYTES = 8 * 1024 * 1024
"""A document of MongoDB holds twice as much."""
_FORGOTTEN = {"fields": ["created_at"], "expireAfterSeconds": KEPT_SECONDS, "name": "forgotten"}


class Export(Record):
    """The id names the wish that it answers. `parts` says in how many pieces the file lies."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    parts: int = IntField(required=True, default=0)
    size: int = LongField(required=True, default=0)
    unended: int = IntField(required=True, default=0)
    problem: str = StringField(default="")
    next_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "exports",
        "indexes": [("user_id", "-created_at"), UNFINISHED, _FORGOTTEN],
    }


class ExportPart(Record):
    """The id is `<export>:<number>`."""

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    data: bytes = BinaryField(required=True)
    created_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "export_parts", "indexes": ["user_id", _FORGOTTEN]}


def keep_file(export: Export, data: bytes, at: datetime) -> int:
    """Store a file in pieces, over whatever lies there; answer how many they are."""
    pieces = [data[begin : begin + PART_BYTES] for begin in range(0, len(data), PART_BYTES)]
    for number, piece in enumerate(pieces):
        ExportPart.objects.put(
            f"{export.id}:{number}", user_id=export.user_id, data=piece, created_at=at
        )
    return len(pieces)


def read_file(export: Export) -> bytes | None:
    """Its bytes; None when some of them are gone."""
    pieces = [ExportPart.objects.seek(f"{export.id}:{number}") for number in range(export.parts)]
    data = b"".join(bytes(piece.data) for piece in pieces if piece is not None)
    return data if data and len(data) == export.size else None
