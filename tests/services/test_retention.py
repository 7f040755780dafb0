"""What is kept for a time only is erased when that is over; what is younger or needed stays."""

from datetime import UTC, datetime, timedelta

import pytest

from models.batch import Batch, BatchRow, BatchState, RowState
from models.connection import collection, database
from models.draft import Draft
from models.inbox import Update
from models.notice import Notice, Source
from models.order import Order
from models.outbox import Note, NoteKind, NoteState
from models.quote import Quote
from services.drafts import Drafts
from services.inbox import Inbox
from tests import batches
from tests.shop import BUYER, SENDER

MONTH, HALF_A_YEAR = timedelta(days=30), timedelta(days=180)
KEPT, DUE = 300, 3


@pytest.fixture
def retention(shop):
    return shop.retention


def write(shop, chat_id):
    drafts = Drafts(shop.clock)
    said = {"label": {"sender": {"street": "1 Main St"}}}
    draft = drafts.load(chat_id)
    drafts.move(draft, update_id=5, screen="rates", data=said, message_id=9)
    drafts.keep(draft)


def test_a_draft_untouched_for_a_month_is_emptied_and_still_knows_what_it_heard(shop, retention):
    write(shop, BUYER)
    shop.clock.turn(days=1)
    write(shop, BUYER + 1)
    shop.clock.turn(days=29)

    for _ in range(2):
        retention.sweep()

    emptied, young = Draft.objects.fetch(BUYER), Draft.objects.fetch(BUYER + 1)
    assert (emptied.data, emptied.screen, emptied.last_update_id) == ({}, "menu", 5)
    assert (emptied.version, emptied.message_id) == (2, 9)
    assert young.data["label"]["sender"]["street"] == "1 Main St"
    assert young.version == 1


def test_handled_updates_go_after_a_month_and_unhandled_ones_never(shop, retention):
    inbox = Inbox(shop.clock)
    inbox.receive([{"update_id": number} for number in (1, 2)])
    inbox.finish(Update.objects.get(pk="tg:1"))
    shop.clock.turn(days=30)
    inbox.receive([{"update_id": 3}])
    inbox.finish(Update.objects.get(pk="tg:3"))

    retention.sweep()

    assert sorted(Update.objects.scalar("id")) == ["tg:2", "tg:3"]


def test_quotes_go_after_a_month_and_orders_keep_all_that_was_bought(shop, retention):
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    shop.quote()
    shop.clock.turn(days=30)
    young = shop.quote()
    before = Order.objects.fetch(order.id).to_mongo(), shop.balance()

    retention.sweep()

    assert [quote.id for quote in Quote.objects] == [young.id]
    assert (Order.objects.fetch(order.id).to_mongo(), shop.balance()) == before


def received(shop, number, status):
    data = batches.table([batches.good(number), batches.bad(number + 1)])
    batch = shop.batches.receive(BUYER, f"orders-{number}.csv", data)
    shop.batches.put_sender(batch, SENDER)
    BatchRow.objects(batch_id=batch.id).update(status=RowState.BOUGHT, digest="d", order_id="L-1")
    Batch.objects(pk=batch.id).update(status=status, labels_files=[{"file_id": "F"}])
    return batch.id


def test_files_are_emptied_and_stay_so_that_the_same_one_is_another_batch(shop, retention):
    bought = received(shop, 1, BatchState.DONE)
    begun = received(shop, 2, BatchState.READY)
    going_on = received(shop, 3, BatchState.TRAILING)
    shop.clock.turn(days=30)
    retention.sweep()
    after_a_month = {batch.id: (batch.status, bool(batch.defaults)) for batch in Batch.objects}

    shop.clock.turn(days=150)
    for _ in range(2):
        retention.sweep()

    assert after_a_month == {
        bought: (BatchState.DONE, True),
        begun: (BatchState.DROPPED, False),
        going_on: (BatchState.TRAILING, True),
    }
    emptied = Batch.objects.fetch(bought)
    told = (emptied.heading, emptied.defaults, emptied.labels_files, emptied.name)
    assert told == ([], {}, [], "file")
    rows = BatchRow.objects(batch_id=bought)
    assert [(row.cells, row.digest, row.status, row.order_id) for row in rows] == [
        ([], "", RowState.BOUGHT, "L-1")
    ] * 2
    assert all(row.cells for row in BatchRow.objects(batch_id=going_on))
    again = batches.table([batches.good(1), batches.bad(2)])
    assert shop.batches.receive(BUYER, "orders-1.csv", again).id not in after_a_month


def test_what_was_told_and_heard_is_emptied_and_never_told_or_heard_again(shop, retention):
    shop.outbox.put("sent", BUYER, NoteKind.STATEMENT, order_id="L-1")
    shop.outbox.put("waits", BUYER, NoteKind.STATEMENT, order_id="L-2")
    Note.objects(pk="sent").update(status=NoteState.SENT, unset__next_at=True)
    shop.tracking.notices.keep("easypost", b"scan", about="9400")
    Notice.objects.update(unset__next_at=True)
    shop.tracking.notices.keep("easypost", b"not read yet", about="9401")
    shop.clock.turn(days=180)
    shop.jobs.asked.clear()

    retention.sweep()
    shop.outbox.put("sent", BUYER, NoteKind.STATEMENT, order_id="L-1")
    shop.tracking.notices.keep("easypost", b"scan", about="9400")

    assert {note.id: note.facts for note in Note.objects} == {
        "sent": {},
        "waits": {"order_id": "L-2"},
    }
    assert Note.objects.get(pk="sent").next_at is None
    notice, waiting = Notice.objects.order_by("provider_id")
    assert (notice.source, notice.body, notice.next_at) == (Source.CARRIERS, None, None)
    assert waiting.body == b"not read yet"


@pytest.mark.parametrize(
    ("name", "facts", "time", "kept"),
    [
        ("drafts", {"data": {"label": 1}}, "touched_at", MONTH),
        ("inbox", {"handled_at": datetime.now(UTC)}, "received_at", MONTH),
        ("quotes", {"mode": "test"}, "created_at", MONTH),
        ("batches", {"heading": [], "status": "done"}, "moved_at", HALF_A_YEAR),
        ("outbox", {"facts": {}}, "created_at", HALF_A_YEAR),
        ("notices", {"body": b"{}"}, "received_at", HALF_A_YEAR),
    ],
)
def test_a_sweep_looks_at_nothing_that_is_not_due(  # noqa: PLR0917  a row of the table above
    shop, retention, name, facts, time, kept
):
    now = shop.clock.now()
    rows = [{"_id": f"K{n}", "update_id": n, **facts, time: now} for n in range(KEPT)]
    erased = [{"_id": f"E{n}", time: now - 2 * kept, "status": "done"} for n in range(KEPT)]
    old = [{"_id": f"D{n}", "update_id": -n, **facts, time: now - kept} for n in range(DUE)]
    deleted = name in {"inbox", "quotes"}
    collection(name).insert_many(rows + old + ([] if deleted else erased))

    database().command("profile", 2)
    retention.sweep()
    database().command("profile", 0)

    looks = {"ns": collection(name).full_name, "op": {"$in": ["query", "update", "remove"]}}
    seen = list(collection("system.profile").find(looks))
    database().drop_collection("system.profile")
    assert 0 < sum(look["docsExamined"] for look in seen) <= 2 * DUE
    assert all("COLLSCAN" not in look["planSummary"] for look in seen)
