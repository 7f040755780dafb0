"""A file in the chat: what the customer sees of it, from the first look to the labels."""

import io
from html import unescape

import pytest
from pypdf import PdfReader

from botapp.batch_notes import BatchNotes
from botapp.batch_words import MOST_SHOWN, first_mistakes
from botapp.states import Place
from botapp.texts.batches import row_line
from botapp.texts.refused import SENTENCES
from core.chats import TelegramDown
from core.tables import Limits, TableKind, read_table
from models.batch import Batch, BatchRow, BatchState, RowState
from models.outbox import Note, NoteKind
from models.payment import Payment
from providers.payments.base import InvoiceState
from tests import fakes
from tests.batches import HEADING, bad, good, mixed, page, table
from tests.botapp.talk import SENDER_TEXT
from tests.shop import BUYER

LIMITS = Limits(size=200_000, rows=50)

TORN = b"%PDF-1.4 a label"


@pytest.fixture
def real_pages(monkeypatch):
    """The carrier's labels are PDFs that can be put together."""
    monkeypatch.setattr(fakes, "PDF", page())


def settle(talk):
    for _ in range(40):
        talk.shop.work()
        if not Batch.objects(next_at__ne=None).count():
            return
        talk.shop.clock.turn(seconds=4)
        talk.shop.batch_driving.resume()


def checked(talk, data, name="orders.csv"):
    talk.send(name, data)
    talk.press("Looks right")
    if talk.place == Place.BATCH_SENDER:
        talk.say(SENDER_TEXT)
    settle(talk)


def test_a_file_becomes_labels_in_one_pdf_and_bad_rows_come_back(talk, real_pages):
    talk.shop.credit(10_000)

    first = talk.send("orders.csv", table(mixed(8, 2)))
    asked = talk.press("Looks right")
    talk.say(SENDER_TEXT)
    message_id = max(talk.chat.shown)
    settle(talk)
    ready = talk.chat.shown[message_id][0]
    talk.press("Buy all 6 · $45.00")
    settle(talk)

    assert "<b>orders.csv</b>: 8 rows" in first
    assert "Name ← <b>Name</b>: Customer 1" in first
    assert asked.startswith("<b>Where do all these parcels ship from?</b>")
    assert "<b>6 of 8 rows can be bought, for $45.00.</b>" in ready
    assert "Row 5: The street is missing.\nRow 9: One side is too long" in ready
    assert "<b>orders.csv</b>: 6 labels" in talk.chat.shown[message_id][0]
    files = dict(talk.chat.files)
    assert sorted(files) == [
        f"labels-{Batch.objects.get().id}.pdf", "orders-to-mend.csv", "orders-tracking.csv"
    ]  # fmt: skip
    assert len(PdfReader(io.BytesIO(files[f"labels-{Batch.objects.get().id}.pdf"])).pages) == 6
    rest = read_table(files["orders-to-mend.csv"], LIMITS)
    assert [line.cells[-1] for line in rest.lines] == [
        "The street is missing.", "One side is too long: carriers take at most 108 in."
    ]  # fmt: skip
    assert talk.shop.balance() == (10_000 - 6 * 750, 0)


def test_the_mended_file_is_sent_back_and_bought(talk, real_pages):
    talk.shop.credit(10_000)
    checked(talk, table([bad(1), good(2)], TableKind.XLSX), "orders.xlsx")
    [(name, data)] = talk.chat.files
    rest = read_table(data, LIMITS)

    mended = table([good(1)], rest.kind)
    checked(talk, mended, name)
    talk.press("Buy all 1 · $7.50")
    settle(talk)

    assert name == "orders-to-mend.xlsx"
    assert rest.lines[0].cells[HEADING.index("Pounds")] == "none"
    assert len(talk.shop.carrier.sold) == 1


def test_too_little_money_buys_the_first_rows_or_is_topped_up(talk):
    talk.shop.credit(1_600)
    checked(talk, table(mixed(5, 0)))

    text = talk.text
    labels = talk.labels
    talk.press("Top up $21.50")
    place = talk.place
    talk.press("Back")
    talk.press("Back")

    assert talk.place == Place.BATCH
    assert "$21.50 is missing for all of them.\nIt is enough for the first 2, $15.00." in text
    assert labels[:3] == ["Buy the first 2 · $15.00", "Top up $21.50", "Check the balance again"]
    assert place == Place.INVOICE


