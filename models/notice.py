"""Notices: what payment providers told us, raw, kept before it is answered."""

from datetime import datetime
from typing import ClassVar

from mongoengine import BinaryField, DateTimeField, StringField

from models.base import Record


class Notice(Record):
    """The id is a digest of provider and body, so that a repeated notice is one document."""

    id: str = StringField(primary_key=True)
    provider: str = StringField(required=True)
    provider_id: str = StringField(required=True)
    payment_id: str = StringField(default="")
    status: str = StringField(default="")
    body: bytes = BinaryField(required=True)
    received_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": "notices",
        "indexes": ["-received_at", ("provider", "provider_id")],
    }
