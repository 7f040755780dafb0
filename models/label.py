"""Labels: the bytes of what was bought, with their checksum. Files lie in GridFS."""

import hashlib
from datetime import datetime
from typing import ClassVar

from bson import ObjectId
from gridfs import GridFS
from gridfs.errors import CorruptGridFile, NoFile
from mongoengine import (
    DateTimeField,
    EnumField,
    IntField,
    LongField,
    ObjectIdField,
    StringField,
)

from core.modes import ApiMode
from models.base import Record
from models.connection import database

FILES = "label_files"


class Label(Record):
    """The id is the order's: one order has one label."""

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    carrier: str = StringField(required=True)
    service: str = StringField(required=True)
    tracking_code: str = StringField(required=True)
    file_id: ObjectId = ObjectIdField(required=True)
    sha256: str = StringField(required=True)
    size: int = IntField(required=True)
    telegram_file_id: str = StringField(default="")
    stored_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "labels",
        "indexes": ["tracking_code", ("user_id", "-stored_at"), "-stored_at"],
    }


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _files() -> GridFS:
    return GridFS(database(), collection=FILES)


def store_file(order_id: str, data: bytes) -> ObjectId:
    """Keep the bytes under a fresh id, so that a half-written file never stands in the way."""
    kept: ObjectId = _files().put(data, filename=f"{order_id}.pdf")
    return kept


def read_file(label: Label) -> bytes | None:
    """The label's bytes; None when they are missing or not those that were stored."""
    try:
        data: bytes = _files().get(label.file_id).read()
    except (NoFile, CorruptGridFile):
        return None
    return data if checksum(data) == label.sha256 else None
