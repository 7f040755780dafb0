"""What a customer's app does: write, press, edit, block, read."""

from typing import Any

from werkzeug.datastructures import FileStorage

from sandbox.telegram.bot import bot_user
from sandbox.telegram.calls import Office
from sandbox.telegram.composing import CAPTION_LENGTH, TEXT_LENGTH
from sandbox.telegram.errors import CustomerError
from sandbox.telegram.keyboards import button_named, labels_of
from sandbox.telegram.media import as_document, keep_file
from sandbox.telegram.state import Chat, JsonObject
from sandbox.telegram.wording import cleaned, found_entities

_PERSON = ("first_name", "last_name", "username", "language_code")


class Customers:
    def __init__(self, office: Office) -> None:
        self._office = office
        # Updates about a block name the bot; before its first call nobody knows its token.
        self.token = ""

    def write(self, chat_id: int, text: str, person: JsonObject) -> JsonObject:
        """Answers the message; of a text too long for one, the last, as apps split it."""
        text = cleaned(text).strip()
        if not text:
            raise CustomerError("the text is empty: an app would not send it")
        pieces = _pieces(text, TEXT_LENGTH)
        with self._office.state.changed:
            chat = self._writing(chat_id, person)
            return [self._say(chat, "text", piece, {}) for piece in pieces][-1]

    def send_document(
        self, chat_id: int, upload: FileStorage, caption: str, person: JsonObject
    ) -> JsonObject:
        with self._office.state.changed:
            self._writing(chat_id, person)
        record = keep_file(self._office, upload, "document")
        caption = cleaned(caption).strip()[:CAPTION_LENGTH]
        with self._office.state.changed:
            chat = self._writing(chat_id, {})
            return self._say(chat, "caption", caption, as_document(record))

    def send_sticker(self, chat_id: int, emoji: str, person: JsonObject) -> JsonObject:
        """A picture that nobody asks the file of; the emoji says which."""
        sticker = {
            "file_id": f"sticker-{emoji}",
            "file_unique_id": f"sticker-{emoji}",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        with self._office.state.changed:
            return self._say(self._writing(chat_id, person), "text", "", {"sticker": sticker})

    def press(self, chat_id: int, message_id: int, data: str | None, label: str) -> JsonObject:
        """By data: also of a keyboard that an edit has just replaced, as a fast finger does."""
        state = self._office.state
        with state.changed:
            chat = self._unblocked(chat_id)
            message = _message(chat, message_id)
            if data is None:
                data = button_named(message, label)["callback_data"]
            elif data not in chat.pressable[message_id]:
                raise CustomerError(f"no button sends {data!r}", buttons=labels_of(message))
            query_id = str(state.next_update_id() * 1_000_003 + chat_id)
            query = {
                "id": query_id,
                "from": chat.person,
                "message": message,
                "chat_instance": str(chat_id * 7919),
                "data": data,
            }
            facts = {"chat_id": chat_id, "message_id": message_id, "query_id": query_id}
            update = self._office.updates.made("callback_query", query)
            state.commit("pressed", **facts, at=state.clock(), **update)
        return query

    def edit(self, chat_id: int, message_id: int, text: str) -> JsonObject:
        text = cleaned(text).strip()
        state = self._office.state
        with state.changed:
            message = _message(self._unblocked(chat_id), message_id)
            if message["from"]["is_bot"] or "text" not in message:
                raise CustomerError("a customer edits only a text of their own")
            if not text or len(text) > TEXT_LENGTH:
                raise CustomerError(f"a text has 1 to {TEXT_LENGTH} characters")
            kept = {key: value for key, value in message.items() if key != "entities"}
            edited = kept | {"text": text, "edit_date": int(state.clock())} | _marked(text)
            update = self._office.updates.made("edited_message", edited)
            state.commit("message", message=edited, **update)
        return edited

    def block(self, chat_id: int, *, blocked: bool) -> JsonObject:
        state = self._office.state
        with state.changed:
            chat = self.known(chat_id)
            if chat.blocked != blocked:
                change = self._membership(chat, blocked=blocked)
                update = self._office.updates.made("my_chat_member", change)
                state.commit("blocked", chat_id=chat_id, blocked=blocked, **update)
        return {"chat_id": chat_id, "blocked": blocked}

    def known(self, chat_id: int) -> Chat:
        chat = self._office.state.chats.get(chat_id)
        if chat is None:
            raise CustomerError(f"nobody has written in chat {chat_id} yet", 404)
        return chat

    def history(self, chat_id: int, after: int) -> JsonObject:
        """Messages newer than `after` and every callback answer of the chat."""
        with self._office.state.changed:
            chat = self._office.state.chats.get(chat_id)
            if chat is None:
                return {"messages": [], "answers": []}
            messages = [one for key, one in sorted(chat.messages.items()) if key > after]
            return {"messages": messages, "answers": [answer for _, answer in chat.answers]}

    def _unblocked(self, chat_id: int) -> Chat:
        chat = self.known(chat_id)
        if chat.blocked:
            raise CustomerError("this customer has blocked the bot: unblock it first")
        return chat

    def _writing(self, chat_id: int, person: JsonObject) -> Chat:
        """The customer's chat, begun if this is their first word, with their name brought up."""
        state = self._office.state
        chat = state.chats.get(chat_id)
        before = chat.person if chat else _stranger(chat_id)
        given = {key: str(person[key]) for key in _PERSON if person.get(key)}
        after = before | given
        if chat is None or after != before:
            state.commit("person", person=after)
        return self._unblocked(chat_id)

    def _say(self, chat: Chat, kind: str, words: str, content: JsonObject) -> JsonObject:
        state = self._office.state
        message: dict[str, Any] = {
            "message_id": state.next_message_id(),
            "from": chat.person,
            "chat": chat.as_telegram(),
            "date": int(state.clock()),
            **content,
        }
        if words:
            message |= {kind: words} | _marked(words, kind)
        state.commit("message", message=message, **self._office.updates.made("message", message))
        return message

    def _membership(self, chat: Chat, *, blocked: bool) -> JsonObject:
        bot = bot_user(self.token)
        member = {"user": bot, "status": "member"}
        banned = {"user": bot, "status": "kicked", "until_date": 0}
        return {
            "chat": chat.as_telegram(),
            "from": chat.person,
            "date": int(self._office.state.clock()),
            "old_chat_member": member if blocked else banned,
            "new_chat_member": banned if blocked else member,
        }


def _stranger(chat_id: int) -> JsonObject:
    names = {"first_name": f"Customer {chat_id}", "language_code": "en"}
    return {"id": chat_id, "is_bot": False} | names


def _marked(text: str, kind: str = "text") -> JsonObject:
    entities = found_entities(text)
    name = "entities" if kind == "text" else "caption_entities"
    return {name: entities} if entities else {}


def _message(chat: Chat, message_id: int) -> JsonObject:
    message = chat.messages.get(message_id)
    if message is None:
        raise CustomerError(f"there is no message {message_id} in this chat", 404)
    return message


def _pieces(text: str, size: int) -> list[str]:
    """Split like Telegram's apps: at a line's end or a space if there is one near the end."""
    pieces = []
    while len(text) > size:
        space = max(text.rfind(" ", 0, size), text.rfind("\n", 0, size))
        cut = space if space > size // 2 else size
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*pieces, text]
