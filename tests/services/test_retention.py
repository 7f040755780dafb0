"""What is kept for a time only is erased when that is over; what is younger or needed stays."""

from datetime import timedelta

import pytest

from models.connection import collection, database
from models.draft import Draft
from models.inbox import Update
from models.order import Order
from models.quote import Quote
from services.drafts import Drafts
from services.inbox import Inbox
from services.retention import Retention
from tests.shop import BUYER

MONTH = timedelta(days=30)
KEPT, DUE = 300, 3


@pytest.fixture
def retention(shop):
    return Retention(clock=shop.clock, drafts=MONTH, updates=MONTH)


def write(shop, chat_id):
    drafts = Drafts(shop.clock)
    said = {"label": {"sender": {"street": "1 Main St"}}}
    drafts.write(drafts.load(chat_id), update_id=5, screen="rates", data=said, message_id=9)


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


@pytest.mark.parametrize(
    ("name", "facts", "time"),
    [
        ("drafts", {"data": {"label": 1}}, "touched_at"),
        ("inbox", {}, "received_at"),
        ("quotes", {"mode": "test"}, "created_at"),
    ],
)
def test_a_sweep_looks_at_nothing_that_is_not_due(shop, retention, name, facts, time):
    now = shop.clock.now()
    done = {"handled_at": now} if name == "inbox" else {}
    rows = [{"_id": f"K{n}", "update_id": n, **facts, **done, time: now} for n in range(KEPT)]
    erased = [{"_id": f"E{n}", "touched_at": now - 2 * MONTH} for n in range(KEPT)]
    old = [
        {"_id": f"D{n}", "update_id": -n, **facts, **done, time: now - MONTH} for n in range(DUE)
    ]
    collection(name).insert_many(rows + old + (erased if name == "drafts" else []))

    database().command("profile", 2)
    retention.sweep()
    database().command("profile", 0)

    looks = {"ns": collection(name).full_name, "op": {"$in": ["query", "update", "remove"]}}
    seen = list(collection("system.profile").find(looks))
    database().drop_collection("system.profile")
    assert 0 < sum(look["docsExamined"] for look in seen) <= 2 * DUE
    assert all("COLLSCAN" not in look["planSummary"] for look in seen)
