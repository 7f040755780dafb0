"""What nobody may miss is said, once more rather than never, and the screens follow it."""

import pytest

from botapp.states import Place
from core.chats import BadMessage, ChatUnreachable, TelegramDown
from models.draft import Draft
from models.label import Label
from models.order import Order, OrderState
from models.outbox import Note, NoteKind
from models.user import User
from providers.carriers.base import CarrierRefused, PurchaseDoubtful
from providers.payments.base import InvoiceState
from services.renewal import CARRIER_SILENT, PRICE_MOVED, SERVICE_GONE
from tests.fakes import PDF
from tests.shop import BUYER


def test_a_bought_label_comes_as_a_pdf_and_the_waiting_screen_follows(talk):
    talk.reach(Place.BUYING)
    waiting = max(talk.chat.shown)
    before = talk.chat.shown[waiting][0]

    talk.shop.work()

    [order] = Order.objects
    assert "Buying your label…" in before
    assert talk.chat.shown[waiting][0].startswith("<b>Bought:</b> USPS Ground Advantage")
    assert talk.chat.shown[waiting][1] == []
    assert talk.labels[:2] == ["New label", "Menu"]
    assert talk.chat.files == [(f"label-{order.id}.pdf", PDF)]
    assert talk.text == (
        "<b>Your label is ready</b>\n"
        "USPS Ground Advantage to John Smith, New York, NY\n"
        f"Tracking: <code>{order.tracking_code}</code>\n"
        "Your balance: <b>$42.50</b>"
    )
    assert Label.objects.get(pk=order.id).telegram_file_id == "file-1"


def test_a_screen_that_shows_something_else_by_now_is_left_alone(talk):
    talk.reach(Place.BUYING)
    talk.press("Orders")
    shown = dict(talk.chat.shown)

    talk.shop.work()

    assert {key: talk.chat.shown[key] for key in shown} == shown


def test_a_screen_that_cannot_be_changed_keeps_no_label_back(talk):
    talk.reach(Place.BUYING)
    talk.chat.troubles["edit_text"] = [BadMessage(told="x")]

    talk.shop.work()

    assert len(talk.chat.files) == 1


def test_a_customer_who_buys_the_next_label_already_keeps_that_screen(talk):
    talk.reach(Place.BUYING)
    Draft.objects(pk=BUYER).update_one(set__data__order="L-NEXT")
    shown = dict(talk.chat.shown)

    talk.shop.work()

    assert {key: talk.chat.shown[key] for key in shown} == shown
    assert len(talk.chat.files) == 1


def test_a_file_that_telegram_forgot_is_uploaded_again(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    talk.say("/orders")
    talk.press(talk.labels[0])
    talk.chat.troubles["send_document"] = [BadMessage(told="wrong file identifier")]

    talk.press("Label again")
    talk.shop.work()

    assert [document for _, document in talk.chat.files] == [PDF, PDF]


def test_a_refused_purchase_is_told_with_the_reason_and_the_money_back(talk):
    talk.reach(Place.BUYING)
    talk.shop.carrier.instead.append(
        CarrierRefused(provider="easypost", reason="X", told="Account <closed>.")
    )

    talk.shop.work()

    assert "<b>The carrier did not sell the label</b>" in talk.text
    assert "The carrier says: Account &lt;closed&gt;." in talk.text
    assert "$7.50 is back on your balance of $50.00." in talk.text
    assert talk.chat.files == []


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (PRICE_MOVED, "has become dearer than what you confirmed, so nothing was bought."),
        (SERVICE_GONE, "It is not offered any more."),
        (CARRIER_SILENT, "The carrier does not answer."),
    ],
)
def test_an_order_that_we_ended_is_told_in_our_words(talk, refusal, told):
    talk.reach(Place.BUYING)
    Order.objects.update(set__status="failed", set__refusal=refusal)

    talk.shop.work()

    assert told in talk.text
    assert "The carrier says" not in talk.text
    assert "$7.50 is back on your balance of $50.00." in talk.text


