"""Methods by which the bot says something new."""

from typing import Any

from sandbox.telegram.bot import bot_user
from sandbox.telegram.calls import Call, Handler, Office
from sandbox.telegram.composing import composed_caption, composed_keyboard, composed_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.media import as_document, as_photo, received_file
from sandbox.telegram.state import Chat, JsonObject

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip


class Sending:
    def __init__(self, office: Office) -> None:
        self._office = office

    def handlers(self) -> dict[str, Handler]:
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendDocument": self.send_document,
            "sendChatAction": self.send_chat_action,
        }

    def send_message(self, call: Call) -> JsonObject:
        return self._send(call, composed_text(call.values))

    def send_photo(self, call: Call) -> JsonObject:
        self._office.open_chat(call.values["chat_id"])
        caption = composed_caption(call.values)
        return self._send(call, as_photo(received_file(self._office, call, "photo")) | caption)

    def send_document(self, call: Call) -> JsonObject:
        self._office.open_chat(call.values["chat_id"])
        caption = composed_caption(call.values)
        record = received_file(self._office, call, "document")
        book = {
            "chat_id": call.values["chat_id"],
            "file_name": record["file_name"],
            "sha256": record["sha256"],
        }
        return self._send(call, as_document(record) | caption, book=book)

    def send_chat_action(self, call: Call) -> bool:
        if call.values["action"] not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat = self._office.open_chat(call.values["chat_id"])
        self._office.state.touch(chat, typing=True)
        return True

    def _send(self, call: Call, content: JsonObject, **facts: Any) -> JsonObject:
        state = self._office.state
        keyboard = composed_keyboard(call.values)
        with state.changed:
            chat = self._office.open_chat(call.values["chat_id"])
            reply = _replied_to(chat, call)
            self._office.keep_pace(call.values["chat_id"])
            message = {
                "message_id": state.next_message_id(),
                "from": bot_user(call.token),
                "chat": chat.as_telegram(),
                "date": int(state.clock()),
                **reply,
                **content,
                **keyboard,
            }
            state.commit("message", message=message, **facts)
        return message


def _replied_to(chat: Chat, call: Call) -> JsonObject:
    parameters = call.values.get("reply_parameters")
    if parameters is None:
        return {}
    message = chat.messages.get(parameters.get("message_id"))
    if message is not None:
        quoted = {key: value for key, value in message.items() if key != "reply_to_message"}
        return {"reply_to_message": quoted}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")
