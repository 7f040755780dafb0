"""Who may see an operators' page, and who is acting."""

from collections.abc import Collection

from flask import abort
from flask_security import current_user

from webapp.operators import RoleName

ANYBODY = frozenset(RoleName)
FINANCE = (RoleName.FINANCE, RoleName.OWNER)
"""They may move money, and decide what moves it."""


def acting() -> str:
    """The operator's e-mail address, for the audit log."""
    return str(current_user.email)


def insist(*roles: RoleName) -> None:
    """Refuse with 403 unless the operator has one of these roles."""
    if not has_role(roles):
        abort(403)


def has_role(roles: Collection[RoleName]) -> bool:
    return current_user.is_authenticated and not set(roles).isdisjoint(current_user.role_names)


class StaffOnly:
    """Mixed into every view: closed, unless the operator has a role that the view names."""

    roles: Collection[RoleName] = ANYBODY

    def is_accessible(self) -> bool:
        return has_role(self.roles)