@pytest.mark.parametrize(("cost", "offered"), [(100, "$5.00"), (300_000, "$5,000.00")])
def test_what_is_offered_for_a_file_is_what_one_top_up_may_bring(talk, cost, offered):
    talk.shop.carrier.costs = {"GroundAdvantage": cost}
    checked(talk, table(mixed(2, 0)))

    assert talk.press(f"Top up {offered}").startswith(f"<b>Top-up of {offered}</b>")


def test_a_column_is_chosen_by_hand(talk):
    talk.send(
        "odd.csv", b"Who,Where,ZIP,Weight,Size,Phone\nAnn Lee,1 Market St,94105,2 lb,10x8x4,\n"
    )
    before = talk.labels
    talk.press("Change a column")
    talk.press("Name")
    talk.press("Who")
    talk.press("Change a column")
    talk.press("Street")
    text = talk.press("Where")
    talk.press("Looks right")
    talk.press("Back")

    assert "Looks right" not in before
    assert "Street ← <b>Where</b>: 1 Market St" in text
    assert "Phone ← <b>Phone</b>\n" in text
    assert "Not used" not in text
    assert talk.place == Place.BATCH


def test_what_no_column_tells_is_asked_once_for_all_rows(talk):
    talk.send("short.csv", b"Name,Address\nAnn Lee,1 Market St San Francisco CA 94105\n")
    talk.press("Looks right")
    talk.say(SENDER_TEXT)
    heavy = talk.text
    talk.say("heavy")
    refused = talk.text
    talk.say("2 lb")
    talk.say("10x8x4")
    settle(talk)

    assert heavy.startswith("<b>The file tells no weight.</b>")
    assert refused.startswith("I can't read that weight.")
    assert "<b>1 of 1 row can be bought, for $7.50.</b>" in talk.text


def test_rows_that_were_not_bought_come_back_without_those_that_came_before(talk, real_pages):
    talk.shop.credit(1_600)
    checked(talk, table([bad(1), good(2), good(3), good(4)]), "my orders-to-mend.csv")
    talk.press("Buy the first 2 · $15.00")
    settle(talk)

    rests = [read_table(data, LIMITS) for name, data in talk.chat.files if "mend" in name]
    assert [[line.cells[1] for line in rest.lines] for rest in rests] == [
        ["Customer 1"], ["Customer 4"]
    ]  # fmt: skip
    assert {name for name, _ in talk.chat.files if "mend" in name} == {"my-orders-to-mend.csv"}


def test_the_sender_of_the_last_order_is_one_tap(talk):
    talk.reach(Place.BUYING)

    talk.send("orders.csv", table([good(1)]))
    talk.press("Looks right")
    talk.press("Maria O'Brien, San Francisco, CA")

    assert talk.place == Place.BATCH
    assert Batch.objects.get().status is BatchState.CHECKING


def test_the_same_file_is_not_bought_again_without_asking(talk, real_pages):
    talk.shop.credit(10_000)
    data = table([good(1)])
    checked(talk, data)
    talk.press("Buy all 1 · $7.50")
    settle(talk)

    told = talk.send("copy.csv", data)
    talk.press("Looks right")
    talk.press("Maria O'Brien, San Francisco, CA")
    settle(talk)
    offered = talk.labels
    talk.press("Buy the 1 left out, too")

    assert "You sent this very file on Nov 2." in told
    assert offered == ["Buy the 1 left out, too", "Back", "Forget this file"]
    assert "Buy all 1 · $7.50" in talk.labels
    assert len(talk.shop.carrier.sold) == 1


def test_a_file_that_can_not_be_read_is_refused_in_words_and_changes_nothing(talk):
    talk.reach(Place.WEIGHT)

    told = talk.send("photo.pdf", b"%PDF-1.4")
    large = talk.handle(
        talk.heard({"document": {"file_id": "big", "file_name": "x.csv", "file_size": 200_001}})
    )

    assert told.startswith("This is no table. I can read .csv and .xlsx files.")
    assert large.startswith("The file is too large: at most 200 KB, please.")
    assert talk.place == Place.WEIGHT
    assert Batch.objects.count() == 0


