"""What a person changed is said with its reason; the statement comes as a file."""

import csv
from uuid import UUID

from botapp.states import Place
from core.money import Money
from core.urgency import Urgency
from models.alert import AlertKind
from models.outbox import Note, NoteKind, NoteState
from services.ledger import Cause
from tests.shop import BUYER, OPERATOR


def adjust(talk, cents, reason):
    talk.shop.adjustments.adjust(BUYER, Money(cents), Cause("ann", reason), form=UUID(int=cents))
    talk.shop.work()


def test_a_credit_is_told_with_its_reason(talk):
    talk.say("/start")

    adjust(talk, 500, "sorry for the <delay>")

    assert talk.text == (
        "<b>$5.00 was added to your balance.</b>\n\n"
        "Reason: sorry for the &lt;delay&gt;\n\n"
        "Your balance is <b>$5.00</b>."
    )
    assert talk.labels == ["New label", "Menu"]


def test_a_debit_is_told_too(talk):
    talk.shop.credit(900)
    talk.say("/start")

    talk.shop.adjustments.adjust(BUYER, Money(-200), Cause("ann", "chargeback"), form=UUID(int=1))
    talk.shop.work()

    assert talk.text.startswith("<b>$2.00 was taken from your balance.</b>")
    assert "Your balance is <b>$7.00</b>." in talk.text


def test_a_refund_names_its_label(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    order = talk.shop.orders.of_user(BUYER)[0]

    talk.shop.adjustments.refund_label(order.id, Cause("ann", "came damaged"))
    talk.shop.work()

    assert talk.text.startswith(f"<b>Your label {order.id} is refunded: $7.50.</b>")
    assert "Reason: came damaged" in talk.text


def test_the_statement_comes_as_a_file_in_the_words_of_the_screen(talk):
    talk.shop.credit(2_500)
    talk.say("/balance")

    shown = talk.press("CSV")
    talk.shop.work()

    assert "Your statement is on its way." in shown
    [(name, document)] = talk.chat.files
    rows = list(csv.reader(document.decode("utf-8-sig").splitlines()))
    assert name == "statement.csv"
    assert rows == [
        ["date", "what", "amount", "balance after"],
        ["2026-11-02T12:00:00+00:00", "top-up", "25.00", "25.00"],
    ]


def test_each_press_is_one_file(talk):
    talk.shop.credit(2_500)
    talk.say("/balance")

    for _ in range(2):
        talk.press("CSV")
    talk.shop.work()

    assert len(talk.chat.files) == 2


def test_an_empty_statement_offers_no_file(talk):
    talk.say("/balance")

    assert "CSV" not in talk.labels


def test_an_alert_reaches_an_operator_who_is_no_customer(talk):
    for kind in AlertKind:
        talk.shop.outbox.put(
            kind.value,
            OPERATOR,
            NoteKind.OPERATOR_ALERT,
            alert=kind.value,
            subject="u:7:USD",
            words="entry 2: <digest> is wrong",
        )
        talk.shop.outbox.send(kind.value)

        assert "u:7:USD" in talk.text or kind is AlertKind.LEDGER_MISMATCH
        assert "entry 2: &lt;digest&gt; is wrong\nThe runbook says what to press." in talk.text
        assert Note.objects.fetch(kind.value).status is NoteState.SENT


def test_each_note_is_as_urgent_as_its_kind(talk):
    talk.say("/start")
    talk.shop.outbox.put("news", BUYER, NoteKind.BROADCAST, text="Rates <fell> by 5% today")
    talk.shop.outbox.put("money", BUYER, NoteKind.BALANCE_ADJUSTED, amount=500, reason="Sorry")

    talk.shop.outbox.send("news")
    assert talk.text == "Rates &lt;fell&gt; by 5% today"
    talk.shop.outbox.send("money")

    assert talk.chat.urgencies == [Urgency.BROADCAST, Urgency.MONEY]
