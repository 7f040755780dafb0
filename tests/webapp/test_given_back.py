"""An order's page: where its parcel is, how its void stands, and only what is allowed now."""

import re

import pytest

from core.tracking import Scan, Tracked, TrackingState
from models.audit import AuditEntry
from models.order import Order, OrderState
from models.void import Void, VoidStage
from providers.carriers.base import VoidState
from tests.factories import OrderFactory
from tests.shop import BUYER
from webapp.operators import RoleName

GIVE_BACK, REFUND, SEEN = "Give the label back", "Refund the price", "I have dealt with it"
REASON = "the customer asked by mail"


@pytest.fixture
def done(shop, app) -> Order:
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    shop.clock.turn(hours=2)
    return shop.orders.get(order.id)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def page_of(order):
    return f"/admin/orders/{order.id}"


def act(desk, order, path, reason=REASON):
    fields = {"reason": reason} if reason is not None else {}
    return desk.press(f"{page_of(order)}{path}", **fields)


def test_an_operator_gives_a_label_back_with_a_reason(owner, done, shop):
    before = owner.read(page_of(done))

    assert act(owner, done, "/void").status_code == 302
    shop.work()

    after = words(owner.read(page_of(done)))
    assert GIVE_BACK in before
    assert "The carrier takes it back until 02 Dec 2026" in words(before)
    assert GIVE_BACK not in after
    assert f"Reason {REASON}" in after
    assert "The carrier says it is looking into it" in after
    assert "Message: void sent" in after
    [entry] = [entry for entry in AuditEntry.objects if entry.act == "void label"]
    assert (entry.subject, entry.reason) == (done.id, REASON)
    assert shop.orders.get(done.id).status is OrderState.VOID_SENT


def test_without_a_reason_nothing_is_given_back(owner, done):
    act(owner, done, "/void", reason="  ")

    assert "Say why" in owner.read(page_of(done))
    assert Void.objects.count() == 0


def test_what_is_not_allowed_is_not_offered_and_not_done(owner, shop, app):
    waiting = OrderFactory(next_at=None)
    old = OrderFactory(done=True)
    shop.clock.turn(days=31)

    for order in (waiting, old):
        assert GIVE_BACK not in owner.read(page_of(order))
        act(owner, order, "/void")

    assert Void.objects.count() == 0
    assert "its window is over" in owner.read(page_of(old))


def test_a_running_void_is_looked_at_on_demand(owner, done, shop):
    act(owner, done, "/void")
    shop.work()
    shop.carrier.voids[done.label_id] = VoidState.REFUNDED

    act(owner, done, "/void/check", reason=None)
    shop.work()

    page = words(owner.read(page_of(done)))
    assert "refunded" in page
    assert "Ledger: refund" in page
    assert shop.balance() == (2_500, 0)
    assert "Ask how the void stands" not in page


def in_review(shop, order):
    shop.carrier.voids[order.label_id] = VoidState.NOT_APPLICABLE
    shop.voids.ask(order.id, user_id=BUYER)
    shop.work()


def test_finance_ends_what_no_carrier_decides(owner, done, shop):
    in_review(shop, done)
    assert REFUND in owner.read(page_of(done))

    act(owner, done, "/void/grant")
    shop.work()

    assert shop.orders.get(done.id).status is OrderState.REFUNDED
    assert shop.balance() == (2_500, 0)
    assert REFUND not in owner.read(page_of(done))


def test_or_refuses_it(owner, done, shop):
    in_review(shop, done)

    act(owner, done, "/void/deny")
    shop.work()

    assert shop.orders.get(done.id).status is OrderState.VOID_REFUSED
    assert shop.balance() == (1_750, 0)


def test_support_may_ask_for_a_void_but_not_decide_one(log_in, done, shop):
    support = log_in(RoleName.SUPPORT)
    in_review(shop, done)

    page = support.read(page_of(done))
    refused = [act(support, done, f"/void/{end}").status_code for end in ("grant", "deny")]

    assert REFUND not in page
    assert refused == [403, 403]
    assert Void.objects.get().status is VoidStage.REVIEW


def test_what_the_carrier_scanned_is_shown_and_never_run(owner, done, shop):
    scan = Scan(TrackingState.IN_TRANSIT, shop.clock.now(), "<b>Arrived</b>", "HOUSTON, TX")
    shop.carrier.parcels[done.tracking_code] = Tracked(
        done.tracking_code, "USPS", TrackingState.IN_TRANSIT, None, (scan,)
    )

    act(owner, done, "/track", reason=None)
    shop.work()

    page = owner.read(page_of(done))
    assert "&lt;b&gt;Arrived&lt;/b&gt;" in page
    assert "HOUSTON, TX" in page
    assert "Message: parcel moved" in words(page)
    assert "The carrier has scanned it" in page
    assert GIVE_BACK not in page


def test_a_used_void_is_closed_with_a_reason(owner, done, shop):
    shop.carrier.voids[done.label_id] = VoidState.REFUNDED
    shop.voids.ask(done.id, user_id=BUYER)
    shop.work()
    Void.objects.update(set__scanned_at=shop.clock.now())
    before = owner.read(page_of(done))

    act(owner, done, "/void/seen")

    assert SEEN in before
    assert SEEN not in owner.read(page_of(done))
    assert Void.objects.get().seen_at is not None


def test_nothing_to_decide_is_said(owner, done):
    for path in ("/void/grant", "/void/seen", "/void/check"):
        act(owner, done, path)
        assert "There is nothing to decide or to ask" in owner.read(page_of(done))


def test_finance_ends_a_review_with_a_reason_and_support_only_reads(owner, log_in, shop):
    shop.credit(2_500)
    order = shop.place()
    Order.objects(pk=order.id).update_one(set__status=OrderState.REVIEW)
    support = log_in(RoleName.SUPPORT)

    refused = act(support, order, "/review/give_back")
    without = act(owner, order, "/review/give_back", reason="")
    unexplained = owner.read(page_of(order))
    unsold = act(owner, order, "/review/ask")
    before = owner.read(page_of(order))
    act(owner, order, "/review/give_back")
    shop.work()

    assert refused.status_code == 403
    assert "Give the money back" not in support.read(page_of(order))
    assert (without.status_code, unsold.status_code) == (302, 302)
    assert "Say why" in unexplained
    assert "The carrier service knows of no label of this order." in before
    assert shop.orders.get(order.id).status is OrderState.RELEASED
    assert shop.balance() == (2_500, 0)
    assert "Give the money back" not in owner.read(page_of(order))
