"""Methods by which the bot changes or takes back what it said."""

from sandbox.telegram.calls import Call, Handler, Office
from sandbox.telegram.composing import composed_caption, composed_keyboard, composed_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.state import JsonObject

_TEXT = {"text", "entities", "link_preview_options"}
_CAPTION = {"caption", "caption_entities"}
_KEYBOARD = {"reply_markup"}


class Editing:
    def __init__(self, office: Office) -> None:
        self._office = office

    def handlers(self) -> dict[str, Handler]:
        return {
            "editMessageText": self.edit_text,
            "editMessageCaption": self.edit_caption,
            "editMessageReplyMarkup": self.edit_keyboard,
            "deleteMessage": self.delete,
        }

    def edit_text(self, call: Call) -> JsonObject:
        content = composed_text(call.values) | composed_keyboard(call.values)
        with self._office.state.changed:
            message = self._own_message(call)
            if "text" not in message:
                raise bad_request("there is no text in the message to edit")
            return self._replace(message, _TEXT | _KEYBOARD, content)

    def edit_caption(self, call: Call) -> JsonObject:
        content = composed_caption(call.values) | composed_keyboard(call.values)
        with self._office.state.changed:
            message = self._own_message(call)
            if "text" in message:
                raise bad_request("there is no caption in the message to edit")
            return self._replace(message, _CAPTION | _KEYBOARD, content)

    def edit_keyboard(self, call: Call) -> JsonObject:
        content = composed_keyboard(call.values)
        with self._office.state.changed:
            return self._replace(self._own_message(call), _KEYBOARD, content)

    def delete(self, call: Call) -> bool:
        with self._office.state.changed:
            chat = self._office.open_chat(call.values["chat_id"])
            message_id = call.values["message_id"]
            if message_id not in chat.messages:
                raise bad_request("message to delete not found")
            chat_id = call.values["chat_id"]
            self._office.state.commit("deleted", chat_id=chat_id, message_id=message_id)
        return True

    def _own_message(self, call: Call) -> JsonObject:
        if "inline_message_id" in call.values or "chat_id" not in call.values:
            raise bad_request("message identifier is not specified")
        chat = self._office.open_chat(call.values["chat_id"])
        message = chat.messages.get(call.values.get("message_id", 0))
        if message is None:
            raise bad_request("message to edit not found")
        if not message["from"]["is_bot"]:
            raise bad_request("message can't be edited")
        return message

    def _replace(self, message: JsonObject, parts: set[str], content: JsonObject) -> JsonObject:
        """What the call leaves out is gone: an edit without a keyboard takes it away."""
        before = {key: value for key, value in message.items() if key in parts}
        if before == content:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are"
                " exactly the same as a current content and reply markup of the message"
            )
        self._office.keep_pace()
        kept = {key: value for key, value in message.items() if key not in parts}
        edited = kept | {"edit_date": int(self._office.state.clock())} | content
        self._office.state.commit("message", message=edited)
        return edited
