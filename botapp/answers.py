"""Where an answer is put: into a message that is there, or under the last word."""

from dataclasses import dataclass

import structlog

from botapp.heard import Press
from botapp.markup import Html
from botapp.ports import Chat
from botapp.views import Row, bound
from core.chats import BadMessage, MessageGone
from core.keyboards import Keyboard

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answers:
    chat: Chat

    def put(
        self, chat_id: int, into: int | None, text: Html, rows: tuple[Row, ...], version: int
    ) -> int:
        """Answers the id of the message that shows it: `into`, if that can still be changed."""
        keyboard = bound(rows, version)
        if into is not None and self.change(chat_id, into, text, keyboard):
            return into
        return self.chat.send_text(chat_id, text, keyboard)

    def say_busy(self, chat_id: int, press: Press, text: Html) -> None:
        """What takes seconds says so first, in the message that will hold its outcome."""
        self.chat.typing(chat_id)
        self.change(chat_id, press.message_id, text)

    def change(
        self, chat_id: int, message_id: int, text: Html, keyboard: Keyboard | None = None
    ) -> bool:
        """False for a message that can't be changed any more."""
        try:
            self.chat.edit_text(chat_id, message_id, text, keyboard)
        except (MessageGone, BadMessage) as refusal:
            log.info("message_not_edited", chat_id=chat_id, why=str(refusal))
            return False
        return True
