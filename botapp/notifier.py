"""Notes from the outbox, said in the customer's language. Their buttons work at any time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from botapp.answers import Answers
from botapp.batch_notes import BatchNotes
from botapp.language import speaking
from botapp.leads import lead_on_from_note
from botapp.markup import Html, fill
from botapp.own_data import send_export
from botapp.papers import Paper, Papers
from botapp.ports import Chat
from botapp.refusals import words_of
from botapp.screens import saving
from botapp.screens.base import to_menu
from botapp.screens.rates import buying_text
from botapp.screens.topups import ways_to_pay
from botapp.standing import About, tell
from botapp.states import Place
from botapp.texts import (
    account as account_texts,
    common,
    customs as customs_texts,
    money as money_texts,
    orders as texts,
    parcels as parcel_texts,
    rates as rate_texts,
)
from botapp.turns import plain
from botapp.views import NOTE, Action, Choice, Row, bound
from core.label_formats import LabelFormat
from core.money import Money
from core.tracking import TrackingState
from models.draft import Draft
from models.order import Order
from models.outbox import Note, NoteKind
from models.payment import Payment
from models.tracking import Trail
from models.void import Void
from services import statements
from services.labels import FormatNotOffered, Labels
from services.ledger import Ledger
from services.saved import Saved
from services.users import Users

OF_BOUGHT_LABELS = frozenset(
    {
        NoteKind.PARCEL_MOVED,
        NoteKind.VOID_OFFER,
        NoteKind.VOID_SENT,
        NoteKind.VOID_REVIEW,
        NoteKind.VOID_REFUNDED,
        NoteKind.VOID_REFUSED,
    }
)
ENDINGS = {
    LabelFormat.PDF_4X6: ".pdf",
    LabelFormat.PDF_LETTER: "-letter.pdf",
    LabelFormat.PNG: ".png",
    LabelFormat.ZPL: ".zpl",
}
ANEW = (NoteKind.TOPUP_REVIEW, NoteKind.TOPUP_REFUNDED, NoteKind.TOPUP_REJECTED)
"""An edited message rings no bell: these are said even if the invoice's screen tells them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Implements `services.ports.Messenger`."""

    chat: Chat
    users: Users
    labels: Labels
    ledger: Ledger

    @property
    def _papers(self) -> Papers:
        return Papers(self.chat, self.labels)

    def deliver(self, note: Note) -> int:
        return replace(self, chat=self.chat.at(note.kind.urgency)).tell(note)

    def tell(self, note: Note) -> int:
        """`deliver`, as urgent as the chat in hand is."""
        if note.kind is NoteKind.OPERATOR_ALERT:
            return self.chat.send_text(note.chat_id, account_texts.alert(note.facts))
        user = self.users.get(note.chat_id)
        with speaking(user.language, user.zone):
            ways: dict[NoteKind, Callable[[Note], int]] = {
                NoteKind.LABEL_READY: self._send_label,
                NoteKind.CUSTOMS_FORM: self._send_form,
                NoteKind.STATEMENT: self._send_statement,
                NoteKind.DATA_EXPORT: partial(send_export, self.chat),
                NoteKind.BALANCE_ADJUSTED: self._tell_change,
                NoteKind.LABEL_REFUNDED: self._tell_change,
                NoteKind.BROADCAST: self._tell_news,
                NoteKind.NOT_AT_ONCE: self._tell_why_not,
            }
            if note.kind in ways:
                return ways[note.kind](note)
            if "batch_id" in note.facts:
                return BatchNotes(self.chat, self.labels, self.ledger).tell(note)
            if "payment_id" in note.facts:
                return self._tell_payment(note, Payment.objects.fetch(note.facts["payment_id"]))
            return self._tell_order(note, Order.objects.fetch(note.facts["order_id"]))

    def _send_label(self, note: Note) -> int:
        order: Order = Order.objects.fetch(note.facts["order_id"])
        again = bool(note.facts.get("again"))
        made = LabelFormat(note.facts.get("format", LabelFormat.PDF_4X6))
        if not again:
            self._change_screen(note, About(Place.BUYING, order.id), buying_text(order))
        balance = self.ledger.balance(note.chat_id).available
        label = Paper(
            order_id=order.id,
            kind=made,
            name=f"label-{order.id}{ENDINGS[made]}",
            caption=texts.label_ready(order, balance, again=again, made=made),
            rows=(_new_and_menu(), *saving.note_rows(Saved(self.ledger.clock), order)),
        )
        try:
            return self._papers.send(note.chat_id, label, partial(self.labels.file, order.id, made))
        except FormatNotOffered:
            to_order = (Choice(parcel_texts.to_order(), Action.SHOW_ORDER, order.id),)
            return self._say(note.chat_id, texts.format_refused(order, made), (to_order,))

    def _send_form(self, note: Note) -> int:
        order: Order = Order.objects.fetch(note.facts["order_id"])
        number = int(note.facts["number"])
        form = Paper(
            order_id=order.id,
            kind=f"form_{number}",
            name=f"customs-{order.id}-{number + 1}.pdf",
            caption=customs_texts.form(order),
        )
        return self._papers.send(note.chat_id, form, partial(self.labels.form, order.id, number))

    def _tell_order(self, note: Note, order: Order) -> int:
        if note.kind in OF_BOUGHT_LABELS:
            return self._tell_of_label(note, order)
        balance = self.ledger.balance(note.chat_id).available
        text = {
            NoteKind.ORDER_CHECKING: texts.checking(order),
            NoteKind.ORDER_REFUSED: texts.refused(order, balance),
            NoteKind.ORDER_REVIEW: texts.review(order),
            NoteKind.ORDER_WAITS: texts.waits(order),
            NoteKind.ORDER_AT_ONCE: rate_texts.buying_at_once(order),
        }[note.kind]
        self._change_screen(note, About(Place.BUYING, order.id), buying_text(order))
        # From there the same may be sent again, at today's price.
        to_order = (Choice(parcel_texts.to_order(), Action.SHOW_ORDER, order.id),)
        refused = note.kind is NoteKind.ORDER_REFUSED
        rows = (to_order, _new_and_menu()) if refused else (_new_and_menu(),)
        return self._say(note.chat_id, text, rows)

    def _tell_of_label(self, note: Note, order: Order) -> int:
        """Where its parcel is, or whether the carrier takes it back."""
        button = (Choice(parcel_texts.to_order(), Action.SHOW_ORDER, order.id),)
        return self._say(note.chat_id, self._text_of_label(note, order), (button, _new_and_menu()))

    def _text_of_label(self, note: Note, order: Order) -> Html:
        match note.kind:
            case NoteKind.PARCEL_MOVED:
                now = TrackingState(note.facts["state"])
                return parcel_texts.moved(order, now, Trail.objects.seek(order.id))
            case NoteKind.VOID_OFFER:
                until = datetime.fromisoformat(note.facts["until"])
                return parcel_texts.void_offer(order, until)
            case NoteKind.VOID_SENT:
                return parcel_texts.void_sent(order)
            case NoteKind.VOID_REVIEW:
                return parcel_texts.void_in_review(order)
            case NoteKind.VOID_REFUNDED:
                balance = self.ledger.balance(note.chat_id).available
                return parcel_texts.void_refunded(order, balance)
        return parcel_texts.void_refused(order, Void.objects.seek(order.id))

    def _tell_payment(self, note: Note, payment: Payment) -> int:
        """The invoice's own message changes, and what matters is also said anew."""
        if "credited" in note.facts:
            return self._tell_credit(note, payment)
        said = {
            NoteKind.TOPUP_SEEN: money_texts.seen(payment.amount),
            NoteKind.TOPUP_EXPIRED: money_texts.expired(payment.amount),
            NoteKind.TOPUP_REVIEW: money_texts.in_review(payment.amount),
            NoteKind.TOPUP_REFUNDED: money_texts.sent_back(payment.amount),
            NoteKind.TOPUP_REJECTED: money_texts.rejected(payment),
        }[note.kind]
        seen = note.kind is NoteKind.TOPUP_SEEN
        rows = (self._go_on(note.chat_id) if seen else _top_up_and_menu(),)
        there = () if note.kind in ANEW else rows
        changed = self._change_screen(note, About(Place.INVOICE, payment.id), said, there)
        if changed and note.kind not in ANEW:
            return changed
        return self._say(note.chat_id, said, rows)

    def _tell_credit(self, note: Note, payment: Payment) -> int:
        part, total = Money(note.facts["credited"]), Money(note.facts["total"])
        missing = payment.amount - total
        balance = self.ledger.balance(note.chat_id).available
        text = {
            NoteKind.TOPUP_CREDITED: texts.credited(part, balance),
            NoteKind.TOPUP_OVERPAID: texts.overpaid(part, payment.amount, balance),
            NoteKind.TOPUP_UNDERPAID: texts.underpaid(part, payment.amount, missing, balance),
            NoteKind.TOPUP_REST: texts.rest_arrived(part, total, balance),
            NoteKind.TOPUP_LATE: texts.arrived_late(part, balance),
            NoteKind.TOPUP_RESOLVED: texts.resolved(part, balance),
        }[note.kind]
        short = note.kind is NoteKind.TOPUP_UNDERPAID
        stand = money_texts.part_paid(total, missing) if short else money_texts.paid(total)
        rows = (*(ways_to_pay(payment, missing) if short else ()), self._go_on(note.chat_id))
        self._change_screen(note, About(Place.INVOICE, payment.id), stand)
        return self._say(note.chat_id, text, rows)

    def _tell_change(self, note: Note) -> int:
        """What an operator has added to the balance, or taken from it."""
        facts, amount = note.facts, Money(note.facts["amount"])
        balance = self.ledger.balance(note.chat_id).available
        text = (
            account_texts.refunded(facts["order_id"], amount, facts["reason"], balance)
            if note.kind is NoteKind.LABEL_REFUNDED
            else account_texts.adjusted(amount, facts["reason"], balance)
        )
        return self._say(note.chat_id, text, (_new_and_menu(),))

    def _tell_news(self, note: Note) -> int:
        """What operators have to say to many; in their own words."""
        return self._say(note.chat_id, fill("{text}", text=note.facts["text"]), (_new_and_menu(),))

    def _tell_why_not(self, note: Note) -> int:
        """What was ticked is not bought; one tap leads to it."""
        why = words_of(note.facts["refusal"], {})
        return self._say(note.chat_id, rate_texts.not_at_once(why), (self._go_on(note.chat_id),))

    def _send_statement(self, note: Note) -> int:
        self.chat.typing(note.chat_id, "upload_document")
        lines = statements.as_csv(
            note.chat_id, what=money_texts.what_happened, head=account_texts.statement_head()
        )
        caption = account_texts.statement_caption(self.ledger.balance(note.chat_id).available)
        document = "".join(lines).encode("utf-8-sig")
        sent = self.chat.send_document(note.chat_id, "statement.csv", document, caption)
        return sent.message_id

    def _go_on(self, chat_id: int) -> Row:
        draft = Draft.objects(pk=chat_id).first()
        balance = self.ledger.balance(chat_id).available
        onward = lead_on_from_note(plain(draft.data) if draft else {}, balance)
        return (onward, *to_menu())

    def _say(self, chat_id: int, text: Html, rows: tuple[Row, ...]) -> int:
        return self.chat.send_text(chat_id, text, bound(rows, NOTE))

    def _change_screen(
        self, note: Note, about: About, text: Html, rows: tuple[Row, ...] = ()
    ) -> int | None:
        """Bring up to date what still shows this; the message, if the customer is there now.

        Where a note is said as well, that has the buttons.
        """
        draft: Draft | None = Draft.objects.seek(note.chat_id)
        if draft is None:
            return None
        told = tell(Answers(self.chat), draft, about, text, bound(rows, NOTE))
        return draft.message_id if told else None


def _new_and_menu() -> Row:
    return (Choice(common.new_label(), Action.NEW), *to_menu())


def _top_up_and_menu() -> Row:
    return (Choice(common.top_up(), Action.TOPUP), *to_menu())