def test_a_doubtful_purchase_is_told_and_the_truth_later(talk):
    talk.reach(Place.BUYING)
    talk.shop.carrier.after.append(PurchaseDoubtful(provider="easypost", shipment_id="s"))
    talk.shop.carrier.find_instead.append(CarrierRefused(provider="easypost"))

    talk.shop.work()
    told = talk.text
    talk.shop.clock.turn(minutes=5)
    talk.shop.sweep()

    assert "your money is held" in told
    assert "Your label is ready" in talk.text
    assert len(talk.shop.carrier.sold) == 1


def test_an_order_in_review_is_told(talk):
    talk.reach(Place.BUYING)
    [order] = Order.objects

    talk.shop.outbox.put("n", BUYER, NoteKind.ORDER_REVIEW, order_id=order.id)
    talk.shop.outbox.send("n")

    assert "A person is looking into it; your $7.50 stays held" in talk.text


def test_a_credit_changes_the_invoice_and_is_said(talk):
    talk.reach(Place.INVOICE)
    invoice = max(talk.chat.shown)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)

    talk.shop.topups.settle(payment.id)
    talk.shop.work()

    assert talk.chat.shown[invoice][0] == "<b>Paid.</b> $25.00 is on your balance."
    assert talk.text == "<b>$25.00 has arrived.</b> Your balance is $25.00."
    assert talk.labels == ["New label", "Menu"]


def test_money_on_its_way_changes_the_invoice_and_adds_no_message(talk):
    talk.reach(Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.provider.say(payment.provider_id, InvoiceState.SEEN)

    talk.press("Check payment")
    count = len(talk.chat.shown)
    talk.shop.work()

    assert "Your payment of $25.00 is on its way." in talk.text
    assert len(talk.chat.shown) == count


@pytest.mark.parametrize(
    ("state", "told"),
    [(InvoiceState.EXPIRED, "has expired"), (InvoiceState.UNCLEAR, "needs a person's eyes")],
)
def test_an_invoice_that_ends_otherwise_is_told_wherever_the_customer_is(talk, state, told):
    talk.reach(Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.press("Check payment")
    early = talk.text
    talk.say("/start")
    talk.shop.provider.say(payment.provider_id, state)

    talk.shop.topups.settle(payment.id)
    talk.shop.work()

    assert early.startswith("Nothing has arrived yet.")
    assert told in talk.text
    assert talk.shop.balance() == (0, 0)


@pytest.mark.parametrize(
    ("state", "label"), [(InvoiceState.EXPIRED, "Top up"), (InvoiceState.UNCLEAR, "Check payment")]
)
def test_an_ended_invoice_on_screen_shows_how_it_ended(talk, state, label):
    talk.reach(Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.provider.say(payment.provider_id, state)

    talk.press("Check payment")

    assert talk.labels[0] == label
    assert talk.place == Place.INVOICE


def test_a_paid_invoice_on_screen_leads_on(talk):
    talk.reach(Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.pay(payment)

    talk.press("Check payment")

    assert talk.text == "<b>Paid.</b> $25.00 is on your balance."
    assert talk.labels == ["New label", "Menu"]


def test_a_paid_invoice_leads_to_the_price_of_the_label_that_waited(talk):
    talk.reach(Place.INSUFFICIENT)
    talk.press("Top up $7.50")
    talk.shop.pay(talk.shop.topups.get(talk.draft.data["payment"]))

    talk.press("Check payment")
    offered = talk.labels
    talk.press("Buy now")

    assert offered == ["Buy now", "Menu"]
    assert talk.place == Place.PAY


def test_telegram_away_keeps_the_note_and_a_blocked_chat_gives_it_up(talk):
    talk.reach(Place.BUYING)
    talk.chat.troubles["send_document"] = [TelegramDown(method="sendDocument")]
    talk.shop.work()
    late = Note.objects.first()
    talk.chat.troubles["send_document"] = [ChatUnreachable(chat_id=BUYER, told="Forbidden")]

    talk.shop.clock.turn(minutes=1)
    talk.shop.sweep()

    assert late.status.value == "sending"
    assert Note.objects.first().status.value == "undeliverable"
    assert User.objects.get(pk=BUYER).unreachable_at is not None
    assert Order.objects.first().status is OrderState.DONE
