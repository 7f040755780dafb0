"""What the bot needs of the messenger, as protocols."""

from collections.abc import Sequence
from typing import Any, Protocol

from core.keyboards import Keyboard
from core.urgency import Urgency


class Sent(Protocol):
    """A message with a file; by `file_id` the same file is sent again without its bytes."""

    @property
    def message_id(self) -> int: ...

    @property
    def file_id(self) -> str: ...


class Chat(Protocol):
    """Texts and captions are HTML. Every call raises what `core.chats` names."""

    def send_text(self, chat_id: int, text: str, keyboard: Keyboard | None = None) -> int:
        """Answers the message's id."""
        ...

    def edit_text(
        self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        """Raises MessageGone, too. The same text again is no error."""
        ...

    def send_document(
        self,
        chat_id: int,
        name: str,
        document: bytes | str,
        caption: str = "",
        keyboard: Keyboard | None = None,
    ) -> Sent:
        """`document` is its bytes, or the file id of one sent before."""
        ...

    def download(self, file_id: str) -> bytes:
        """A file that a customer sent. Raises BadMessage when it can't be had any more."""
        ...

    def send_photo(
        self, chat_id: int, photo: bytes, caption: str = "", keyboard: Keyboard | None = None
    ) -> Sent:
        """`photo` is a PNG's bytes."""
        ...

    def answer_press(self, callback_id: str) -> None:
        """Let the button stop spinning. Too late is no error."""
        ...

    def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Leave a message without its keyboard. Raises MessageGone; having none is no error."""
        ...

    def typing(self, chat_id: int, action: str = "typing") -> None:
        """Never raises."""
        ...

    def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str = "", chat_id: int = 0
    ) -> None:
        """What the app lists: in this language, or in this chat alone."""
        ...

    def at(self, urgency: Urgency) -> "Chat":
        """The same chats, for messages that are as urgent as this."""
        ...


class Line(Chat, Protocol):
    """The chat, and the side of it that only the poller needs."""

    def get_updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:
        """Raw updates from `offset` on; waits up to `timeout` seconds for one."""
        ...

    def set_webhook(self, url: str, secret: str) -> None: ...

    def delete_webhook(self) -> None: ...
