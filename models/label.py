"""Labels: the bytes of what was bought, with their checksum."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from bson import ObjectId
from mongoengine import (
    BinaryField,
    DateTimeField,
    DictField,
    EnumField,
    IntField,
    ListField,
    LongField,
    ObjectIdField,
    StringField,
)
from pymongo import WriteConcern
from pymongo.collection import Collection

from core.modes import ApiMode
from models.base import Record
from models.connection import collection
from models.fields import ValuesField

FILES = "label_files"


@dataclass(frozen=True, slots=True)
class Form:
    """One of the customs papers, kept beside the label, and where the carrier has it."""

    url: str
    file_id: ObjectId
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Copy:
    """The label in another format than `file_id` has it in."""

    made: str
    file_id: ObjectId
    sha256: str
    size: int


class Label(Record):
    """The id is the order's: one order has one label.

    `refused` are the formats that can't be had of it, `uploads` Telegram's names of its copies.
    """

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    mode: ApiMode = EnumField(ApiMode, required=True)
    carrier: str = StringField(required=True)
    service: str = StringField(required=True)
    tracking_code: str = StringField(required=True)
    file_id: ObjectId = ObjectIdField(required=True)
    sha256: str = StringField(required=True)
    size: int = IntField(required=True)
    forms: tuple[Form, ...] = ValuesField(Form)
    copies: tuple[Copy, ...] = ValuesField(Copy)
    refused: list[str] = ListField(StringField())
    uploads: dict[str, str] = DictField()
    telegram_file_id: str = StringField(default="")
    stored_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "labels",
        "indexes": ["tracking_code", ("user_id", "-stored_at"), "-stored_at"],
    }


class LabelFile(Record):
    """The bytes of one file. They are written and read below, as they are."""

    id: ObjectId = ObjectIdField(primary_key=True)
    order_id: str = StringField(required=True)
    data: bytes = BinaryField(required=True)

    meta: ClassVar = {"collection": FILES, "indexes": ["order_id"]}


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store_file(order_id: str, data: bytes) -> ObjectId:
    """Keep up to 16 MB under a fresh id, so that nothing half-written stands in the way.

    The label that names them is written next and waits for the majority, hence for these too.
    """
    kept: ObjectId = (
        _files()
        .with_options(write_concern=WriteConcern(w=1))
        .insert_one({"order_id": order_id, "data": data})
        .inserted_id
    )
    return kept


def read_file(label: Label | Form | Copy) -> bytes | None:
    """Its bytes; None when they are missing or not those that were stored."""
    kept = _files().find_one({"_id": label.file_id}, {"data": True})
    data = kept["data"] if kept else b""
    return data if checksum(data) == label.sha256 else None


def _files() -> Collection[dict[str, Any]]:
    return collection(FILES)
