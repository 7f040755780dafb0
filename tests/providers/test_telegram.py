"""Our Bot API client against the sandbox's Telegram."""

import io
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
import requests
import segno

from core.chats import (
    BadMessage,
    ChatUnreachable,
    MessageGone,
    TelegramDown,
    TooManyMessages,
)
from core.keyboards import Button
from providers import telegram
from tests.providers.stand import (
    shop_settings,
)

PDF = b"%PDF-1.4 a label"
KEYBOARD = [[Button("Pay", data="pay:1"), Button("Open", url="https://pay.example/1")]]
CHAT = 1001


def picture() -> bytes:
    drawn = io.BytesIO()
    segno.make("https://pay.example/1").save(drawn, kind="png", scale=5)
    return drawn.getvalue()


PNG = picture()


@pytest.fixture
def bot(sandbox_url):
    return telegram.connect(shop_settings(sandbox_url))


@pytest.fixture
def maria(sandbox, bot):
    maria = sandbox.customer(CHAT)
    maria.say("/start")
    return maria


def shown(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        [(each["text"], each.get("callback_data"), each.get("url")) for each in row] for row in rows
    ]


def test_the_bot_knows_itself(bot):
    me = bot.get_me()

    assert me.bot_id == 1000001
    assert me.username


def test_updates_come_raw_and_stay_until_the_next_offset(bot, maria):
    first = bot.get_updates(0, 1)
    again = bot.get_updates(0, 1)
    confirmed = bot.get_updates(first[-1]["update_id"] + 1, 1)

    assert [update["message"]["text"] for update in first] == ["/start"]
    assert first[0]["message"]["from"]["first_name"] == "Maria"
    assert again == first
    assert confirmed == []


def test_an_empty_poll_waits_as_long_as_it_was_told(bot, maria):
    offset = bot.get_updates(0, 1)[-1]["update_id"] + 1
    started = monotonic()

    updates = bot.get_updates(offset, 1)

    assert updates == []
    assert 0.9 < monotonic() - started < 3


def test_a_text_arrives_with_its_markup_and_buttons(bot, maria):
    message_id = bot.send_text(CHAT, "<b>Hello</b> O&#x27;Brien &amp; sons", KEYBOARD)

    message = maria.messages()[-1]
    assert message["message_id"] == message_id
    assert message["text"] == "Hello O'Brien & sons"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert shown(message) == [[("Pay", "pay:1", None), ("Open", None, "https://pay.example/1")]]


def test_a_text_of_four_thousand_cyrillic_letters_arrives_whole(bot, maria):
    text = "ж" * 4000

    bot.send_text(CHAT, text)

    assert maria.messages()[-1]["text"] == text


def test_an_edit_changes_the_message_and_takes_its_buttons_away(bot, maria):
    message_id = bot.send_text(CHAT, "one", KEYBOARD)

    bot.edit_text(CHAT, message_id, "two")
    bot.edit_text(CHAT, message_id, "two")

    message = maria.messages()[-1]
    assert (message["message_id"], message["text"], shown(message)) == (message_id, "two", [])


def test_buttons_are_taken_from_a_message_that_keeps_its_words(bot, maria):
    message_id = bot.send_text(CHAT, "one", KEYBOARD)

    for _ in range(2):
        bot.take_buttons(CHAT, message_id)
    with pytest.raises(MessageGone):
        bot.take_buttons(CHAT, 999_999)

    message = maria.messages()[-1]
    assert (message["message_id"], message["text"], shown(message)) == (message_id, "one", [])


def test_an_edit_of_a_message_that_is_not_there_says_that_it_is_gone(bot, maria):
    with pytest.raises(MessageGone) as caught:
        bot.edit_text(CHAT, 999_999, "two")

    assert caught.value.facts == {"chat_id": CHAT}


