"""Operators: staff with a login and roles."""

from datetime import datetime
from typing import ClassVar

from mongoengine import BooleanField, DateTimeField, IntField, ListField, StringField

from models.base import Record


class OperatorBase(Record):
    """The fields; the web adds what its login library needs."""

    email: str = StringField(required=True, max_length=254)
    password: str = StringField(required=True)
    active: bool = BooleanField(default=True)
    fs_uniquifier: str = StringField(required=True, max_length=64)
    role_names: list[str] = ListField(StringField())
    confirmed_at: datetime | None = DateTimeField()
    last_login_at: datetime | None = DateTimeField()
    current_login_at: datetime | None = DateTimeField()
    last_login_ip: str = StringField(default="")
    current_login_ip: str = StringField(default="")
    login_count: int = IntField(default=0)

    meta: ClassVar = {"abstract": True}
