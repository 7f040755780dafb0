"""Settings that operators change without a restart."""

from datetime import datetime
from typing import ClassVar

from mongoengine import DateTimeField, StringField

from models.base import Record


class Setting(Record):
    """The id is the setting's name, as `api_mode`."""

    id: str = StringField(primary_key=True)
    value: str = StringField(required=True)
    changed_by: str = StringField(required=True)
    changed_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {"collection": "settings"}
