"""Stalled parcels, orphan labels and refunds by hand: who may, once, with a reason."""

import pytest

from models.audit import AuditEntry
from models.order import OrderState
from models.orphan import Orphan, OrphanState
from models.tracking import Trail
from tests.factories import OrderFactory, OrphanFactory
from webapp.operators import RoleName

IN_HAND, REFUND, CLOSE = "I have it in hand", "Refund by hand", "Close it"


@pytest.fixture
def done(shop, app):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    return shop.orders.get(order.id)


def stall(shop, order):
    trail = shop.tracking.look(order)
    Trail.objects(pk=trail.id).update(set__status="in_transit", set__stalled_at=shop.clock.now())


def alerts(shop):
    shop.alerts.watch()
    kinds = {"queue_silent"}
    return [alert.id for alert in shop.alerts.open() if alert.kind.value not in kinds]


def acts():
    return [(entry.by, entry.act, entry.subject) for entry in AuditEntry.objects]


def test_a_stalled_parcel_is_taken_in_hand_once_and_its_alert_ends(log_in, shop, done):
    support = log_in(RoleName.SUPPORT)
    stall(shop, done)
    page, before = f"/admin/orders/{done.id}", alerts(shop)
    offered = support.read(page)

    for reason in (" ", "a search is open", "a search is open"):
        support.press(f"{page}/track/seen", reason=reason)

    assert (IN_HAND in offered, before) == (True, [f"parcel_stalled:{done.id}"])
    assert (IN_HAND in support.read(page), alerts(shop)) == (False, [])
    assert acts() == [("support@shop.example", "take stalled parcel", done.id)]


def test_a_parcel_that_moves_and_stalls_again_is_a_new_alert(owner, shop, done):
    stall(shop, done)
    owner.press(f"/admin/orders/{done.id}/track/seen", reason="a search is open")

    shop.clock.turn(hours=1)
    shop.tracking.drive(done.id)
    moving = Trail.objects.get()
    stall(shop, done)

    assert (moving.stalled_at, moving.seen_at) == (None, None)
    assert alerts(shop) == [f"parcel_stalled:{done.id}"]


def test_finance_refunds_a_finished_order_by_hand_once(log_in, shop, done):
    desk, page = log_in(RoleName.FINANCE), f"/admin/orders/{done.id}"
    offered, before = desk.read(page), shop.balance()

    desk.press(f"{page}/refund", reason="  ")
    unsaid = desk.read(page)
    desk.press(f"{page}/refund", reason="came damaged")
    told = desk.read(page)
    desk.press(f"{page}/refund", reason="came damaged")

    assert (REFUND in offered, before) == (True, (1_750, 0))
    assert "Say why" in unsaid
    assert "The price is back on the balance." in told
    assert REFUND not in told
    assert "This label was refunded before" in desk.read(page)
    assert shop.balance() == (2_500, 0)
    assert acts() == [("finance@shop.example", "refund label", done.id)]


def test_what_is_not_finished_is_not_refunded_by_hand(owner, shop, app):
    order = OrderFactory(status=OrderState.VOID_SENT, tracking_code="9400")
    page = f"/admin/orders/{order.id}"

    owner.press(f"{page}/refund", reason="came damaged")

    told = owner.read(page)
    assert "Only the label of a finished order is refunded." in told
    assert REFUND not in told
    assert shop.balance() == (0, 0)


def test_support_refunds_nothing_and_closes_no_orphan(log_in, shop, done):
    support, orphan = log_in(RoleName.SUPPORT), OrphanFactory()
    pages = (f"/admin/orders/{done.id}", f"/admin/orphans/{orphan.id}")

    read = "".join(support.read(page) for page in pages)
    answers = [
        support.press(f"{page}/{deed}", reason="why not").status_code
        for page, deed in zip(pages, ("refund", "close"), strict=True)
    ]

    assert (REFUND in read, CLOSE in read, answers) == (False, False, [403, 403])
    assert (shop.balance(), Orphan.objects.get().status) == ((1_750, 0), OrphanState.LOSS)


def test_finance_closes_an_orphan_once_with_a_reason(log_in, shop, app):
    desk, orphan = log_in(RoleName.FINANCE), OrphanFactory()
    page = f"/admin/orphans/{orphan.id}"
    offered, before = desk.read(page), alerts(shop)

    for reason in ("", "written off", "written off"):
        desk.press(f"{page}/close", reason=reason)

    told = desk.read(page)
    assert (CLOSE in offered, before) == (True, [f"carrier_orphan:{orphan.id}"])
    assert "It does not wait for an operator any more." in told
    assert "written off" in told
    assert (CLOSE in told, alerts(shop)) == (False, [])
    assert acts() == [("finance@shop.example", "close orphan", orphan.id)]


def test_an_orphan_that_was_voided_meanwhile_is_not_closed(owner, app):
    orphan = OrphanFactory()
    page = f"/admin/orphans/{orphan.id}"
    Orphan.objects.update(set__status=OrphanState.VOIDED)

    owner.press(f"{page}/close", reason="written off")

    assert "It does not wait for an operator any more." in owner.read(page)
    assert Orphan.objects.get().status is OrphanState.VOIDED
    assert acts() == []


def test_a_label_whose_void_is_still_to_be_sent_waits_for_nobody(owner, app):
    fresh, unheard = OrphanFactory(status="found", problem=""), OrphanFactory(status="found")

    assert CLOSE not in owner.read(f"/admin/orphans/{fresh.id}")
    assert CLOSE in owner.read(f"/admin/orphans/{unheard.id}")
