"""The audit log: what operators did, and why."""

from datetime import datetime
from typing import ClassVar

from mongoengine import DateTimeField, StringField

from models.base import Record


class AuditEntry(Record):
    """One act of one operator; insert-only."""

    by: str = StringField(required=True)
    act: str = StringField(required=True)
    subject: str = StringField(required=True)
    reason: str = StringField(default="")
    at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "audit", "indexes": ["-at", ("subject", "-at"), ("by", "-at")]}
