"""Lists: every row once, in order, found by what operators have at hand."""

import re
from datetime import timedelta

import pytest
from pymongo import monitoring

from core.money import Money
from core.tracking import Scan, TrackingState
from models.connection import collection, database
from models.order import OrderState
from models.payment import PaymentState
from models.void import VoidStage
from services.ledger import Ledger
from tests.factories import (
    NOON,
    AdjustmentFactory,
    AlertFactory,
    AuditEntryFactory,
    BatchFactory,
    BatchRowFactory,
    CarrierBalanceFactory,
    FreezeFactory,
    LabelFactory,
    NoteFactory,
    NoticeFactory,
    OrderFactory,
    OrphanFactory,
    PaymentFactory,
    ProofFactory,
    TrailFactory,
    UserFactory,
    VoidFactory,
    post_order,
    post_payment,
)
from tests.fakes import TurnedClock
from webapp.admin import lists
from webapp.admin.lists import Plan

LISTS = (
    *("orders", "customers", "payments", "ledger", "labels", "notices", "outbox", "alerts"),
    *("audit", "adjustments", "freezes", "voids", "tracking", "orphans", "funds", "proofs"),
    "batches",
)


def ids(page: str, view: str) -> list[str]:
    """What the rows' links lead to, in order."""
    return list(dict.fromkeys(re.findall(rf'href="/admin/{view}/([^"?]+)"', page)))


@pytest.fixture
def full(owner):
    """One of everything; some of it hostile."""
    UserFactory(first_name="<script>alert(1)</script>", username="o'brien")
    order = OrderFactory(done=True)
    post_order(order)
    LabelFactory(id=order.id)
    NoteFactory(problem="<b>blocked</b>")
    NoticeFactory(status="<i>paid</i>")
    AlertFactory(words="<u>why</u>")
    AdjustmentFactory(reason="<u>why</u>")
    FreezeFactory(findings=["<u>why</u>"])
    VoidFactory(problem="<u>why</u>")
    scan = Scan(TrackingState.IN_TRANSIT, NOON, "<u>Arrived</u>", "<u>HOUSTON</u>")
    TrailFactory(scans=[scan], stalled_at=NOON)
    OrphanFactory(problem="<u>why</u>")
    ProofFactory(mismatches=1, findings=["<u>why</u>"])
    CarrierBalanceFactory()
    AuditEntryFactory(reason="<u>why</u>")
    batch = BatchFactory(name="<u>why</u>")
    BatchRowFactory(batch_id=batch.id, refusal="undeliverable", told={"told": "<u>why</u>"})
    return owner


def test_an_empty_list_says_so_in_words(owner):
    collection("users").delete_many({})
    for view in LISTS:
        page = owner.read(f"/admin/{view}/")

        assert 'class="empty"' in page, view
        assert "<tbody>" not in page, view


def test_every_list_and_every_page_of_details_shows_what_there_is_escaped(full):
    for view in LISTS:
        page = full.read(f"/admin/{view}/")
        found = ids(page, "orders" if view == "labels" else view)

        assert found, view
        for record_id in found:
            page += full.read(f"/admin/{view}/{record_id}")
        for markup in ("<script>alert", "<b>blocked", "<i>paid", "<u>"):
            assert markup not in page, view


def test_when_all_that_is_old_is_erased_every_list_and_page_still_opens(full, shop):
    [batch_id] = ids(full.read("/admin/batches/"), "batches")
    BatchRowFactory(batch_id=batch_id, number=2)
    shop.clock.turn(days=400)
    shop.retention.sweep()
    shop.clock.turn(hours=1)
    shop.retention.sweep()

    pages = dict.fromkeys(LISTS, "")
    for view in LISTS:
        pages[view] = full.read(f"/admin/{view}/")
        for record_id in ids(pages[view], view):
            pages[view] += full.read(f"/admin/{view}/{record_id}")

    told = {view for view, page in pages.items() if "Erased" in page}
    assert {"orders", "notices", "outbox", "batches"} <= told
    assert not [view for view, page in pages.items() if "388 Townsend" in page or "Elm St" in page]


