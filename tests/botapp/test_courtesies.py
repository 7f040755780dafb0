"""Buttons stop spinning and long work shows, whatever else a chat is busy with."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from threading import Event, Thread

import pytest

from botapp import courtesies as module
from botapp.conversation import Conversation
from botapp.courtesies import Courtesies
from botapp.dispatcher import Dispatcher
from botapp.poller import Poller
from botapp.sources import Polling
from botapp.states import Place
from core.chats import TelegramDown
from models.inbox import Update
from tests.botapp.talk import STEPS, PaperChat
from tests.customer import wait_for
from tests.shop import BUYER


class Chat(PaperChat):
    """Writes down which presses were answered, and who was shown a sign."""

    def __init__(self):
        super().__init__()
        self.answered = []
        self.signs = []

    def answer_press(self, callback_id):
        super().answer_press(callback_id)
        self.answered.append(callback_id)

    def typing(self, chat_id, action="typing"):
        self.signs.append(chat_id)


class Line:
    def __init__(self, *updates):
        self.updates = updates

    def get_updates(self, offset, timeout):
        return list(self.updates)


@pytest.fixture
def chat():
    return Chat()


def pressed(update_id):
    person = {"id": BUYER, "is_bot": False, "first_name": "Maria", "language_code": "en"}
    message = {"message_id": 1, "chat": {"id": BUYER, "type": "private"}, "date": 0}
    query = {"id": f"q{update_id}", "from": person, "message": message, "data": "1:new:"}
    return {"update_id": update_id, "callback_query": query}


def test_a_press_is_answered_while_its_chat_is_busy_with_an_earlier_one(talk, chat):
    courtesies, gate = Courtesies(chat), Event()
    dispatcher = Dispatcher(
        talk.inbox,
        talk.shop.users,
        sit=lambda: nullcontext(lambda _: gate.wait(60)),
        apologise=lambda _: None,
        greet=courtesies.greet,
    )

    for update_id in (1, 2):
        line = Line(pressed(update_id))
        Poller(line, Polling(line, talk.inbox), dispatcher, Event()).poll(1)
    answered = wait_for(lambda: len(chat.answered) == 2)
    handled = Update.objects(handled_at__ne=None).count()
    gate.set()
    dispatcher.stop()

    assert answered
    assert handled == 0


def test_a_press_is_answered_once_by_whoever_comes_first(chat):
    courtesies = Courtesies(chat)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(courtesies.answer_press, ["q1"] * 8 + ["q2"] * 8))

    assert sorted(chat.answered) == ["q1", "q2"]


def test_only_so_many_presses_are_remembered_and_none_that_telegram_never_numbers_so(
    chat, monkeypatch
):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    courtesies = Courtesies(chat)
    endless = "9" * 1_000

    for callback_id in ("q1", "q2", endless, endless, "q2", "q3", "q1"):
        courtesies.answer_press(callback_id)

    assert chat.answered == ["q1", "q2", endless, endless, "q3", "q1"]


def test_an_answer_that_telegram_does_not_take_stops_nothing(talk, chat):
    talk.say("/start")
    update = talk.pressed("Balance")
    chat.troubles["answer_press"] = [TelegramDown(method="answerCallbackQuery")]
    talk.conversation = type(talk.conversation)(
        talk.conversation.shop, talk.conversation.screens, Courtesies(chat)
    )

    assert "Available: " in talk.handle(update)
    assert chat.calls == ["answer_press"]
    assert chat.answered == []


def test_work_that_takes_long_shows_in_its_chat_again_and_again(chat, monkeypatch):
    monkeypatch.setattr(module, "SIGN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(module, "SIGN_LASTS_SECONDS", 0.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    courtesies, gate = Courtesies(chat), Event()

    def work():
        with courtesies.working(BUYER):
            gate.wait(60)

    worker = Thread(target=work)
    worker.start()
    shown = wait_for(lambda: chat.signs.count(BUYER) >= 3)
    gate.set()
    worker.join()

    assert shown
    assert wait_for(lambda: not courtesies._watched)
    with courtesies.working(BUYER + 1):
        assert wait_for(lambda: BUYER + 1 in chat.signs)


def test_quick_work_shows_nothing(chat, monkeypatch):
    monkeypatch.setattr(module, "SIGN_AFTER_SECONDS", 60.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    courtesies = Courtesies(chat)

    for _ in range(3):
        with courtesies.working(BUYER):
            pass

    assert wait_for(lambda: not courtesies._watched)
    assert chat.signs == []


def test_one_message_has_buttons_however_much_is_typed(talk):
    talk.conversation = replace(talk.conversation, courtesies=Courtesies(talk.chat))
    talk.chat.troubles["take_buttons"] = [TelegramDown(method="editMessageReplyMarkup")]

    talk.reach(Place.SIZES)

    assert wait_for(lambda: talk.chat.calls.count("take_buttons") == 3)
    assert wait_for(lambda: len(with_buttons(talk)) == 2)
    assert with_buttons(talk) == [min(talk.chat.shown), max(talk.chat.shown)]
    assert all(text for text, _ in talk.chat.shown.values())


def test_an_invoice_can_be_paid_after_its_customer_went_on(talk):
    talk.conversation = replace(talk.conversation, courtesies=Courtesies(talk.chat))
    talk.reach(Place.INVOICE)
    invoice = talk.draft.message_id

    for _ in range(2):
        talk.say("/start")

    assert wait_for(lambda: "take_buttons" in talk.chat.calls)
    assert with_buttons(talk) == [invoice, max(talk.chat.shown)]


def test_old_buttons_stay_while_others_wait_for_answers(talk):
    courtesies = Courtesies(talk.chat)
    talk.conversation = replace(talk.conversation, courtesies=courtesies)
    talk.say("/new")

    with courtesies.working(BUYER + 1):
        talk.say("/start")
    talk.say("/start")

    assert wait_for(lambda: "take_buttons" in talk.chat.calls)
    assert with_buttons(talk) == [min(talk.chat.shown), max(talk.chat.shown)]


def with_buttons(talk):
    return [message_id for message_id, (_, buttons) in talk.chat.shown.items() if buttons]


def test_whatever_is_heard_shows_as_work_until_it_is_answered(talk, chat, monkeypatch):
    monkeypatch.setattr(module, "SIGN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(chat, "send_text", lambda *_: wait_for(lambda: BUYER in chat.signs) and 7)
    shop = replace(talk.conversation.shop, chat=chat)
    conversation = Conversation(shop, talk.conversation.screens, Courtesies(chat))

    with conversation.sit() as handle:
        handle(talk.heard({"text": "/start"}))

    assert set(chat.signs) == {BUYER}
    assert talk.draft.message_id == 7


@pytest.mark.parametrize(
    "steps",
    [
        [*STEPS[Place.BUYING]],
        ["/balance", "press:CSV"],
        ["/export"],
    ],
)
def test_a_file_is_announced_before_it_is_sent(talk, steps):
    talk.shop.credit(750)
    talk.walk(steps)
    talk.chat.calls.clear()

    talk.shop.work()

    at = talk.chat.calls.index("send_document")
    assert talk.chat.calls[at - 1] == "upload_document"
