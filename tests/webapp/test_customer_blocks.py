"""Finance and owners block customers and let them in again, with a reason."""

import pytest

from models.user import User
from tests.shop import BUYER
from webapp.operators import RoleName

PAGE = f"/admin/customers/{BUYER}"


def blocked_at():
    return User.objects.fetch(BUYER).blocked_at


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.OWNER])
def test_a_customer_is_blocked_and_unblocked_with_reasons(log_in, shop, app, role):
    desk = log_in(role)

    desk.press(f"{PAGE}/block", reason="a stolen card")
    blocked, page = blocked_at(), desk.read(PAGE)
    desk.press(f"{PAGE}/unblock", reason="a mistake")

    assert blocked is not None
    assert "Blocked since" in page
    assert "a stolen card" in page
    assert "Unblock the customer" in page
    assert blocked_at() is None
    assert "Block the customer" in desk.read(PAGE)


def test_without_a_reason_or_the_role_nobody_is_blocked(log_in, shop, app):
    owner, support = log_in(RoleName.OWNER), log_in(RoleName.SUPPORT)

    owner.press(f"{PAGE}/block", reason=" ")
    refused = support.press(f"{PAGE}/block", reason="I do not like them")

    assert "Say why" in owner.read(PAGE)
    assert refused.status_code == 403
    assert blocked_at() is None