def test_a_document_is_sent_once_with_its_bytes_and_then_by_its_id(bot, maria):
    sent = bot.send_document(CHAT, "label.pdf", PDF, "Your <b>label</b>", KEYBOARD)
    again = bot.send_document(CHAT, "label.pdf", sent.file_id)

    assert maria.documents() == [("label.pdf", PDF), ("label.pdf", PDF)]
    assert again.message_id > sent.message_id
    first = maria.messages()[-2]
    assert (first["caption"], len(shown(first)[0])) == ("Your label", 2)


def test_a_picture_arrives(bot, maria):
    sent = bot.send_photo(CHAT, PNG, "Scan me", KEYBOARD)

    message = maria.messages()[-1]
    assert (message["message_id"], message["caption"]) == (sent.message_id, "Scan me")
    assert message["photo"][-1]["file_id"] == sent.file_id


def test_a_press_is_answered_and_a_late_answer_is_no_matter(bot, maria):
    bot.send_text(CHAT, "Buy?", KEYBOARD)
    maria.press("Pay")
    press = bot.get_updates(0, 1)[-1]["callback_query"]

    bot.answer_press(press["id"])
    bot.answer_press("1234567890")

    assert press["data"] == "pay:1"
    assert len(maria.answers()) == 1


def test_commands_and_typing_are_taken(bot, maria):
    bot.set_commands([("new", "New label"), ("balance", "Your balance")])
    bot.set_commands([("new", "Etiqueta nueva")], "es")
    bot.set_commands([("new", "Новая этикетка")], chat_id=CHAT)
    bot.typing(CHAT, "upload_document")
    scope = {"scope": f'{{"type": "chat", "chat_id": {CHAT}}}'}
    address = f"{maria.sandbox.url}/bot1000001:x/getMyCommands"
    listed = requests.get(address, scope, timeout=5).json()["result"]

    assert listed == [{"command": "new", "description": "Новая этикетка"}]


def test_a_webhook_brings_what_polling_would_have_and_is_taken_down_for_polling(bot, maria):
    bot.set_webhook("http://127.0.0.1:1/webhooks/telegram", "a-secret-of-the-tests")
    with pytest.raises(TelegramDown):
        bot.get_updates(0, 1)
    info = requests.get(f"{maria.sandbox.url}/bot1000001:x/getWebhookInfo", timeout=5).json()

    bot.delete_webhook()
    bot.delete_webhook()

    assert info["result"]["url"] == "http://127.0.0.1:1/webhooks/telegram"
    assert info["result"]["allowed_updates"] == telegram.UPDATE_KINDS
    assert [update["message"]["text"] for update in bot.get_updates(0, 1)] == ["/start"]


def test_a_customer_who_blocked_the_bot_cannot_be_reached(bot, sandbox, maria):
    sandbox.post(f"/chats/{CHAT}/block", {})

    with pytest.raises(ChatUnreachable) as caught:
        bot.send_text(CHAT, "Hello")

    assert caught.value.facts["chat_id"] == CHAT


def test_a_customer_who_never_wrote_cannot_be_reached(bot):
    with pytest.raises(ChatUnreachable):
        bot.send_text(424242, "Hello")


@pytest.mark.parametrize("text", ["", "<b>open", "x" * 5000])
def test_a_text_that_telegram_refuses_is_our_mistake(bot, maria, text):
    with pytest.raises(BadMessage) as caught:
        bot.send_text(CHAT, text)

    assert "Bad Request" in caught.value.facts["told"]


def test_a_flood_is_told_how_long_to_wait(bot, maria):
    def flood():
        for number in range(60):
            bot.send_text(CHAT, f"{number}")

    with pytest.raises(TooManyMessages) as caught:
        flood()

    assert caught.value.facts["retry_after"] >= 1


def test_threads_send_at_the_same_time(bot, maria):
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda number: bot.send_text(CHAT, f"{number}"), range(12)))

    assert len(set(ids)) == 12
    assert len([each for each in maria.messages() if each["from"]["is_bot"]]) == 12
