"""Orders in pages, found by their numbers, and their labels in every format."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from botapp.states import Place
from core.label_formats import LabelFormat
from core.tracking import Scan, Tracked, TrackingState
from models.label import Label, checksum, store_file
from models.order import OrderState
from models.outbox import Note
from providers.carriers.base import CarrierRefused
from tests.factories import OrderFactory
from tests.fakes import BYTES, PDF
from tests.shop import BUYER


def page():
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(288, 432)
    writer.write(made)
    return made.getvalue()


def documents(talk):
    talk.shop.work()
    return talk.chat.files[1:]


def test_the_list_tells_where_each_parcel_is_and_turns_its_pages(talk):
    orders = [OrderFactory(done=True, status=OrderState.DONE) for _ in range(6)]
    newest = orders[-1]
    talk.shop.tracking.look(newest)
    talk.shop.carrier.parcels[newest.tracking_code] = Tracked(
        newest.tracking_code,
        "USPS",
        TrackingState.OUT_FOR_DELIVERY,
        None,
        (Scan(TrackingState.OUT_FOR_DELIVERY, talk.shop.clock.now(), "", ""),),
    )
    talk.shop.work()

    shown = talk.say("/orders")

    assert shown.startswith(
        "<b>Your orders</b>\n\n<b>1.</b> Nov 2 · John Smith, New York, NY\n"
        "USPS Ground Advantage · $10.80\n"
        f"<i>out for delivery</i>\n<code>{newest.tracking_code}</code>\n\n<b>2.</b> "
    )
    assert talk.labels == ["1", "2", "3", "4", "5", "Older", "New label", "Back", "Cancel"]
    assert "<b>6.</b>" in talk.press("Older")
    assert talk.labels == ["6", "Newer", "New label", "Back", "Cancel"]
    assert orders[0].id in talk.press("6")


@pytest.mark.parametrize("typed", ["/track {code}", "/track  {spaced}", "/track {id}"])
def test_a_number_leads_to_where_its_parcel_is(talk, order, typed):
    code = order.tracking_code
    spaced = f"{code[:4]} {code[4:8]} {code[8:]}"

    shown = talk.say(typed.format(code=code, spaced=spaced, id=order.id.lower()))

    assert "<b>Your parcel to John Smith, New York, NY</b>" in shown
    assert talk.place == Place.TRACKING


def test_track_without_a_number_asks_for_it_and_offers_the_newest(talk, order):
    asked = talk.say("/track")
    offered = talk.labels
    typed = talk.say(order.tracking_code)
    talk.say("/track")

    assert asked.startswith("<b>Which parcel?</b>")
    assert offered == ["John Smith · bought", "Back", "Cancel"]
    assert "<b>Your parcel to John Smith, New York, NY</b>" in typed
    assert "<b>Your parcel to John Smith, New York, NY</b>" in talk.press("John Smith · bought")


def test_a_number_typed_at_the_orders_is_looked_up(talk, order):
    talk.say("/orders")

    assert "<b>Your parcel to John Smith, New York, NY</b>" in talk.say(order.tracking_code)


@pytest.mark.parametrize("number", ["9400000000000099", "L-NOBODY", "<b>", "🐢"])
def test_a_number_of_nobody_or_of_somebody_else_is_not_known(talk, order, number):
    OrderFactory(user_id=BUYER + 1, done=True, id="L-NOBODY", tracking_code="9400000000000099")

    shown = talk.say(f"/track {number}")

    assert shown.startswith("I don't know this number.")
    assert talk.place == Place.ORDER


def test_an_order_without_a_label_is_shown_instead_of_tracked(talk):
    talk.reach(Place.BUYING)
    [placed] = talk.shop.orders.of_user(BUYER)

    assert talk.say(f"/track {placed.id}").startswith(f"<b>Order {placed.id}</b>")


def test_the_label_comes_on_a_letter_sheet_or_it_is_said_that_it_cannot(talk, order):
    talk.press("Other formats")
    talk.press("PDF letter")
    broken = documents(talk), talk.text
    kept = store_file(order.id, page())
    Label.objects.update(set__file_id=kept, set__sha256=checksum(page()), set__refused=[])
    talk.press("Open order")
    talk.press("Other formats")
    talk.press("PDF letter")

    assert broken[0] == []
    assert broken[1].endswith("as PDF letter. The PDF prints on any printer.")
    [(name, document)] = documents(talk)
    assert name == f"label-{order.id}-letter.pdf"
    assert PdfReader(BytesIO(document)).pages[0].mediabox.width == 612
    assert "Print it at 100%" in talk.text


@pytest.mark.parametrize(
    ("button", "made", "hint"),
    [
        ("PDF 4x6 in", LabelFormat.PDF_4X6, ""),
        ("PNG", LabelFormat.PNG, "Print it at 4 by 6 inches."),
        ("ZPL", LabelFormat.ZPL, "Send this file to your label printer"),
    ],
)
def test_the_label_comes_again_in_a_format_and_then_from_storage(talk, order, button, made, hint):
    converted = []
    convert = talk.shop.carrier.label_in
    talk.shop.carrier.label_in = lambda *asked: converted.append(asked) or convert(*asked)
    Label.objects.update(set__telegram_file_id="")

    talk.press("Other formats")
    told = talk.press(button)
    first = documents(talk)
    again = talk.text
    Label.objects.update(set__uploads={}, set__telegram_file_id="")
    talk.press(button)

    assert told.startswith("Your label is on its way")
    assert first == [(f"label-{order.id}.{made[:3]}", BYTES[made])]
    assert again.startswith("<b>Your label once more</b>")
    assert hint in again
    assert documents(talk) == first * 2
    assert len(converted) == (0 if made is LabelFormat.PDF_4X6 else 1)
    assert talk.shop.balance() == (4_250, 0)


def test_a_file_that_telegram_has_is_sent_by_its_name(talk, order):
    talk.press("Other formats")
    talk.press("PNG")
    talk.shop.work()
    talk.press("PNG")

    assert [document for _, document in documents(talk)] == [BYTES[LabelFormat.PNG], "file-1"]


def test_a_format_that_the_carrier_does_not_make_is_said_and_not_offered_again(
    talk,
    order,
):
    def refuse(*_):
        raise CarrierRefused(provider="easypost", reason="LABEL_FORMAT", told="")

    talk.shop.carrier.label_in = refuse
    talk.press("Other formats")
    talk.press("ZPL")
    talk.shop.work()
    told = talk.text
    talk.press("Open order")
    talk.press("Other formats")

    assert told.startswith("The carrier does not give your label to John Smith, New York")
    assert talk.labels == ["PDF 4x6 in", "PDF letter", "PNG", "Back", "Cancel"]
    assert {note.status.value for note in Note.objects} == {"sent"}
    assert documents(talk) == []


def test_the_same_press_handled_twice_sends_one_file(talk, order):
    talk.press("Other formats")
    press = talk.pressed("PNG")

    talk.handle(press)
    talk.handle(press)

    assert [name for name, _ in documents(talk)] == [f"label-{order.id}.png"]
    assert talk.shop.labels.file(order.id, LabelFormat.PDF_4X6) == PDF
