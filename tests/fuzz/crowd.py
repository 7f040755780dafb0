"""Customers who walk to a screen of the shop and then say there whatever comes to their minds."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

from botapp.states import Place
from botapp.views import Action
from tests.botapp.talk import STEPS
from tests.botapp.tongues import in_tongue
from tests.botapp.walker import NO_SIZES, OF_A_FILE, OF_AN_ORDER
from tests.fuzz.door import Door
from tests.fuzz.grammar import NOW, Grammar
from tests.fuzz.nasty import broken, spoiled, words

UPLOAD = "file:"
NEWEST_ORDER = "press:#"
BOUGHT = (*STEPS[Place.BUYING], "/orders", NEWEST_ORDER)
WALKS: Mapping[Place, Sequence[str]] = {
    **STEPS,
    **{place: (*BOUGHT, *more) for place, more in OF_AN_ORDER.items()},
    **{place: ("/start", UPLOAD, *more) for place, more in OF_A_FILE.items()},
}
PER_VISIT = (10, 30)
BREAKS = 0.4
AT_ONCE = 3
CONTENT = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "giveaway", "invoice",
    "live_photo", "location", "paid_media", "photo", "poll", "rich_message", "sticker", "story",
    "venue", "video", "video_note", "voice",
)  # fmt: skip
"""What a customer sends instead of words."""
TRIMMINGS = (
    "caption", "caption_entities", "effect_id", "entities", "external_reply", "forward_origin",
    "link_preview_options", "media_group_id", "paid_star_count", "quote", "reply_markup",
    "reply_to_message", "reply_to_story", "sender_chat", "via_bot",
)  # fmt: skip
"""What stands beside it."""
MONEY = (Action.PAY, Action.BUY, Action.BUY_ALL, Action.BUY_FIRST, Action.AGAIN)


@dataclass(frozen=True)
class Said:
    """`due`: it must get an answer. `press` is the id of a button's query that must be answered."""

    kind: str
    update: dict[str, Any]
    valid: bool
    due: bool = False
    press: str = ""
    walked: bool = False

    def under(self, update_id: int, random: Random) -> Any:
        """The whole update, or what has become of it."""
        whole = {"update_id": update_id, **self.update}
        return whole if self.valid else broken(random, whole)


