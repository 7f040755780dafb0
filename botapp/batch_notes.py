"""What a batch sends by itself: its labels, its tracking numbers, and rows to mend."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from botapp.batch_words import plain_reasons
from botapp.ports import Chat, Sent
from botapp.screens.base import to_menu
from botapp.texts import batch_files as files, batches as texts, common
from botapp.views import NOTE, Action, Choice, bound
from core.chats import BadMessage
from core.money import Money
from core.tables import TableKind
from models.batch import Batch, BatchRow, RowState
from models.outbox import Note, NoteKind
from services.batch_files import rest_of, tracking_of
from services.batch_sheets import LabelSheets
from services.labels import Labels
from services.ledger import Ledger

log = structlog.get_logger()

LARGEST_FILE = 45_000_000
"""In bytes; Telegram takes 50 MB from bots."""
TO_MEND = "-to-mend"
"""Ends the name of a file that comes back, once, however often it does."""


@dataclass(frozen=True, slots=True)
class BatchNotes:
    chat: Chat
    labels: Labels
    ledger: Ledger
    largest: int = LARGEST_FILE

    def tell(self, note: Note) -> int:
        """Raises what `Messenger.deliver` does."""
        batch: Batch = Batch.objects.fetch(note.facts["batch_id"])
        ways = {
            NoteKind.BATCH_CHECKED: self._say_checked,
            NoteKind.BATCH_LABELS: self._send_labels,
            NoteKind.BATCH_TRACKING: self._send_tracking,
            NoteKind.BATCH_STOPPED: self._say_stopped,
        }
        if note.kind is NoteKind.BATCH_REST:
            return self._send_rest(batch, [RowState(state) for state in note.facts["states"]])
        return ways[note.kind](batch)

    def _say_checked(self, batch: Batch) -> int:
        keyboard = bound(((_to_batch(batch),), to_menu()), NOTE)
        return self.chat.send_text(batch.user_id, files.checked_caption(batch), keyboard)

    def _say_stopped(self, batch: Batch) -> int:
        orders = Choice(common.orders(), Action.ORDERS)
        return self.chat.send_text(
            batch.user_id, texts.stopped(), bound(((orders, *to_menu()),), NOTE)
        )

    def _send_rest(self, batch: Batch, states: Sequence[RowState]) -> int:
        count = BatchRow.objects(batch_id=batch.id, status__in=states).count()
        name = f"{_stem(batch)}{TO_MEND}.{batch.kind.value}"
        data = rest_of(batch, states, partial(plain_reasons, batch=batch))
        sent = self.chat.send_document(batch.user_id, name, data, files.rest_caption(count))
        return sent.message_id

    def _send_tracking(self, batch: Batch) -> int:
        name = f"{_stem(batch)}-tracking.{TableKind.CSV.value}"
        sent = self.chat.send_document(
            batch.user_id, name, tracking_of(batch), files.tracking_caption()
        )
        return sent.message_id

    def _send_labels(self, batch: Batch) -> int:
        """By the ids that Telegram knows them by, unless a label came later than those."""
        self.chat.typing(batch.user_id, "upload_document")
        bought = BatchRow.objects(batch_id=batch.id, status=RowState.BOUGHT).count()
        if bought and sum(one["labels"] for one in batch.labels_files) == bought:
            try:
                return [
                    self._send_part(batch, number, one["file_id"], one["labels"], one["minor"])
                    for number, one in enumerate(batch.labels_files, 1)
                ][-1].message_id
            except BadMessage as refusal:
                log.warning("file_id_refused", batch_id=batch.id, why=str(refusal))
        kept: list[dict[str, Any]] = []
        message_id = 0
        for number, part in enumerate(LabelSheets(self.labels, self.largest).parts(batch), 1):
            sent = self._send_part(batch, number, part.pdf, part.labels, part.price.minor)
            kept.append({"file_id": sent.file_id, "labels": part.labels, "minor": part.price.minor})
            message_id = sent.message_id
        Batch.objects(pk=batch.id).update_one(set__labels_files=kept)
        return message_id

    def _send_part(
        self, batch: Batch, number: int, document: bytes | str, count: int, minor: int
    ) -> Sent:
        name = f"labels-{batch.id}.pdf" if number == 1 else f"labels-{batch.id}-{number}.pdf"
        keyboard = bound(((_to_batch(batch), *to_menu()),), NOTE)
        caption = files.labels_caption(count, Money(minor))
        return self.chat.send_document(batch.user_id, name, document, caption, keyboard)


def _to_batch(batch: Batch) -> Choice:
    return Choice(texts.open_batch(), Action.SHOW_BATCH, batch.id)


def _stem(batch: Batch) -> str:
    stem = (batch.name.rpartition(".")[0] or batch.name).removesuffix(TO_MEND)
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in stem)[:60] or "file"
