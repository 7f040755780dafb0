"""A customer's data leaves in one file, whole and theirs alone, and is forgotten on their word."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from core.jobs import Job
from core.money import Money
from models import connection
from models.base import Erased
from models.batch import Batch, BatchRow, BatchState, RowState
from models.export import Export, ExportPart
from models.inbox import Update
from models.order import Order
from models.outbox import Note, NoteKind
from models.payment import Payment
from models.quote import Quote
from services import exports, forgetting, takeout
from services.batch_files import rest_of, tracking_of
from services.inbox import Inbox
from services.statements import as_csv
from tests import batches
from tests.shop import BUYER, SENDER

STRANGER = BUYER + 1


@pytest.fixture
def customer(shop):
    """One label bought, and one quoted only."""
    for user_id, name in ((BUYER, "María"), (STRANGER, "Stranger")):
        shop.users.meet(user_id, first_name=name, username="", language="en")
    shop.credit(5_000)
    shop.place()
    shop.work()
    shop.quote()
    keep("saved_addresses", BUYER, address={"street": "1 Main St"})
    keep("saved_addresses", STRANGER, address={"street": "13 Hidden St"})
    keep("templates", BUYER, name="Shoes", folded="shoes")
    shop.notes.told.clear()
    return shop


def keep(shelf, user_id, **facts):
    connection.collection(shelf).insert_one(
        {"_id": f"{user_id}:{shelf}", "user_id": user_id, **facts}
    )


def hear(shop, update_id, user_id, text, *, handled=True):
    inbox = Inbox(shop.clock)
    message = {"chat": {"id": user_id}, "text": text}
    inbox.receive([{"update_id": update_id, "message": message}])
    if handled:
        inbox.finish(Update.objects.fetch(f"tg:{update_id}"))


def unpacked(data):
    with ZipFile(BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {
            name: json.loads(zipped.read(name))
            for name in zipped.namelist()
            if name.endswith(".json")
        }, zipped.read("statement.csv").decode("utf-8-sig")


def test_all_that_is_theirs_is_in_the_file_and_nothing_else(customer):
    files, statement = unpacked(takeout.archive(BUYER))

    [order] = files["orders.json"]
    assert {f"{name}.json" for name in takeout.SHELVES} == set(files)
    assert files["profile.json"][0]["first_name"] == "María"
    assert order["sender"]["street"] == "388 Townsend St"
    assert order["price"] == {"minor": 750, "currency": "USD"}
    assert order["tracking_code"] == Order.objects.get().tracking_code
    assert order["timeline"][-1]["state"] == "done"
    assert len(files["quotes.json"]) == 2
    assert [entry["kind"] for entry in files["ledger.json"]] == ["topup", "hold", "capture"]
    assert files["payments.json"][0]["amount"]["minor"] == 5_000
    assert files["saved_addresses.json"][0]["address"] == {"street": "1 Main St"}
    assert files["templates.json"][0]["name"] == "Shoes"
    assert statement == "".join(as_csv(BUYER))


def test_what_we_pay_and_what_others_keep_stays_here(customer):
    files, _ = unpacked(takeout.archive(BUYER))

    said = json.dumps(files)
    assert "Hidden" not in said
    assert "Stranger" not in said
    assert '"cost"' not in said
    assert not {f'"minor": {cost}' for cost in (700, 1_000, 3_000)} & set(said.split(", "))


def test_what_they_wrote_and_were_told_is_in_the_file_and_no_alert_of_the_shop(customer):
    hear(customer, 1, BUYER, "388 Townsend St")
    hear(customer, 2, STRANGER, "13 Hidden St")
    customer.outbox.put("alert:1", BUYER, NoteKind.OPERATOR_ALERT, words="Low balance")

    files, _ = unpacked(takeout.archive(BUYER))

    assert [said["raw"]["message"]["text"] for said in files["said_to_us.json"]] == [
        "388 Townsend St"
    ]
    assert [told["kind"] for told in files["told_by_us.json"]] == ["label_ready"]


def test_half_a_character_does_not_keep_the_file_away(customer):
    hear(customer, 1, BUYER, "388 \ud800 Townsend St")

    files, _ = unpacked(takeout.archive(BUYER))

    assert files["said_to_us.json"][0]["raw"]["message"]["text"] == "388 ? Townsend St"


def test_a_customer_of_whom_nothing_is_known_gets_empty_shelves(shop):
    files, _ = unpacked(takeout.archive(999))

    assert set(map(len, files.values())) == {0}


def test_an_export_is_packed_once_and_sent_by_the_outbox(customer):
    export_id = customer.exports.ask(BUYER, 1)
    assert customer.exports.ask(BUYER, 1) == customer.exports.ask(BUYER, 2) == export_id
    for _ in range(3):
        customer.exports.build(export_id)
    customer.work()

    assert Export.objects.count() == Note.objects(kind=NoteKind.DATA_EXPORT).count() == 1
    assert customer.notes.told == [(NoteKind.DATA_EXPORT, BUYER)]
    assert unpacked(exports.file_of(export_id))[0]["orders.json"]
    assert customer.exports.ask(BUYER, 2) != export_id


def test_a_lost_job_and_a_worker_that_died_in_the_middle_are_made_up_for(customer):
    export_id = customer.exports.ask(BUYER, 1)
    customer.jobs.asked.clear()
    customer.exports.resume()
    asked = list(customer.jobs.asked)
    Export.objects.update(set__unended=1, set__next_at=customer.clock.now())
    ExportPart.objects.insert_if_absent(
        f"{export_id}:0", user_id=BUYER, data=b"half", created_at=customer.clock.now()
    )
    customer.work()

    assert asked == [(Job.BUILD_EXPORT, export_id)]
    assert customer.notes.told == [(NoteKind.DATA_EXPORT, BUYER)]
    assert unpacked(exports.file_of(export_id))


def test_an_export_that_kills_its_worker_is_given_up(customer):
    export_id = customer.exports.ask(BUYER, 1)
    Export.objects.update(set__unended=99)

    customer.exports.build(export_id)

    assert Export.objects.get().problem == "kills_its_worker"
    assert Note.objects(kind=NoteKind.DATA_EXPORT).count() == 0
    with pytest.raises(exports.ExportGone):
        exports.file_of(export_id)


def test_a_file_larger_than_a_document_lies_in_pieces(customer, monkeypatch):
    monkeypatch.setattr("models.export.PART_BYTES", 500)

    export_id = customer.exports.ask(BUYER, 1)
    customer.exports.build(export_id)

    assert ExportPart.objects.count() > 2
    assert unpacked(exports.file_of(export_id))
    ExportPart.objects(pk=f"{export_id}:1").delete()
    with pytest.raises(exports.ExportGone):
        exports.file_of(export_id)


def test_forgetting_erases_what_is_saved_and_keeps_what_was_paid_for(customer):
    export_id = customer.exports.ask(BUYER, 1)
    customer.exports.build(export_id)
    before = customer.balance(), Order.objects.count(), Payment.objects.count()

    for _ in range(2):
        forgetting.forget(BUYER, customer.clock.now())

    [quote] = Quote.objects(user_id=BUYER)
    assert Order.objects.get().quote_id == quote.id
    assert (customer.balance(), Order.objects.count(), Payment.objects.count()) == before
    assert customer.ledger.balance(BUYER).available == Money(4_250)
    assert connection.collection("templates").count_documents({}) == 0
    assert [kept["user_id"] for kept in connection.collection("saved_addresses").find()] == [
        STRANGER
    ]
    assert Export.objects.count() == ExportPart.objects.count() == 0
    with pytest.raises(exports.ExportGone):
        exports.file_of(export_id)


def test_a_batch_that_still_buys_keeps_its_quotes(customer):
    keep("batches", BUYER, status="buying")

    forgetting.forget(BUYER, customer.clock.now())

    assert Quote.objects(user_id=BUYER).count() == 2


def test_what_they_wrote_is_forgotten_but_not_that_it_was_handled(customer):
    hear(customer, 1, BUYER, "388 Townsend St")
    hear(customer, 2, BUYER, "not read yet", handled=False)
    hear(customer, 3, STRANGER, "13 Hidden St")
    before = Update.objects.fetch("tg:1").handled_at

    forgetting.forget(BUYER, customer.clock.now())

    mine, waiting, other = Update.objects.order_by("id")
    assert (mine.raw, mine.handled_at) == ({}, before)
    assert waiting.raw["message"]["text"] == "not read yet"
    assert other.raw["message"]["text"] == "13 Hidden St"


@pytest.mark.parametrize(
    ("status", "then", "forgotten"),
    [
        (BatchState.DONE, BatchState.DONE, True),
        (BatchState.MAPPING, BatchState.DROPPED, True),
        (BatchState.READY, BatchState.READY, False),
    ],
)
def test_of_files_that_are_done_with_only_what_was_bought_is_kept(
    customer, status, then, forgotten
):  # fmt: skip
    data = batches.table([batches.good(1), batches.bad(2)])
    batch = customer.batches.receive(BUYER, "orders.csv", data)
    customer.batches.put_sender(batch, SENDER)
    first, last = BatchRow.objects(batch_id=batch.id).order_by("number")
    BatchRow.objects(pk=first.id).update(
        status=RowState.BOUGHT, recipient=SENDER, order_id="L-1", reference="A-1"
    )
    BatchRow.objects(pk=last.id).update(status=RowState.BAD)
    Batch.objects(pk=batch.id).update(status=status)

    forgetting.forget(BUYER, customer.clock.now())

    kept = Batch.objects.get()
    row = BatchRow.objects.fetch(first.id)
    assert (kept.status, bool(kept.defaults)) == (then, not forgotten)
    assert (row.status, row.order_id) == (RowState.BOUGHT, "L-1")
    assert (row.cells == [] and row.recipient is None and row.reference == "") is forgotten
    if forgotten:
        assert b"L-1" in tracking_of(kept)
        with pytest.raises(Erased):
            rest_of(kept, [RowState.BAD], str)
        assert customer.batches.receive(BUYER, "orders.csv", data).id != batch.id
