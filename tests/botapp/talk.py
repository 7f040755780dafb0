"""The conversation over a real MongoDB, with a chat on paper and outsiders that a test steers."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from botapp.board import BatchBoard
from botapp.factory import SCREENS
from botapp.notifier import Notifier
from botapp.shop import Shop
from botapp.states import Place
from botapp.ticks import Ticks
from core.chats import MessageGone
from core.keyboards import Button, Keyboard
from core.urgency import Urgency
from models import connection
from models.draft import Draft
from models.inbox import Update
from models.outbox import Note
from services.drafts import Drafts
from services.inbox import Inbox
from services.saved import Saved
from services.users import Users
from tests.botapp.tongues import in_tongue
from tests.botapp.watched import Watched
from tests.fakes import TurnedClock
from tests.shop import BUYER, SENDER, TestShop
from tests.stores import build_indexes

SENDER_TEXT = "Maria O'Brien\n388 Townsend St\nSan Francisco, CA 94107"
TERRITORY_TEXT = "Ana Rivera\n100 Calle San Francisco\nSan Juan, PR 00901"
RECIPIENT_TEXT = "John Smith\n350 5th Ave\nNew York, NY 10118"


@dataclass
class SentFile:
    message_id: int
    file_id: str


@dataclass
class PaperChat:
    """Keeps every message as it stands; raises what a test queued for a method."""

    shown: dict[int, tuple[str, list[Button]]] = field(default_factory=dict)
    told: list[tuple[str, Keyboard]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    listed: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    sent: dict[str, bytes] = field(default_factory=dict)
    files: list[tuple[str, bytes | str]] = field(default_factory=list)
    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    urgencies: list[Urgency] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def send_text(self, chat_id: int, text: str, keyboard: Keyboard | None = None) -> int:
        self._note("send_text")
        return self._put(next(self.ids), text, keyboard)

    def edit_text(
        self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None
    ) -> None:
        self._note("edit_text")
        if message_id not in self.shown:
            raise MessageGone(chat_id=chat_id)
        self._put(message_id, text, keyboard)

    def take_buttons(self, chat_id: int, message_id: int) -> None:
        self._note("take_buttons")
        self.shown[message_id] = (self.shown[message_id][0], [])

    def send_document(
        self,
        chat_id: int,
        name: str,
        document: bytes | str,
        caption: str = "",
        keyboard: Keyboard | None = None,
    ) -> SentFile:
        self._note("send_document")
        self.files.append((name, document))
        return SentFile(self._put(next(self.ids), caption, keyboard), "file-1")

    def download(self, file_id: str) -> bytes:
        self._note("download")
        return self.sent[file_id]

    def send_photo(
        self, chat_id: int, photo: bytes, caption: str = "", keyboard: Keyboard | None = None
    ) -> SentFile:
        self._note("send_photo")
        self.files.append(("picture.png", photo))
        return SentFile(self._put(next(self.ids), caption, keyboard), "photo-1")

    def answer_press(self, callback_id: str) -> None:
        self._note("answer_press")

    def typing(self, chat_id: int, action: str = "typing") -> None:
        self._note(action)

    def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str = "", chat_id: int = 0
    ) -> None:
        self._note("set_commands")
        self.listed[chat_id] = list(commands)

    def at(self, urgency: Urgency) -> "PaperChat":
        self.urgencies.append(urgency)
        return self

    def _note(self, method: str) -> None:
        self.calls.append(method)
        if self.troubles.get(method):
            raise self.troubles[method].pop(0)

    def _put(self, message_id: int, text: str, keyboard: Keyboard | None) -> int:
        assert 0 < len(text) <= 4096
        self.told.append((text, keyboard or []))
        self.shown[message_id] = (text, [button for row in keyboard or [] for button in row])
        return message_id


@dataclass
class Relay:
    """Hands notes to the notifier, which needs services that need the outbox first."""

    notifier: Notifier | None = None

    def deliver(self, note: Note) -> int:
        assert self.notifier is not None
        return self.notifier.deliver(note)


@dataclass
class BoardRelay:
    """Likewise for the board."""

    board: BatchBoard | None = None

    def show(self, batch_id: str) -> bool:
        assert self.board is not None
        return self.board.show(batch_id)


class Talk:
    """One customer and the bot. Each word is an update of its own.

    Buttons are pressed by their English labels whatever language they speak.
    """

    def __init__(self, chat: PaperChat | None = None) -> None:
        relay, board = Relay(), BoardRelay()
        clock = TurnedClock()
        self.shop = TestShop(clock=clock, notes=relay, board=board, wishes=Ticks(Drafts(clock)))
        self.chat = chat or PaperChat()
        self.inbox = Inbox(self.shop.clock)
        relay.notifier = Notifier(
            chat=self.chat, users=self.shop.users, labels=self.shop.labels, ledger=self.shop.ledger
        )
        board.board = BatchBoard(chat=self.chat, users=self.shop.users, batches=self.shop.batches)
        self.conversation = Watched(self._shop(), SCREENS)
        self.update_ids = itertools.count(1000)

    def _shop(self) -> Shop:
        return Shop(
            chat=self.chat,
            users=Users(self.shop.clock),
            drafts=Drafts(self.shop.clock),
            saved=Saved(self.shop.clock),
            addresses=self.shop.addresses,
            quotes=self.shop.quotes,
            orders=self.shop.orders,
            labels=self.shop.labels,
            voids=self.shop.voids,
            tracking=self.shop.tracking,
            topups=self.shop.topups,
            ledger=self.shop.ledger,
            outbox=self.shop.outbox,
            batches=self.shop.batches,
            exports=self.shop.exports,
            contact="@labeldesk_help",
        )

    def say(self, text: str) -> str:
        return self.handle(self.heard({"text": text}))

    def send(self, name: str, data: bytes) -> str:
        """A document."""
        return self.handle(self.heard({"document": self.document(name, data)}))

    def document(self, name: str, data: bytes) -> dict[str, str | int]:
        file_id = f"up-{len(self.chat.sent)}"
        self.chat.sent[file_id] = data
        return {"file_id": file_id, "file_name": name, "file_size": len(data)}

    def press(self, label: str) -> str:
        return self.handle(self.pressed(label))

    def handle(self, update: Update) -> str:
        """What the customer sees in the newest or just changed message."""
        self.handle_all(update)
        return self.text

    def handle_all(self, *updates: Update) -> None:
        """In one sitting."""
        with self.conversation.sit() as handle:
            for update in updates:
                handle(update)

    def heard(self, content: dict[str, object]) -> Update:
        message = {"message_id": 1, "from": _person(), "chat": _chat(), "date": 0, **content}
        return self.keep({"message": message})

    def pressed(self, label: str) -> Update:
        message_id, button = self.button(in_tongue(label, self.language))
        return self.pressed_data(message_id, button.data)

    def pressed_data(self, message_id: int, data: str) -> Update:
        message = {"message_id": message_id, "chat": _chat(), "date": 0}
        query = {"id": "q", "from": _person(), "message": message, "data": data}
        return self.keep({"callback_query": query})

    def keep(self, content: dict[str, object]) -> Update:
        update_id = next(self.update_ids)
        self.inbox.receive([{"update_id": update_id, **content}])
        return Update.objects.get(pk=f"tg:{update_id}")

    def button(self, label: str) -> tuple[int, Button]:
        """The newest button of this label, or of this rate, and the message that it is under."""
        for message_id, (_, buttons) in sorted(self.chat.shown.items(), reverse=True):
            for button in buttons:
                if label in {button.label, button.label.partition(" · ")[0]}:
                    return message_id, button
        raise AssertionError(f"no button {label!r} in {self.chat.shown}")

    @property
    def language(self) -> str:
        return self.shop.users.get(BUYER).language

    @property
    def text(self) -> str:
        return self.chat.shown[max(self.chat.shown)][0]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.chat.shown[max(self.chat.shown)][1]]

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(pk=BUYER)

    @property
    def place(self) -> str:
        return self.draft.screen

    def add_ups(self) -> None:
        """Two services of another carrier, by another carrier service."""
        ups = self.shop.add_carrier("shipstation", Ground=950, NextDayAir=4_000)
        ups.times["NextDayAir"] = (1, None)
        real = ups._quoted
        ups._quoted = lambda reference: replace(
            real(reference),
            rates=tuple(replace(one, carrier="UPS") for one in real(reference).rates),
        )

    def reach(self, place: Place, *, cents: int = 5_000) -> None:
        """Walk the new-label flow, or the menu, until this screen."""
        for step in _steps_to(place):
            if place in {Place.PAY, Place.BUYING} and step == "/new":
                self.shop.credit(cents)
            if place is Place.PROVIDER:
                self.shop.second_provider()
            if place is Place.VERDICT:
                self.shop.correct(SENDER, street="388 TOWNSEND AVE")
            self.walk((step,))
        assert self.place == place

    def walk(self, steps: Iterable[str]) -> None:
        """Each is a button, as `press:Back`, or a message."""
        for step in steps:
            kind, _, word = step.partition(":")
            if kind == "press":
                self.press(word)
            else:
                self.say(step)


_ADDRESSES = ["/new", SENDER_TEXT, "press:Looks right", RECIPIENT_TEXT, "press:Looks right"]
_PARCEL = [*_ADDRESSES, "2 lb", "10x8x4"]
_ABROAD = [*_ADDRESSES[:3], TERRITORY_TEXT, "press:Looks right", "2 lb 10x8x4"]
_RATES = [*_PARCEL, "press:Get rates"]
_CHOSEN = [*_RATES, "press:USPS Ground"]
_TWO_BEGUN = ["/new", f"{SENDER_TEXT}\n{RECIPIENT_TEXT}", "/new", SENDER_TEXT]
_A_TEMPLATE = [*_PARCEL, "press:Save as template", "Weekly box", "/templates"]
STEPS: dict[Place, Sequence[str]] = {
    Place.MENU: ["/start"],
    Place.HELP: ["/help"],
    Place.LANGUAGE: ["/language"],
    Place.SENDER: ["/new"],
    Place.ADDRESS: ["/new", SENDER_TEXT],
    Place.VERDICT: ["/new", SENDER_TEXT, "press:Looks right"],
    Place.FIELDS: ["/new", SENDER_TEXT, "press:Edit"],
    Place.FIELD: ["/new", "press:Field by field"],
    Place.RECIPIENT: ["/new", SENDER_TEXT, "press:Looks right"],
    Place.PAIR: ["/new", f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"],
    Place.UNFINISHED: [*_TWO_BEGUN, "/start", "press:Unfinished: 2"],
    Place.WEIGHT: _ADDRESSES,
    Place.SIZES: [*_ADDRESSES, "2 lb"],
    Place.CONTENTS: _ABROAD,
    Place.ITEM: [*_ABROAD, "press:Gift"],
    Place.ITEMS: [*_ABROAD, "press:Gift", "2 T-shirts 30 USD 1 lb"],
    Place.CONFIRM: _PARCEL,
    Place.RATES: _RATES,
    Place.PAY: _CHOSEN,
    Place.INSUFFICIENT: _CHOSEN,
    Place.BUYING: [*_CHOSEN, "press:Pay $7.50"],
    Place.TOPUP: ["/topup"],
    Place.PROVIDER: ["/topup", "press:$25"],
    Place.INVOICE: ["/topup", "press:$25"],
    Place.BALANCE: ["/balance"],
    Place.ORDERS: ["/orders"],
    Place.SAVED: ["/start", "press:Saved"],
    Place.SAVED_LIST: _A_TEMPLATE,
    Place.SAVED_ONE: [*_A_TEMPLATE, "press:Weekly box"],
    Place.NAME: [*_PARCEL, "press:Save as template"],
    Place.DELETE: [*_A_TEMPLATE, "press:Weekly box", "press:Delete"],
    Place.FIND: ["/track"],
    Place.SETTINGS: ["/settings"],
    Place.FORGET: ["/forget"],
    Place.ZONE: ["/settings", "press:Time zone"],
}


def _steps_to(place: Place) -> Sequence[str]:
    return STEPS[place]


def _person() -> dict[str, object]:
    return {"id": BUYER, "is_bot": False, "first_name": "Maria", "language_code": "en"}


def _chat() -> dict[str, object]:
    return {"id": BUYER, "type": "private", "first_name": "Maria"}


@pytest.fixture
def talk(mongo_url: str) -> Iterator[Talk]:
    client = connection.connect(mongo_url)
    build_indexes(mongo_url)
    yield Talk()
    connection.disconnect()
    client.close()
