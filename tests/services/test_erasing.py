"""What an order tells of people is erased half a year after its end; what was paid for stays."""

from datetime import timedelta
from functools import partial

import pytest
from pymongo.errors import AutoReconnect

from core.addresses import NOBODY
from core.customs import ContentsType, Customs, CustomsItem
from core.jobs import Job
from core.money import Money
from core.tracking import Scan, Tracked, TrackingState
from models.base import Erased
from models.connection import collection, database
from models.label import Label, store_file
from models.order import Order, OrderState
from models.tracking import Trail
from models.void import Void, VoidStage
from services.erasing import erase_orders
from tests.factories import LabelFactory, OrderFactory, TrailFactory, VoidFactory
from tests.shop import RECIPIENT

ORDERS = partial(collection, "orders")
MONTH, HALF_A_YEAR = timedelta(days=30), timedelta(days=180)
KEPT, DUE = 300, 3
STAYS = ("id", "user_id", "provider", "shipment_id", "label_id", "rate", "price", "cost", "status")
PAPERS = Customs(
    ContentsType.GIFT, (CustomsItem("A shirt", 1, Money(3_000), 16, "US"),), signer="Maria O'Brien"
)


@pytest.fixture
def retention(shop):
    return shop.retention


@pytest.fixture
def delivered(shop):
    """Bought, kept with its label and a customs form, and delivered five days later."""
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    Order.objects(pk=order.id).update(form_urls=["https://forms.example/1.pdf"], customs=PAPERS)
    shop.labels.pdf(order.id)
    shop.labels.form(order.id, 0)
    shop.labels.remember_upload(order.id, "png", "AgAD")
    shop.clock.turn(days=5)
    at = shop.clock.now()
    scans = (Scan(TrackingState.DELIVERED, at, "left with J. Smith", "NEW YORK, NY"),)
    code = shop.orders.get(order.id).tracking_code
    shop.carrier.parcels[code] = Tracked(code, "USPS", TrackingState.DELIVERED, None, scans)
    shop.sweep()
    assert Trail.objects.get().scans == scans
    return shop.orders.get(order.id)


def files_of(order):
    return collection("label_files").count_documents({"order_id": order.id})


def test_half_a_year_after_delivery_nobody_is_told_of_and_the_money_is_as_it_was(
    shop, retention, delivered
):
    before = shop.balance(), list(collection("ledger_entries").find())
    shop.clock.turn(days=179)
    retention.sweep()
    young = shop.orders.get(delivered.id)

    shop.clock.turn(days=1)
    for _ in range(2):
        retention.sweep()
    order = shop.orders.get(delivered.id)
    shop.clock.turn(hours=1)
    retention.sweep()

    assert (young.recipient, young.is_erased) == (RECIPIENT, False)
    assert Label.objects.count() == 0
    assert (order.sender, order.recipient, order.customs) == (NOBODY, NOBODY, None)
    assert (order.label_url, order.form_urls) == ("", [])
    assert [getattr(order, name) for name in STAYS] == [getattr(delivered, name) for name in STAYS]
    assert order.timeline == delivered.timeline
    assert files_of(order) == 0
    trail = Trail.objects.get()
    assert (trail.status, trail.scans, trail.next_at) == (TrackingState.DELIVERED, (), None)
    assert (shop.balance(), list(collection("ledger_entries").find())) == before
    kept = collection("orders").find_one()
    assert {"sender", "recipient", "erase_at"}.isdisjoint(kept)
    assert kept["erased_at"] == order.erased_at


def test_who_asks_for_an_erased_label_or_parcel_is_told_so_and_wakes_nobody(
    shop, retention, delivered
):
    shop.clock.turn(days=180)
    retention.sweep()
    order = shop.orders.get(delivered.id)
    shop.jobs.asked.clear()
    asked_before = list(shop.carrier.tracked)

    for ask in (
        lambda: shop.labels.pdf(order.id),
        lambda: shop.labels.form(order.id, 0),
        lambda: shop.tracking.look(order),
        order.whole,
    ):
        with pytest.raises(Erased):
            ask()
    shop.tracking.notices.keep("easypost", b"scan", about=order.tracking_code)
    shop.tracking.read_news()
    shop.sweep()

    assert Job.TRACK_PARCEL not in {job for job, _ in shop.jobs.asked}
    assert (Trail.objects.get().scans, shop.carrier.tracked) == ((), asked_before)
    assert Label.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "open_", "ended"),
    [
        (Order, {"status": OrderState.VOID_SENT}, {"status": OrderState.REFUNDED}),
        (Order, {"status": OrderState.REVIEW}, {"status": OrderState.RELEASED}),
        (Order, {"follow_at": True}, {"follow_at": None}),
        (Trail, {"next_at": True}, {"next_at": None}),
        (Void, {"status": VoidStage.REVIEW}, {"status": VoidStage.DENIED}),
        (
            Void,
            {"status": VoidStage.SENT, "next_at": True},
            {"status": VoidStage.GRANTED, "next_at": None},
        ),
    ],
)
def test_while_anything_of_it_is_open_an_order_is_whole_and_half_a_year_longer(
    shop, retention, kind, open_, ended
):
    def put(facts):
        now = shop.clock.now()
        told = {name: now if value is True else value for name, value in facts.items()}
        kind.objects(pk=order.id).update(moved_at=now, **told)

    order = OrderFactory(done=True)
    TrailFactory(id=order.id, next_at=None)
    VoidFactory(id=order.id, status=VoidStage.DENIED, next_at=None)
    put(open_)
    shop.clock.turn(days=400)
    retention.sweep()
    put(ended)
    shop.clock.turn(days=179)
    retention.sweep()
    before = Order.objects.get().recipient

    shop.clock.turn(days=1)
    retention.sweep()

    assert (before, Order.objects.get().recipient) == (RECIPIENT, NOBODY)


