"""Operators as the login library wants them, kept with plain mongoengine."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

import mongoengine
from flask_security import MongoEngineUserDatastore, RoleMixin, UserMixin, hash_password
from flask_security.utils import verify_password

from models.operator import OperatorBase


class RoleName(StrEnum):
    SUPPORT = "support"
    FINANCE = "finance"
    OWNER = "owner"


class Role(RoleMixin):
    """A role is no more than its name."""

    def __init__(self, name: str) -> None:
        self.name = name


class Operator(UserMixin, OperatorBase):  # type: ignore[misc]  # both declare the same fields
    """E-mail addresses are kept in lower case."""

    objects: ClassVar[Any]

    meta: ClassVar[dict[str, Any]] = {
        "collection": "operators",
        "indexes": [
            {"fields": ["email"], "unique": True, "name": "email"},
            {"fields": ["fs_uniquifier"], "unique": True, "name": "session"},
        ],
    }

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]  # names are kept, roles made
        return [Role(name) for name in self.role_names]


class Operators(MongoEngineUserDatastore):
    """Finds operators by one exact, indexed value."""

    def __init__(self) -> None:
        super().__init__(mongoengine.connection, Operator, Role)

    def find_user(
        self,
        case_insensitive: bool = False,  # noqa: ARG002, FBT001, FBT002  the library's signature
        **kwargs: Any,
    ) -> Operator | None:
        wanted = {name: str(value).lower() for name, value in kwargs.items()}
        found: Operator | None = Operator.objects(**wanted).first()
        return found

    def find_role(self, role: str) -> Role | None:
        return Role(role) if role in set(RoleName) else None


def appoint(email: str, password: str, role: RoleName) -> bool:
    """Make an operator, or set the password and role of the one there is. True if made.

    A changed password ends the operator's sessions.
    """
    known: Operator | None = Operator.objects(email=email.lower()).first()
    if known is not None and verify_password(password, str(known.password)):
        known.modify(set__role_names=[role.value], set__active=True)
        return False
    Operator.objects(email=email.lower()).update_one(
        upsert=True,
        set__password=hash_password(password),
        set__role_names=[role.value],
        set__active=True,
        set__fs_uniquifier=uuid.uuid4().hex,
    )
    return known is None