def test_a_file_sent_in_the_middle_of_a_label_keeps_the_label(talk):
    talk.reach(Place.WEIGHT)

    talk.send("orders.csv", table([good(1)]))
    talk.press("Forget this file")
    talk.press("Menu")
    talk.press("Continue label")

    assert talk.place == Place.WEIGHT


def test_telegram_being_away_costs_one_tap(talk):
    talk.chat.troubles["download"] = [TelegramDown(method="getFile")]

    talk.send("orders.csv", table([good(1)]))
    failed = talk.place
    talk.press("Try again")

    assert failed == Place.MENU
    assert talk.place == Place.BATCH


def test_progress_is_one_message_and_leaves_other_screens_alone(talk, real_pages):
    talk.shop.credit(20_000)
    checked(talk, table(mixed(20, 0)))
    talk.press("Buy all 20 · $150.00")
    message_id = max(talk.chat.shown)
    for _ in range(6):
        talk.shop.work()
        talk.shop.clock.turn(seconds=4)
    talk.say("/start")
    settle(talk)

    assert Batch.objects.get().status is BatchState.DONE
    assert "What would you like to do?" in talk.chat.shown[max(
        number for number, (text, _) in talk.chat.shown.items() if "Balance" in text
    )][0]  # fmt: skip
    assert message_id in talk.chat.shown
    assert [name for name, _ in talk.chat.files] == [
        f"labels-{Batch.objects.get().id}.pdf", "orders-tracking.csv"
    ]  # fmt: skip


def test_mistakes_are_listed_whole_and_only_as_many_as_a_message_has_room_for(talk):
    talk.send("orders.csv", table([good(number) for number in range(1, 7)]))
    told = {"complaints": ["W&" * 150] * 3}
    BatchRow.objects.update(status=RowState.BAD, refusal="no_rates", told=told)

    listed = first_mistakes(Batch.objects.get())

    whole = row_line(2, [SENTENCES["no_rates"](told)])
    assert listed == [whole]
    assert len(unescape(whole)) <= MOST_SHOWN < 2 * len(unescape(whole))


def test_labels_are_sent_again_by_the_id_that_telegram_gave_them(talk, real_pages):
    talk.shop.credit(10_000)
    checked(talk, table([good(1)]))
    talk.press("Buy all 1 · $7.50")
    settle(talk)

    talk.press("Show the file")
    talk.press("Labels again")
    talk.shop.work()

    assert [document for name, document in talk.chat.files if name.startswith("labels")][1] == (
        "file-1"
    )


def test_a_label_that_came_later_than_the_others_is_among_those_that_are_sent_again(
    talk, real_pages
):
    talk.shop.credit(10_000)
    checked(talk, table([good(1), good(2)]))
    talk.press("Buy all 2 · $15.00")
    settle(talk)
    Batch.objects.update(labels_files=[{"file_id": "file-1", "labels": 1, "minor": 750}])

    talk.press("Show the file")
    talk.press("Labels again")
    talk.shop.work()

    again = [data for name, data in talk.chat.files if name.startswith("labels")][-1]
    assert len(PdfReader(io.BytesIO(again)).pages) == 2
    assert Batch.objects.get().labels_files[0]["labels"] == 2


def test_the_menu_says_how_to_begin_and_finds_the_file_that_is_open(talk):
    talk.reach(Place.MENU)
    text = talk.press("From a file")
    talk.press("Back")
    talk.send("orders.csv", table([good(1)]))
    talk.say("/start")
    again = talk.press("From a file")

    assert text.startswith("<b>Many labels at once</b>")
    assert again.startswith("<b>orders.csv</b>: 1 row")


@pytest.mark.parametrize("tongue", ["es", "ru"])
def test_a_batch_speaks_the_customers_language_in_its_files_too(talk, tongue):
    talk.shop.users.choose_language(BUYER, tongue)
    checked(talk, table([bad(2), good(1)]))

    [(_, data)] = talk.chat.files
    assert read_table(data, LIMITS).lines[0].cells[-1] != "The name is missing."


