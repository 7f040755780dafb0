"""An order whose addresses and label are erased is still shown, and says so."""

from datetime import timedelta

import pytest

from botapp.states import Place
from models.batch import Batch, BatchRow, BatchState, RowState
from models.connection import collection
from models.order import Order
from models.outbox import Note, NoteKind, NoteState
from services.erasing import erase_orders
from tests.batches import good, table
from tests.shop import BUYER


@pytest.fixture
def erased(talk, order):
    """While its page is open."""
    Order.objects.update(unset__follow_at=True)
    now = talk.shop.clock.now()
    erase_orders(collection("orders"), {"_id": order.id}, now=now, kept=timedelta(0))
    talk.shop.clock.turn(days=180)
    return talk.shop.orders.get(order.id)


def test_its_page_offers_nothing_that_is_gone_and_tells_the_money(talk, erased):
    listed = talk.say("/orders")
    page = talk.press("1")
    offered = talk.labels
    found = talk.say(f"/track {erased.tracking_code}")

    assert "<b>1.</b> Nov 2 · (address erased)" in listed
    assert page.endswith("Its addresses and label are erased: we keep them for a time only.")
    assert f"for {erased.price}" in page
    assert offered == ["Back", "Cancel"]
    assert found == page
    assert talk.place == Place.ORDER


@pytest.mark.parametrize("button", ["Send again", "Save", "Track"])
def test_an_old_button_says_that_it_is_erased(talk, erased, button):
    shown = talk.press(button)

    assert shown.startswith("That is erased: addresses and labels are kept for a time only.")
    assert talk.place == Place.ORDER
    assert talk.chat.files[1:] == []


def test_its_sender_is_offered_for_no_other_label_and_no_file(talk, erased):
    for_a_label = talk.say("/new"), talk.labels
    talk.send("orders.csv", table([good(1)]))
    for_a_file = talk.press("Looks right"), talk.labels

    for asked, offered in (for_a_label, for_a_file):
        assert "ship from" in asked
        assert not [label for label in offered if "Maria" in label or "erased" in label]


def test_a_files_page_says_that_it_is_erased_and_sends_no_labels_again(talk):
    talk.send("orders.csv", table([good(1)]))
    BatchRow.objects.update(status=RowState.BOUGHT, order_id="L-1")
    Batch.objects.update(status=BatchState.DONE)
    talk.shop.outbox.put("done", BUYER, NoteKind.BATCH_CHECKED, batch_id=Batch.objects.get().id)
    talk.shop.outbox.send("done")
    whole = talk.press("Show the file")
    stale = talk.pressed("Labels again")
    talk.shop.clock.turn(days=180)
    for part in talk.shop.retention.parts(talk.shop.clock.now()):
        if part.name == "batches":
            part.erase()

    told = talk.handle(stale)

    assert whole.startswith("<b>orders.csv</b>: 1 label")
    assert told.startswith("<b>file</b>: 1 label")
    assert told.endswith("That is erased: addresses and labels are kept for a time only.")
    assert "Labels again" not in talk.labels
    assert Note.objects.count() == 1


def test_a_label_that_is_still_to_be_sent_is_given_up(talk, erased):
    kind = NoteKind.LABEL_READY
    talk.shop.outbox.put("again", BUYER, kind, order_id=erased.id, again=True)
    talk.shop.outbox.send("again")

    assert Note.objects.get(pk="again").status is NoteState.UNDELIVERABLE
