"""A frozen account buys again when finance has read all that was found, and says why."""

import pytest

from models.audit import AuditEntry
from models.freeze import Freeze, is_frozen
from tests.shop import BUYER
from webapp.operators import RoleName

ACCOUNT = f"u:{BUYER}:USD"
PAGE = f"/admin/freezes/{ACCOUNT}"
FOUND = ["entry 2: digest is <wrong>", "ends at 3, proven up to 4"]


@pytest.fixture
def frozen(shop, app):
    shop.freezes.freeze(ACCOUNT, FOUND)


def clear(desk, *, seen=FOUND, reason="compared with the backup"):
    return desk.press(f"{PAGE}/clear", seen=seen, reason=reason)


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.OWNER])
def test_who_may_move_money_clears_a_freeze_once_with_a_reason(log_in, frozen, role):
    desk = log_in(role)
    before = desk.read(PAGE)

    clear(desk)
    told = desk.read(PAGE)
    clear(desk)

    assert "digest is &lt;wrong&gt;" in before
    assert "Let it buy again" in before
    assert "The account may buy again" in told
    assert "Let it buy again" not in told
    assert "compared with the backup" in told
    assert "somebody has cleared it" in desk.read(PAGE)
    assert not is_frozen(ACCOUNT)
    [entry] = AuditEntry.objects
    assert (entry.act, entry.subject) == ("clear freeze", ACCOUNT)


def test_what_was_found_meanwhile_has_to_be_read_first(owner, shop, frozen):
    shop.freezes.freeze(ACCOUNT, ["one more"])

    clear(owner)

    assert "More was found" in owner.read(PAGE)
    assert is_frozen(ACCOUNT)
    assert AuditEntry.objects.count() == 0


def test_without_a_reason_it_stays_frozen(owner, frozen):
    clear(owner, reason="  ")

    assert "Say what you have found" in owner.read(PAGE)
    assert is_frozen(ACCOUNT)


def test_support_may_look_and_not_clear(log_in, frozen):
    support = log_in(RoleName.SUPPORT)

    page = support.read(PAGE)
    refused = clear(support)

    assert ("digest is" in page, "Let it buy again" in page) == (True, False)
    assert (refused.status_code, is_frozen(ACCOUNT)) == (403, True)


def test_frozen_ones_are_listed_found_and_named_on_the_customers_page(owner, shop, frozen):
    shop.freezes.freeze("u:8:USD", FOUND)
    Freeze.objects(pk="u:8:USD").update(unset__frozen_at=True, set__cleared_at=shop.clock.now())

    listed, cleared = owner.read("/admin/freezes/"), owner.read("/admin/freezes/?status=cleared")

    assert ("u:7:USD" in listed, "u:8:USD" in listed) == (True, False)
    assert ("u:7:USD" in cleared, "u:8:USD" in cleared) == (False, True)
    assert "u:7:USD" in owner.read("/admin/freezes/?q=7")
    assert f'href="{PAGE}"' in owner.read(f"/admin/customers/{BUYER}")
