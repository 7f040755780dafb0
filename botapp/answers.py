"""Where an answer is put: into the message whose button was pressed, or under the last word."""

from dataclasses import dataclass

import structlog

from botapp.heard import Heard, Press
from botapp.markup import Html
from botapp.ports import Chat
from botapp.views import Row, bound
from core.chats import BadMessage, MessageGone

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answers:
    chat: Chat

    def put(
        self, chat_id: int, heard: Heard, text: Html, rows: tuple[Row, ...], version: int
    ) -> int:
        """Answers the id of the message that shows it."""
        keyboard = bound(rows, version)
        if isinstance(heard, Press) and not heard.under_note:
            try:
                self.chat.edit_text(chat_id, heard.message_id, text, keyboard)
            except (MessageGone, BadMessage) as refusal:
                log.info("message_not_edited", chat_id=chat_id, why=str(refusal))
            else:
                return heard.message_id
        return self.chat.send_text(chat_id, text, keyboard)

    def say_busy(self, chat_id: int, press: Press, text: Html) -> None:
        """What takes seconds says so first, in the message that will hold its outcome."""
        self.chat.typing(chat_id)
        try:
            self.chat.edit_text(chat_id, press.message_id, text)
        except (MessageGone, BadMessage) as refusal:
            log.info("message_not_edited", chat_id=chat_id, why=str(refusal))