def test_the_money_for_a_file_leads_back_to_it_with_one_press(talk):
    talk.reach(Place.RATES)
    checked(talk, table([good(1)]))
    talk.press("Top up $7.50")
    [payment] = Payment.objects
    talk.shop.provider.say(payment.provider_id, InvoiceState.PAID, received=payment.amount)
    talk.press("Check payment")
    on_screen = talk.labels
    talk.shop.work()
    under_note = talk.labels

    talk.press("Show the file")

    assert on_screen == under_note == ["Show the file", "Menu"]
    assert talk.place == Place.BATCH
    assert talk.labels[0] == "Buy all 1 · $7.50"


def test_the_same_row_twice_is_pointed_out_and_bought_once(talk, real_pages):
    talk.shop.credit(10_000)
    checked(talk, table([good(1), good(1), good(2), good(1)]))
    told, offered = talk.text, talk.labels
    talk.press("Buy all 2 · $15.00")
    settle(talk)

    assert "Left out, since they repeat an earlier row: 3, 5." in told
    assert offered[:2] == ["Buy all 2 · $15.00", "Buy the 2 left out, too"]
    assert len(talk.shop.carrier.sold) == 2
    assert "Asked for twice, so left out: 2 rows" in talk.chat.shown[talk.draft.message_id][0]


def test_the_same_row_twice_is_bought_twice_if_the_customer_says_so(talk, real_pages):
    talk.shop.credit(10_000)
    checked(talk, table([good(1), good(1)]))

    talk.press("Buy the 1 left out, too")
    talk.press("Buy all 2 · $15.00")
    settle(talk)

    assert len(talk.shop.carrier.sold) == 2


def test_a_label_that_no_reader_can_merge_comes_by_itself_and_holds_up_no_other(talk):
    labels = iter([page(), TORN, page()])
    talk.shop.carrier.label_file = lambda _: next(labels)
    talk.shop.credit(10_000)
    checked(talk, table([good(1), good(2), good(3)]))

    talk.press("Buy all 3 · $22.50")
    settle(talk)

    name = f"labels-{Batch.objects.get().id}"
    files = dict(talk.chat.files)
    assert files[f"{name}.pdf"] == TORN
    assert len(PdfReader(io.BytesIO(files[f"{name}-2.pdf"])).pages) == 2


def test_labels_that_are_too_large_for_one_file_come_in_several(talk, real_pages):
    talk.shop.credit(10_000)
    checked(talk, table([good(1), good(2), good(3)]))
    talk.press("Buy all 3 · $22.50")
    settle(talk)
    batch = Batch.objects.get()
    batch.update(labels_files=[])
    talk.chat.files.clear()
    notes = BatchNotes(talk.chat, talk.shop.labels, talk.shop.ledger, largest=2 * len(page()))
    [note] = Note.objects(kind=NoteKind.BATCH_LABELS)

    notes.tell(note)
    notes.tell(note)

    pages = [len(PdfReader(io.BytesIO(data)).pages) for _, data in talk.chat.files[:2]]
    assert pages == [2, 1]
    names = [f"labels-{batch.id}.pdf", f"labels-{batch.id}-2.pdf"]
    assert [name for name, _ in talk.chat.files] == names * 2
    assert all(isinstance(file_id, str) for _, file_id in talk.chat.files[2:])
    assert "<b>1 label</b> for $7.50" in talk.text


@pytest.mark.parametrize("kind", list(TableKind))
def test_a_template_is_sent_whose_columns_are_all_known_and_whose_example_costs_nothing(talk, kind):
    talk.reach(Place.MENU)
    talk.press("From a file")
    talk.press(f"Template ({kind.upper()})")
    [(name, data)] = talk.chat.files
    talk.chat.files.clear()
    checked(talk, data, name)

    batch = Batch.objects.get()
    assert (name, batch.kind) == (f"labeldesk-template.{kind}", kind)
    assert len(batch.columns) == len(batch.heading)
    assert [row.status for row in BatchRow.objects] == [RowState.BAD]
    assert talk.shop.carrier.quotes == 0
