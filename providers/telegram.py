"""Telegram's Bot API: our few calls of it, with its errors sorted by who can help."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeGuard

import structlog
from telebot import TeleBot, apihelper, types
from urllib3.exceptions import HTTPError

from core.chats import (
    BadMessage,
    ChatUnreachable,
    MessageDoubtful,
    MessageGone,
    TelegramDown,
    TooManyMessages,
)
from core.errors import PlatformError
from core.ids import is_update_id
from core.keyboards import Keyboard
from core.settings import Settings
from core.urgency import Urgency
from providers.pace import Pace, Unpaced
from providers.polls import UPDATE_KINDS, poll
from providers.wire import CONNECT_SECONDS, READ_SECONDS, Wire, surely_not_sent

log = structlog.get_logger()

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_MANY = 400, 401, 403, 404, 409, 429
BROKEN_FROM = 500
UNREACHABLE = ("chat not found", "user is deactivated", "peer_id_invalid")
NOT_MODIFIED = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
TOO_OLD = ("query is too old", "query id is invalid")
DEFAULT_WAIT_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """A message with a file: by `file_id` the same file is sent again without its bytes."""

    message_id: int
    file_id: str


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself."""

    bot_id: int
    username: str


UNPACED = Unpaced()


def connect(settings: Settings, pace: Pace | Unpaced = UNPACED) -> "Telegram":
    """One bot for this process: the library keeps its address and time-outs in globals."""
    base = str(settings.telegram_api_url).rstrip("/")
    apihelper.API_URL = f"{base}/bot{{0}}/{{1}}"  # type: ignore[assignment]  # its default is None
    apihelper.CONNECT_TIMEOUT = CONNECT_SECONDS
    apihelper.READ_TIMEOUT = READ_SECONDS
    apihelper.RETRY_ON_ERROR = False
    wire = Wire(base)
    apihelper.CUSTOM_REQUEST_SENDER = wire.send  # type: ignore[assignment]  # likewise
    token = settings.telegram_token.get_secret_value()
    bot = TeleBot(token, parse_mode="HTML", threaded=False, disable_web_page_preview=True)
    return Telegram(bot, wire, pace)


