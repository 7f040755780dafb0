"""Files of an order's on their way to the chat: one that was sent before goes by its id."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from botapp.markup import Html
from botapp.ports import Chat
from botapp.views import NOTE, Row, bound
from core.chats import BadMessage
from services.labels import Labels

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`kind` tells it from the order's other files: a LabelFormat, or `form_0`."""

    order_id: str
    kind: str
    name: str
    caption: Html
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    chat: Chat
    labels: Labels

    def send(self, chat_id: int, paper: Paper, read: Callable[[], bytes]) -> int:
        """Answers the message's id. Asks for the bytes only if Telegram has no copy of them."""
        upload = self.labels.upload_of(paper.order_id, paper.kind)
        if upload:
            try:
                return self._put(chat_id, paper, upload)
            except BadMessage as refusal:
                log.warning("file_id_refused", order_id=paper.order_id, why=str(refusal))
        self.chat.typing(chat_id, "upload_document")
        return self._put(chat_id, paper, read())

    def _put(self, chat_id: int, paper: Paper, document: bytes | str) -> int:
        sent = self.chat.send_document(
            chat_id, paper.name, document, paper.caption, bound(paper.rows, NOTE)
        )
        if isinstance(document, bytes) and sent.file_id:
            self.labels.remember_upload(paper.order_id, paper.kind, sent.file_id)
        return sent.message_id
