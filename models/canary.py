"""Canaries: when each queue's workers were last heard to do something."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, StringField

from models.base import Record


class Canary(Record):
    objects: ClassVar[Any]

    queue: str = StringField(primary_key=True)
    heard_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "canaries"}