def test_a_label_that_was_fetched_while_its_order_was_emptied_is_gone_an_hour_later(
    shop, retention, delivered
):
    shop.clock.turn(days=180)
    retention.sweep()
    LabelFactory(id=delivered.id, file_id=store_file(delivered.id, b"late"))
    scans = (Scan(TrackingState.DELIVERED, shop.clock.now(), "left with J. Smith", ""),)
    Trail.objects.update(set__next_at=shop.clock.now(), set__scans=scans)
    shop.clock.turn(minutes=59)
    retention.sweep()
    late = files_of(delivered), Label.objects.count()

    shop.clock.turn(minutes=1)
    retention.sweep()

    assert late == (1, 1)
    assert (files_of(delivered), Label.objects.count()) == (0, 0)
    assert (Trail.objects.get().next_at, Trail.objects.get().scans) == (None, ())


def test_an_order_that_moves_after_it_was_looked_at_stays_whole(shop):
    order = OrderFactory(done=True)
    shop.clock.turn(days=400)

    class Interrupted:
        find = staticmethod(ORDERS().find)

        @staticmethod
        def bulk_write(writes, ordered):
            Order.objects.update(set__status=OrderState.VOID_SENT)
            ORDERS().bulk_write(writes, ordered=ordered)

    erase_orders(Interrupted(), {"_id": order.id}, now=shop.clock.now(), kept=HALF_A_YEAR)

    assert Order.objects.get().recipient == RECIPIENT


def test_a_sweep_that_dies_as_soon_as_it_has_written_leaves_no_file_behind(
    shop, retention, delivered
):
    class Dying:
        find = staticmethod(ORDERS().find)

        @staticmethod
        def bulk_write(writes, ordered):
            ORDERS().bulk_write(writes, ordered=ordered)
            raise AutoReconnect

    def dies():
        with pytest.raises(AutoReconnect):
            erase_orders(Dying(), {"_id": delivered.id}, now=shop.clock.now(), kept=HALF_A_YEAR)

    shop.clock.turn(days=180)
    dies()
    emptied = shop.orders.get(delivered.id).recipient, files_of(delivered)
    shop.clock.turn(hours=1)
    dies()

    assert emptied == (NOBODY, 2)
    assert (files_of(delivered), Label.objects.count()) == (0, 0)
    assert "sender" not in ORDERS().find_one()


def test_a_sweep_looks_at_no_order_that_is_not_due(shop, retention):
    now = shop.clock.now()
    old = {"status": "done", "moved_at": now - HALF_A_YEAR, "created_at": now - HALF_A_YEAR}
    put_off = {**old, "sender": {}, "erase_at": now + MONTH}
    young = {**old, "sender": {}, "created_at": now}
    for name, facts, many in (
        ("E", {**old, "erased_at": now}, KEPT),
        ("P", put_off, KEPT),
        ("Y", young, KEPT),
        ("D", {**old, "sender": {}}, DUE),
        ("A", {**old, "sender": {}, "erase_at": now}, DUE),
    ):
        collection("orders").insert_many({"_id": f"{name}{n}", **facts} for n in range(many))

    database().command("profile", 2)
    retention.sweep()
    database().command("profile", 0)

    looks = {"op": {"$in": ["query", "update", "remove"]}, "ns": {"$not": {"$regex": "profile"}}}
    seen = list(collection("system.profile").find(looks))
    database().drop_collection("system.profile")
    emptied = collection("orders").count_documents({"erase_at": now + timedelta(hours=1)})
    assert emptied == 2 * DUE
    assert 0 < sum(look.get("docsExamined", 0) for look in seen) <= 10 * DUE
    assert all("COLLSCAN" not in look.get("planSummary", "") for look in seen)
