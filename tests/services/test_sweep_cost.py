"""What happens all the time reads what it is about through an index, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from core.ids import new_id
from core.money import Money
from core.urgency import Urgency
from models.connection import collection, database
from models.inbox import Update
from models.notice import Notice
from models.order import Order
from models.outbox import Note
from models.payment import Payment
from models.tracking import Trail
from models.void import Void
from services import forgetting, takeout
from tests.shop import BUYER

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
FINISHED, DUE = 300, 3
SWEPT = {
    "orders": lambda: Order.objects.due(NOW, 200),
    "payments": lambda: Payment.objects.due(NOW, 200),
    "voids": lambda: Void.objects.due(NOW, 200),
    "tracking": lambda: Trail.objects.due(NOW, 200),
    "notices": lambda: Notice.objects.due(NOW, 200),
    "inbox": lambda: Update.objects.chats_waiting(NOW, 200, (1, 0)),
}


@pytest.fixture
def profile(shop):
    """Starts the server's own record of what it does; nobody may empty it, only drop it."""
    yield lambda: database().command("profile", 2)
    database().command("profile", 0)
    database().drop_collection("system.profile")


@pytest.mark.parametrize("name", SWEPT)
def test_a_sweep_looks_at_no_finished_document(profile, name):
    rows = [{"_id": new_id("X")} for _ in range(FINISHED)]
    due = [{"_id": new_id("D"), "chat_id": number, "next_at": NOW} for number in range(DUE)]
    collection(name).insert_many(rows + due)

    profile()
    found = list(SWEPT[name]())

    seen = collection("system.profile").find_one(
        {"op": "query", "ns": collection(name).full_name}, sort=[("ts", -1)]
    )
    assert len(found) == DUE
    assert seen["planSummary"] == "IXSCAN { next_at: 1 }"
    assert seen["docsExamined"] == DUE


def test_a_label_to_be_sent_is_found_among_a_broadcast_that_is_due(profile, shop):
    due = {"next_at": NOW, "urgency": Urgency.MONEY.value}
    waiting = {"next_at": NOW - timedelta(hours=1), "urgency": Urgency.BROADCAST.value}
    rows = [{"_id": new_id("B"), **waiting} for _ in range(FINISHED)]
    rows += [{"_id": new_id("F"), "urgency": Urgency.MONEY.value} for _ in range(FINISHED)]
    collection("outbox").insert_many([*rows, *({"_id": f"D{n}", **due} for n in range(DUE))])

    profile()
    found = list(Note.objects.due(NOW, DUE))

    outbox = collection("outbox").full_name
    looks = list(collection("system.profile").find({"op": "query", "ns": outbox}))
    assert sorted(found) == ["D0", "D1", "D2"]
    assert sum(look["docsExamined"] for look in looks) == DUE


def test_a_notice_looks_at_no_other_payment(profile, shop):
    rows = [{"_id": new_id("T"), "status": "pending"} for _ in range(FINISHED)]
    collection("payments").insert_many(rows)
    payment = shop.topups.open(BUYER, Money(2_500))

    profile()
    shop.topups.notice("oxapay", f"{payment.provider_id} paid".encode(), {})
    shop.topups.read_notices()

    woken = collection("system.profile").find_one({"command.findAndModify": "payments"})
    assert woken["planSummary"] == "IXSCAN { provider: 1, provider_id: 1 }"
    assert woken["docsExamined"] == 1


def test_to_pack_or_forget_what_one_customer_wrote_nobody_elses_is_read(profile, shop):
    handled = [(BUYER, f"D{n}") for n in range(DUE)] + [
        (BUYER + 1, f"X{n}") for n in range(FINISHED)
    ]
    rows = [
        {"_id": row_id, "chat_id": chat_id, "update_id": number, "handled_at": NOW, "raw": "{}"}
        for number, (chat_id, row_id) in enumerate(handled)
    ]
    collection("inbox").insert_many(rows)

    profile()
    takeout.archive(BUYER)
    forgetting.forget(BUYER, NOW)

    looks = {"ns": collection("inbox").full_name, "op": {"$in": ["query", "update"]}}
    seen = list(collection("system.profile").find(looks))
    assert [look["docsExamined"] for look in seen] == [DUE, DUE]
    assert {look["planSummary"] for look in seen} == {"IXSCAN { chat_id: 1, update_id: 1 }"}