@dataclass
class Customer:
    """All that is drawn for a customer follows from the seed; ids of the shop's do not."""

    chat_id: int
    random: Random
    grammar: Grammar
    door: Door
    others: Sequence[int]
    kinds: Iterator[tuple[str, str]]
    """Of updates, one after the other: all customers share it."""
    ids: Iterator[int] = field(default_factory=lambda: count(10**9))
    """Of the messages that they send."""
    walk: deque[str] = field(default_factory=deque)
    left: int = 0
    aim: Place = Place.MENU

    def turn(self, language: str) -> Iterator[Said]:
        """A step of the way, or a few words too many."""
        if not self.walk and not self.left:
            self.aim = self.random.choice(sorted(WALKS))
            self.walk.extend(WALKS[self.aim])
            self.left = self.random.randint(*PER_VISIT)
        if self.walk:
            step = self._step(self.walk.popleft(), language)
            if step is not None:
                yield step
                return
            self.walk.clear()
        for _ in range(min(self.left, self.random.randint(1, AT_ONCE))):
            self.left -= 1
            yield self.anything()

    def greeting(self) -> Said:
        return self._message({"text": "/start"}, walked=True)

    def anything(self) -> Said:
        drawn = self.random.random()
        if drawn < 0.30:
            said = self._message(self._content(), **self._trimmings())
        elif drawn < 0.34:
            said = self._edited()
        elif drawn < 0.62:
            said = self._pressed(*self._button())
        elif drawn < 0.68:
            said = self._elsewhere()
        else:
            said = self._of_any_kind()
        return replace(said, valid=False, due=False) if self.random.random() < BREAKS else said

    def buttons(self, chat_id: int, *, newest: bool) -> list[tuple[int, str, str]]:
        """Message, label and data of what can be pressed in a chat."""
        messages = self.door.chat(chat_id).messages
        found = [
            (message_id, button["text"], button["callback_data"])
            for message_id in sorted(messages)
            for row in messages[message_id].get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ]
        return [one for one in found if one[0] == found[-1][0]] if newest else found

    def _step(self, step: str, language: str) -> Said | None:
        """None when the way is barred: the button is not there."""
        if step == UPLOAD:
            document = self.door.upload("orders.csv", NO_SIZES)
            return self._message({"document": document}, walked=True)
        kind, _, wanted = step.partition(":")
        if kind != "press":
            return self._message({"text": step}, walked=True)
        label = in_tongue(wanted, language)
        for message_id, told, data in self.buttons(self.chat_id, newest=True):
            order = wanted == "#" and f":{Action.SHOW_ORDER}:" in data
            if order or label in {told, told.partition(" · ")[0]}:
                return self._pressed(message_id, data, walked=True)
        return None

    def _content(self) -> dict[str, Any]:
        if self.random.random() < 0.75:
            return {"text": words(self.random)}
        kind = self.random.choice(CONTENT)
        field = next(one for one in self.grammar.types["Message"]["fields"] if one["name"] == kind)
        return {kind: self.grammar.draw(self.random, field["types"][0], 1)}

    def _button(self) -> tuple[int, str]:
        """One of the newest message, an older one, somebody else's, or none that there ever was."""
        drawn = self.random.random()
        whose = self.random.choice(self.others) if drawn > 0.85 else self.chat_id
        found = self.buttons(whose, newest=drawn < 0.5)
        if not found:
            return self.random.randint(1, 10**6), words(self.random)
        message_id, _, data = self.random.choice(found)
        if 0.6 < drawn < 0.85:
            data = self._mutated(data)
        return message_id, data

    def _mutated(self, data: str) -> str:
        version, action, argument = [*data.split(":", 2), "", ""][:3]
        drawn = self.random.random()
        if drawn < 0.4:
            argument = words(self.random)[:40]
        elif drawn < 0.7:
            action = self.random.choice([each.value for each in Action])
        elif drawn < 0.85:
            version = self.random.choice(("note", "-1", "0", "99999999999999999999", ""))
        else:
            return spoiled(self.random, data)
        return f"{version}:{action}:{argument}"

    def _message(self, content: dict[str, Any], *, walked: bool = False, **more: Any) -> Said:
        message = {"date": NOW, **more, "message_id": next(self.ids), **self._here(), **content}
        return _whole("message", message, walked=walked)

    def _edited(self) -> Said:
        """One of the last messages, or one that nobody knows."""
        changed = {"message_id": next(self.ids) - self.random.randint(1, 9), "edit_date": NOW}
        said = self._message({"text": words(self.random)}).update["message"]
        return _whole("edited_message", said | changed)

    def _pressed(self, message_id: int, data: str, *, walked: bool = False) -> Said:
        query_id = f"{self.chat_id}-{self.random.getrandbits(60)}"
        here = self._here()
        message = {"message_id": message_id, "date": NOW, "chat": here["chat"]}
        query = {
            "id": query_id, "from": here["from"], "message": message,
            "chat_instance": str(self.chat_id), "data": data,
        }  # fmt: skip
        return _whole("callback_query", query, walked=walked)

    def _trimmings(self) -> dict[str, Any]:
        """Whatever else the description allows in a message, but no other content."""
        drawn = self.grammar.draw(self.random, "Message")
        fields = self.grammar.types["Message"]["fields"]
        contents = {
            one["name"] for one in fields[[each["name"] for each in fields].index("text") :]
        }
        kept = {"entities", "caption", "caption_entities", "reply_markup", "link_preview_options"}
        return {name: value for name, value in drawn.items() if name not in contents - kept}

    def _elsewhere(self) -> Said:
        """Words and buttons in a chat that is not private, or not the sender's."""
        said = self._pressed(*self._button()) if self.random.random() < 0.5 else None
        said = said or self._message(self._content())
        part = said.update[said.kind]
        chat = part.get("message", part)["chat"]
        chat |= self.random.choice(
            ({"id": -100_123, "type": "supergroup"}, {"id": self.random.choice(self.others)})
        )
        return _whole(said.kind, part)

    def _of_any_kind(self) -> Said:
        """As the description has it, from this customer where it names anybody."""
        kind, described = next(self.kinds)
        part = self.grammar.draw(self.random, described)
        here = self._here()
        for name in ("from", "user"):
            if name in part:
                part[name] = here["from"]
        if "chat" in part and self.random.random() < 0.5:
            part["chat"] = here["chat"]
        return _whole(kind, part)

    def _here(self) -> dict[str, Any]:
        person = {"id": self.chat_id, "first_name": "Maria", "username": "maria"}
        return {
            "from": person | {"is_bot": False, "language_code": "en"},
            "chat": person | {"type": "private"},
        }


def _whole(kind: str, part: Any, *, walked: bool = False) -> Said:
    """Private words and buttons are to be answered; so says the description, not the bot."""
    holder = part.get("message", part) if kind == "callback_query" else part
    chat = holder.get("chat", {}) if kind in {"message", "callback_query"} else {}
    private = chat.get("type") == "private" and chat["id"] == part.get("from", {}).get("id")
    pressed = kind == "callback_query"
    due = private and (pressed or any(name in part for name in ("text", *CONTENT)))
    press = part["id"] if pressed and private else ""
    return Said(kind, {kind: part}, valid=True, due=due, press=press, walked=walked)


def money_asked(update: Any) -> int:
    """How often a button that may cost something could have been meant."""
    told = str(update)
    return int(any(f":{action}:" in told for action in MONEY))