class Telegram:
    """Each call raises what `core.chats` names. Texts and captions are HTML. Safe in threads.

    What says something keeps to the pace of all senders, as a reply unless told otherwise.
    """

    def __init__(
        self, bot: TeleBot, wire: Wire, pace: Pace | Unpaced, urgency: Urgency = Urgency.REPLY
    ) -> None:
        self._bot = bot
        self._wire = wire
        self._pace = pace
        self._urgency = urgency

    def at(self, urgency: Urgency) -> "Telegram":
        """The same bot, for messages that are as urgent as this."""
        return Telegram(self._bot, self._wire, self._pace, urgency)

    def get_me(self) -> Me:
        with _sorted("getMe", doubt=False):
            me = self._bot.get_me()
            return Me(me.id, me.username or "")

    def get_updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:
        """Updates as they came, from `offset` on; waits up to `timeout` (from 1) seconds.

        What has no id is no update: it can be neither kept nor confirmed.
        """
        with _sorted("getUpdates", doubt=False):
            told = poll(self._bot.token, offset, timeout)
            updates = [one for one in told if _is_update(one)]
        if len(updates) < len(told):
            log.error("update_dropped", count=len(told) - len(updates), why="no id")
        if told and not updates:
            raise TelegramDown(method="getUpdates")
        return updates

    def set_webhook(self, url: str, secret: str) -> None:
        """Have updates brought there; each comes with the secret."""
        with _sorted("setWebhook", doubt=False):
            self._bot.set_webhook(url, allowed_updates=UPDATE_KINDS, secret_token=secret)

    def delete_webhook(self) -> None:
        """Without one, too: updates wait to be asked for."""
        with _sorted("deleteWebhook", doubt=False):
            self._bot.delete_webhook()

    def send_text(self, chat_id: int, text: str, keyboard: Keyboard | None = None) -> int:
        """Answers the message's id."""
        with self._paced("sendMessage", chat_id):
            message = self._bot.send_message(chat_id, text, reply_markup=_markup(keyboard))
            return int(message.message_id)

    def edit_text(
        self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        """Without a keyboard the message loses the one it had. Raises MessageGone, too."""
        with self._editing("editMessageText", chat_id):
            self._bot.edit_message_text(text, chat_id, message_id, reply_markup=_markup(keyboard))

    def take_buttons(self, chat_id: int, message_id: int) -> None:
        """Leave a message without its keyboard. Raises MessageGone, too."""
        with self._editing("editMessageReplyMarkup", chat_id):
            self._bot.edit_message_reply_markup(chat_id, message_id)

    def send_document(
        self,
        chat_id: int,
        name: str,
        document: bytes | str,
        caption: str = "",
        keyboard: Keyboard | None = None,
    ) -> Sent:
        """`document` is its bytes, or the file id of one sent before."""
        with self._paced("sendDocument", chat_id):
            message = self._bot.send_document(
                chat_id,
                document if isinstance(document, str) else _file(name, document),
                caption=caption or None,
                reply_markup=_markup(keyboard),
            )
            return Sent(message.message_id, message.document.file_id if message.document else "")

    def download(self, file_id: str) -> bytes:
        """A file that a customer sent. Raises BadMessage for one that is gone or over 20 MB."""
        with _sorted("getFile", doubt=False):
            path = self._bot.get_file(file_id).file_path
            address = str(apihelper.API_URL).replace("/bot{0}/{1}", "/file/bot{0}/{1}")
            answer = self._wire.send("get", address.format(self._bot.token, path))
            if answer.status_code != HTTPStatus.OK:
                raise TelegramDown(method="getFile")
            return answer.content

    def send_photo(
        self, chat_id: int, photo: bytes, caption: str = "", keyboard: Keyboard | None = None
    ) -> Sent:
        with self._paced("sendPhoto", chat_id):
            message = self._bot.send_photo(
                chat_id,
                _file("picture.png", photo),
                caption=caption or None,
                reply_markup=_markup(keyboard),
            )
            return Sent(message.message_id, message.photo[-1].file_id if message.photo else "")

    def answer_press(self, callback_id: str) -> None:
        """Let the button stop spinning. Too late is no matter."""
        try:
            with _sorted("answerCallbackQuery", doubt=False):
                self._bot.answer_callback_query(callback_id)
        except BadMessage as bad:
            if not _says(bad, *TOO_OLD):
                raise

    def typing(self, chat_id: int, action: str = "typing") -> None:
        """Show that something is being done. A courtesy: what goes wrong with it is no matter."""
        try:
            with _sorted("sendChatAction", chat_id, doubt=False):
                self._bot.send_chat_action(chat_id, action)
        except PlatformError as trouble:
            log.info("typing_not_shown", chat_id=chat_id, why=str(trouble))

    def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str = "", chat_id: int = 0
    ) -> None:
        """Name and description of each, for apps in `language` (of two letters) or for one chat."""
        listed = [types.BotCommand(name, description) for name, description in commands]
        scope = types.BotCommandScopeChat(chat_id) if chat_id else None
        with _sorted("setMyCommands", chat_id, doubt=False):
            self._bot.set_my_commands(listed, scope, language or None)

    @contextmanager
    def _paced(self, method: str, chat_id: int, *, doubt: bool = True) -> Iterator[None]:
        """Keep to the pace, and have all keep to a pause that Telegram asks for."""
        # Telegram is laxer with what changes a message: that counts for all, not for the chat.
        counted = chat_id if doubt else None
        self._pace.take(self._urgency, counted)
        try:
            with _sorted(method, chat_id, doubt=doubt):
                yield
        except TooManyMessages as asked:
            self._pace.pause(counted, asked.facts["retry_after"])
            raise

    @contextmanager
    def _editing(self, method: str, chat_id: int) -> Iterator[None]:
        try:
            with self._paced(method, chat_id, doubt=False):
                yield
        except BadMessage as bad:
            if _says(bad, *GONE):
                raise MessageGone(chat_id=chat_id) from bad
            if not _says(bad, NOT_MODIFIED):
                raise


@contextmanager
def _sorted(method: str, chat_id: int = 0, *, doubt: bool = True) -> Iterator[None]:
    """Sort the library's errors. Without `doubt`, doing it again changes nothing."""
    silent = (MessageDoubtful if doubt else TelegramDown)(method=method)
    try:
        yield
    except apihelper.ApiTelegramException as error:
        raise _told(method, chat_id, error.result_json) from error
    except apihelper.ApiHTTPException as error:
        raise TelegramDown(method=method) from error
    except (apihelper.ApiInvalidJSONException, KeyError, TypeError, AttributeError) as error:
        raise silent from error
    except HTTPError as error:
        # Its text may hold the address, and that the token: it must not reach a log.
        raise (TelegramDown(method=method) if surely_not_sent(error) else silent) from None


def _told(method: str, chat_id: int, answer: dict[str, Any]) -> PlatformError:
    status, told = int(answer["error_code"]), str(answer["description"])
    if status == TOO_MANY:
        wait = answer.get("parameters", {}).get("retry_after", DEFAULT_WAIT_SECONDS)
        return TooManyMessages(retry_after=wait)
    if status >= BROKEN_FROM or status in {UNAUTHORIZED, NOT_FOUND, CONFLICT}:
        return TelegramDown(method=method, told=told)
    bad = BadMessage(told=told)
    if status == FORBIDDEN or _says(bad, *UNREACHABLE):
        return ChatUnreachable(chat_id=chat_id, told=told)
    return bad


def _is_update(one: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(one, dict) and is_update_id(one.get("update_id"))


def _says(bad: BadMessage, *phrases: str) -> bool:
    told = bad.facts["told"].lower()
    return any(phrase in told for phrase in phrases)


def _markup(keyboard: Keyboard | None) -> types.InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    rows = [
        [
            types.InlineKeyboardButton(
                button.label, url=button.url or None, callback_data=button.data or None
            )
            for button in row
        ]
        for row in keyboard
    ]
    return types.InlineKeyboardMarkup(rows)


def _file(name: str, data: bytes) -> types.InputFile:
    return types.InputFile(io.BytesIO(data), file_name=name)