def test_a_record_that_does_not_exist_is_not_found(owner):
    for view in LISTS:
        for record_id in ("nothing", "0", "f" * 24):
            assert owner.get(f"/admin/{view}/{record_id}").status_code == 404, view


@pytest.mark.parametrize("same_moment", [True, False])
def test_going_older_shows_every_row_exactly_once_newest_first(owner, same_moment):
    moments = [NOON if same_moment else NOON + timedelta(seconds=n // 7) for n in range(120)]
    made = {OrderFactory(created_at=moment).id for moment in moments}
    seen: list[str] = []
    path = "/admin/orders/"

    while path:
        page = owner.read(path)
        seen += ids(page, "orders")
        older = re.search(r'href="([^"]+before=[^"]+)">Older', page)
        path = older[1].replace("&amp;", "&") if older else ""

    assert len(seen) == 120
    assert set(seen) == made
    times = [collection("orders").find_one({"_id": one})["created_at"] for one in seen]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    "place",
    ["-1", "t1", "t1~-1", "~", "x1~1", "t9999999999999999~1", "o1~1", "n1~99999999", "t٣~1"],
)
def test_a_place_that_makes_no_sense_is_the_first_page(owner, place):
    order = OrderFactory()

    assert ids(owner.read(f"/admin/orders/?before={place}&page=-1"), "orders") == [order.id]


def test_the_ledger_goes_older_by_entry_and_within_a_customer_by_number(owner):
    for _ in range(26):
        post_order(OrderFactory(done=True, user_id=41))

    for first in ("/admin/ledger/", "/admin/ledger/?q=41"):
        page = owner.read(first)
        older = re.search(r'href="([^"]+before=[on][^"]+)">Older', page)
        assert older, first
        rest = owner.read(older[1].replace("&amp;", "&"))
        numbers = re.findall(r'href="/admin/ledger/[0-9a-f]{24}">(\d+)<', rest)
        assert len(numbers) == 28
        assert numbers[-1] == "1"


def test_a_page_is_read_without_counting_and_without_a_scan(shop):
    OrderFactory.create_batch(300)
    plan = Plan({"status": "held"}, "created_at")
    first = lists.read(collection("orders"), plan, "", 50)

    second = collection("orders").find(
        {"$and": [plan.query, {"created_at": {"$lte": first.rows[-1]["created_at"]}}]}
    )
    explained = second.sort("created_at", -1).limit(51).explain()

    assert explained["executionStats"]["totalDocsExamined"] == 51
    assert "COLLSCAN" not in str(explained["queryPlanner"]["winningPlan"])


def test_no_list_makes_the_database_count(full):
    commands: list[str] = []

    class Listener(monitoring.CommandListener):
        def started(self, event):
            commands.append(event.command_name)

        def succeeded(self, event):
            pass

        def failed(self, event):
            pass

    client = collection("orders").database.client
    client._event_listeners = monitoring._EventListeners([Listener()])
    for view in LISTS:
        full.read(f"/admin/{view}/")

    assert "count" not in commands
    assert "aggregate" not in commands


def test_orders_are_found_by_id_its_beginning_tracking_and_customer(owner):
    wanted = OrderFactory(id="L-7K2M9QX4T0AB", user_id=99, tracking_code="9400111")
    OrderFactory(id="L-8K2M9QX4T0AB", user_id=98, tracking_code="9400222")

    for term in ("L-7K2M9QX4T0AB", "l-7k2m9", "9400111", "99", wanted.shipment_id):
        assert ids(owner.read(f"/admin/orders/?q={term}"), "orders") == [wanted.id], term
    for term in ("L-", "7K2M9QX4T0AB", ".*", "$where", "100"):
        page = owner.read(f"/admin/orders/?q={term}")
        assert "Nothing is found for" in page, term


def test_orders_and_payments_are_chosen_by_status(owner):
    review = OrderFactory(status=OrderState.REVIEW)
    OrderFactory(done=True)
    paid = PaymentFactory(status=PaymentState.PAID)
    PaymentFactory()

    assert ids(owner.read("/admin/orders/?status=review"), "orders") == [review.id]
    assert ids(owner.read("/admin/payments/?status=paid"), "payments") == [paid.id]
    assert len(ids(owner.read("/admin/orders/?status=nonsense"), "orders")) == 2


def test_customers_are_found_by_id_and_user_name(owner):
    UserFactory(id=4_120, username="johnny_ships")
    UserFactory(id=4_121, username="li")

    for term in ("4120", "johnny_ships", "@johnny_ships", "john"):
        assert ids(owner.read(f"/admin/customers/?q={term}"), "customers") == ["4120"], term


def test_payments_and_notices_are_found_by_the_invoice(owner):
    payment = PaymentFactory(provider_id="555666777")
    notice = NoticeFactory(provider_id="555666777", payment_id=payment.id)
    NoticeFactory()

    assert ids(owner.read("/admin/payments/?q=555666777"), "payments") == [payment.id]
    assert ids(owner.read("/admin/notices/?q=555666777"), "notices") == [notice.id]


def test_notices_say_what_became_of_them(owner):
    rows = {
        "waiting": NoticeFactory(next_at=NOON),
        "02 Nov 2026": NoticeFactory(handled_at=NOON, received_at=NOON.replace(year=2025)),
        "given up": NoticeFactory(handled_at=NOON, failure="kills_its_worker id=1"),
        "none": NoticeFactory(),
    }

    for word, notice in rows.items():
        assert word in owner.read(f"/admin/notices/{notice.id}"), word
    assert "kills_its_worker id=1" in owner.read(f"/admin/notices/{rows['given up'].id}")
    listed = owner.read("/admin/notices/")
    assert (listed.count("given up"), listed.count("waiting")) == (1, 1)


def test_ledger_entries_are_found_by_customer_order_and_payment_and_chosen_by_kind(owner):
    order = OrderFactory(done=True, user_id=41)
    post_order(order)
    payment = PaymentFactory(user_id=42)
    post_payment(payment)

    def kinds(query: str) -> list[str]:
        return re.findall(r'data-label="Kind"><div><span class="[^"]+">([^<]+)', owner.read(query))

    assert kinds("/admin/ledger/?q=41") == ["capture", "hold", "top-up"]
    assert kinds(f"/admin/ledger/?q={order.id}") == ["capture", "hold"]
    assert kinds(f"/admin/ledger/?q={payment.id}") == ["top-up"]
    assert kinds("/admin/ledger/?kind=hold") == ["hold"]
    assert kinds("/admin/ledger/?q=nobody") == []


def test_the_ledger_shows_each_change_with_its_sign_and_what_was_left(owner):
    ledger = Ledger(TurnedClock())
    post_payment(PaymentFactory(amount=Money(123_456)))
    ledger.hold(7, Money(1_080), "L-1")

    page = owner.read("/admin/ledger/")

    for told in ("+$1,234.56", "\u2212$10.80", "+$10.80", "$1,223.76"):
        assert told in page


def test_labels_outbox_and_audit_are_found_by_what_they_are_about(owner):
    label, note = LabelFactory(user_id=31), NoteFactory(chat_id=32)
    LabelFactory(), NoteFactory()
    AuditEntryFactory(by="ann@shop.example", subject="L-1")
    AuditEntryFactory(by="bob@shop.example", subject="L-2")

    for term in (label.id, label.tracking_code, "31"):
        assert ids(owner.read(f"/admin/labels/?q={term}"), "orders") == [label.id]
    assert ids(owner.read("/admin/outbox/?q=32"), "outbox") == [note.id]
    assert ids(owner.read(f"/admin/outbox/?q={note.id}"), "outbox") == [note.id]
    for term in ("L-1", "Ann@shop.example"):
        page = owner.read(f"/admin/audit/?q={term}")
        assert ("ann@<wbr>shop" in page, "bob@<wbr>shop" in page) == (True, False)


def test_voids_parcels_and_orphans_are_found_by_what_operators_have_at_hand(owner):
    void, trail, orphan = VoidFactory(user_id=31), TrailFactory(user_id=31), OrphanFactory()
    VoidFactory(), TrailFactory(), OrphanFactory(order_id="L-ENDED")

    for term in (void.id, void.label_id, "31"):
        assert ids(owner.read(f"/admin/voids/?q={term}"), "voids") == [void.id], term
    for term in (trail.id, trail.tracking_code, "31"):
        assert ids(owner.read(f"/admin/tracking/?q={term}"), "tracking") == [trail.id], term
    for term in (orphan.id, orphan.tracking_code):
        assert ids(owner.read(f"/admin/orphans/?q={term}"), "orphans") == [orphan.id], term
    assert "easypost:production:shp_" in owner.read("/admin/orphans/?q=l-ended")
    assert "Nothing is found" in owner.read("/admin/funds/?q=shipengine")


def test_voids_parcels_and_orphans_are_chosen_by_what_an_operator_looks_for(owner):
    waits = VoidFactory(status=VoidStage.REVIEW, problem="not_applicable")
    used = VoidFactory(status=VoidStage.GRANTED, scanned_at=NOON)
    VoidFactory(status=VoidStage.GRANTED, scanned_at=NOON, seen_at=NOON)
    stalled, taken = TrailFactory(stalled_at=NOON), TrailFactory(stalled_at=NOON, seen_at=NOON)
    TrailFactory()
    lost, _ = OrphanFactory(), OrphanFactory(status="voided")

    page = owner.read("/admin/voids/?status=review")
    assert ids(page, "voids") == [waits.id]
    assert "nothing to void" in page
    page = owner.read("/admin/voids/?status=used")
    assert (ids(page, "voids"), "scanned after its refund" in page) == ([used.id], True)
    page = owner.read("/admin/tracking/?status=stalled")
    assert set(ids(page, "tracking")) == {stalled.id, taken.id}
    assert page.count("taken in hand") == 1
    assert ids(owner.read("/admin/orphans/?status=loss"), "orphans") == [lost.id]


def test_a_batch_is_found_by_its_orders_and_says_why_rows_were_not_bought(owner):
    batch = BatchFactory(
        id="B-0A1B2C3D4E5F", user_id=31, counts={"bought": 40, "failed": 2, "left": 1, "bad": 5}
    )
    BatchFactory(user_id=32)
    BatchRowFactory(batch_id=batch.id, cells=["", "12 Elm St", "9410"])
    BatchRowFactory(batch_id=batch.id, number=2, status="failed", refusal="not_bought")
    BatchRowFactory(batch_id=batch.id, number=3, status="bought", order_id="L-0A1B2C3D4E5F-0003")

    for term in (batch.id, "b-0a1b", "L-0A1B2C3D4E5F-0003", "31"):
        page = owner.read(f"/admin/batches/?q={term}")
        assert ids(page, "batches") == [batch.id], term
        assert [f">{count}</" in page for count in (40, 3, 5)] == [True] * 3
    page = owner.read(f"/admin/batches/{batch.id}")

    assert "name: missing; " in page
    assert "not bought" in page
    assert ids(page, "orders") == ["L-0A1B2C3D4E5F-0003"]


def test_the_page_of_a_batch_reads_it_once(owner):
    batch = BatchFactory()
    BatchRowFactory(batch_id=batch.id)
    database().command("profile", 2)

    owner.read(f"/admin/batches/{batch.id}")

    database().command("profile", 0)
    of_batches = {"op": "query", "ns": collection("batches").full_name}
    read = collection("system.profile").count_documents(of_batches)
    collection("system.profile").drop()
    assert read == 1
