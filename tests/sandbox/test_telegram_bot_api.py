"""The bot's side of the sandbox, through the unmodified pyTelegramBotAPI client."""

import io
import json
import math
from itertools import pairwise

import pytest
import requests
from PIL import Image
from telebot import types
from telebot.apihelper import ApiTelegramException

from tests.sandbox.telegram_live import TOKEN

pytest_plugins = ("tests.sandbox.telegram_fixtures",)

MARIA = 1001


def picture():
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return content.getvalue()


def keyboard(*labels):
    markup = types.InlineKeyboardMarkup()
    markup.add(*[types.InlineKeyboardButton(label, callback_data=label) for label in labels])
    return markup


def raw_keyboard(**button):
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


@pytest.fixture
def bot(live, telegram_bot):
    live.says(MARIA, "/start", first_name="Maria", username="maria", language_code="es")
    return telegram_bot


def test_the_bot_learns_who_it_is(bot):
    me = bot.get_me()

    assert (me.id, me.is_bot, me.username) == (4242, True, "labeldesk_bot")


def test_a_message_arrives_with_its_markup_as_entities_and_its_buttons(bot, live):
    text = 'Pay <b>$5 &amp; <i>go</i></b>, <a href="https://example.com/">here</a>'

    sent = bot.send_message(MARIA, text, parse_mode="HTML", reply_markup=keyboard("Yes", "No"))

    shown = live.history(MARIA)["messages"][-1]
    assert sent.message_id == shown["message_id"]
    assert shown["text"] == "Pay $5 & go, here"
    assert shown["entities"] == [
        {"type": "bold", "offset": 4, "length": 7},
        {"type": "italic", "offset": 9, "length": 2},
        {"type": "text_link", "offset": 13, "length": 4, "url": "https://example.com/"},
    ]
    assert shown["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "Yes"}, {"text": "No", "callback_data": "No"}]
    ]
    assert shown["from"]["is_bot"] is True


def test_four_thousand_letters_in_the_url_arrive_whole(bot, live):
    bot.send_message(MARIA, "ы" * 4000)

    assert live.history(MARIA)["messages"][-1]["text"] == "ы" * 4000


def test_an_edit_replaces_text_and_keyboard_in_place(bot, live):
    sent = bot.send_message(MARIA, "One", reply_markup=keyboard("A"))

    bot.edit_message_text("Two", MARIA, sent.message_id)
    bot.edit_message_reply_markup(MARIA, sent.message_id, reply_markup=keyboard("B"))

    [_, shown] = live.history(MARIA)["messages"]
    assert (shown["message_id"], shown["text"]) == (sent.message_id, "Two")
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "B"
    assert shown["edit_date"] >= shown["date"]


def test_a_document_reaches_the_customer_and_the_books_byte_for_byte(bot, live):
    sent = bot.send_document(
        MARIA, types.InputFile(io.BytesIO(b"%PDF-1.4 label"), "label.pdf"), caption="<b>Ready</b>",
        parse_mode="HTML", reply_markup=keyboard("Track"),
    )  # fmt: skip
    again = bot.send_document(MARIA, sent.document.file_id)
    bot.edit_message_caption("Sent", MARIA, sent.message_id)

    file = live.session.get(f"{live.url}/chats/{MARIA}/files/{sent.document.file_id}", timeout=5)
    assert file.content == b"%PDF-1.4 label"
    assert file.headers["Content-Type"] == "application/pdf"
    assert again.document.file_id == sent.document.file_id
    assert bot.download_file(bot.get_file(sent.document.file_id).file_path) == file.content
    assert live.history(MARIA)["messages"][1]["caption"] == "Sent"
    documents = live.world.books()["documents"]
    assert [(row["chat_id"], row["file_name"]) for row in documents] == [(MARIA, "label.pdf")] * 2
    assert len({row["sha256"] for row in documents}) == 1


def test_a_photo_carries_its_size_and_needs_to_be_one(bot, live):
    sent = bot.send_photo(MARIA, picture(), caption="Scan me")

    with pytest.raises(ApiTelegramException, match="IMAGE_PROCESS_FAILED"):
        bot.send_photo(MARIA, b"no picture")

    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    assert len(live.history(MARIA)["messages"]) == 2


def test_a_document_is_not_sent_as_a_photo(bot, live):
    sent = bot.send_document(MARIA, types.InputFile(io.BytesIO(picture()), "qr.png"))

    with pytest.raises(ApiTelegramException, match="can't use file of type Document as Photo"):
        bot.send_photo(MARIA, sent.document.file_id)

    assert len(live.history(MARIA)["messages"]) == 2


def test_a_page_among_the_files_is_handed_down_and_never_shown(bot, live):
    sent = bot.send_document(MARIA, types.InputFile(io.BytesIO(b"<script>"), "page.html"))

    file = live.session.get(f"{live.url}/chats/{MARIA}/files/{sent.document.file_id}", timeout=5)

    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_the_profile_methods_keep_what_they_are_given(bot):
    commands = [types.BotCommand("start", "Main menu")]

    assert bot.set_my_commands(commands)
    assert bot.set_my_commands([], language_code="ru")
    assert bot.set_my_description("Labels")
    assert bot.set_my_short_description("In short")
    assert bot.set_my_name("Desk")
    assert bot.set_chat_menu_button(MARIA, types.MenuButtonCommands())

    assert [one.command for one in bot.get_my_commands()] == ["start"]
    assert bot.get_my_commands(language_code="ru") == []
    assert bot.get_my_description().description == "Labels"
    assert bot.get_my_short_description().short_description == "In short"
    assert bot.get_my_name().name == "Desk"
    assert bot.get_chat_menu_button(MARIA).type == "commands"
    assert bot.delete_my_commands()
    assert bot.get_my_commands() == []


def test_a_chat_tells_its_name_and_an_action_is_taken(bot):
    chat = bot.get_chat(MARIA)

    assert (chat.id, chat.type, chat.first_name, chat.username) == (
        MARIA, "private", "Maria", "maria",
    )  # fmt: skip
    assert bot.send_chat_action(MARIA, "typing") is True


def test_a_deleted_message_is_gone(bot, live):
    sent = bot.send_message(MARIA, "Oops")

    assert bot.delete_message(MARIA, sent.message_id)

    assert [one["text"] for one in live.history(MARIA)["messages"]] == ["/start"]
    with pytest.raises(ApiTelegramException, match="message to delete not found"):
        bot.delete_message(MARIA, sent.message_id)


def test_a_reply_quotes_and_a_missing_message_is_refused(bot):
    first = bot.send_message(MARIA, "First")

    reply = bot.send_message(
        MARIA, "Second", reply_parameters=types.ReplyParameters(first.message_id)
    )

    assert reply.reply_to_message.text == "First"
    with pytest.raises(ApiTelegramException, match="message to be replied not found"):
        bot.send_message(MARIA, "Third", reply_parameters=types.ReplyParameters(9999))
    loose = types.ReplyParameters(9999, allow_sending_without_reply=True)
    assert bot.send_message(MARIA, "Fourth", reply_parameters=loose).reply_to_message is None


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("sendMessage", {"chat_id": 5, "text": "Hi"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "Hi"}, "chat not found"),
        ("sendMessage", {"chat_id": MARIA, "text": " \n "}, "message text is empty"),
        ("sendMessage", {"chat_id": MARIA, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": MARIA, "text": "x" * 4097}, "message is too long"),
        (
            "sendMessage",
            {"chat_id": MARIA, "text": "x", "reply_markup": raw_keyboard(callback_data="ж" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"chat_id": MARIA, "text": "x", "reply_markup": raw_keyboard()},
            ("can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard"),
        ),
        (
            "sendMessage",
            {"chat_id": MARIA, "text": "x", "reply_markup": raw_keyboard(url="nowhere")},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        ("sendDocument", {"chat_id": MARIA, "document": "nothing"},
         "wrong file identifier/HTTP URL specified"),
        ("editMessageText", {"chat_id": MARIA, "message_id": 99, "text": "x"},
         "message to edit not found"),
        ("editMessageText", {"chat_id": MARIA, "message_id": 1, "text": "x"},
         "message can't be edited"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        (
            "sendMessage",
            {"chat_id": MARIA, "text": "x", "reply_markup": {
                "inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}},
            "can't parse inline keyboard button: Button text must be non-empty",
        ),
        ("sendDocument", {"chat_id": MARIA, "document": "x", "caption": "x" * 1025},
         "message caption is too long"),
        ("setWebhook", {"url": "https://a.example", "secret_token": "a b"},
         "bad webhook: secret token contains unallowed characters"),
        ("setMyCommands", {"commands": [{"command": "x", "description": ""}]},
         "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "x", "description": "x"}] * 101},
         "BOT_COMMANDS_TOO_MUCH"),
        ("setMyShortDescription", {"short_description": "x" * 121},
         "bot short description is too long"),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendChatAction", {"chat_id": MARIA, "action": "dance"},
         "wrong parameter action in request"),
        ("setMyCommands", {"commands": [{"command": "Bad!", "description": "x"}]},
         "BOT_COMMAND_INVALID"),
        ("setWebhook", {"url": "ftp://x"},
         "bad webhook: An HTTPS URL must be provided for webhook"),
        ("sendMessage", {"chat_id": MARIA, "text": "x", "colour": "red"},
         "sendMessage has no parameter 'colour'"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_in_telegrams_words(live, bot, method, values, words):
    before = live.history(MARIA)

    description = live.refusal(method, **values)

    assert description == f"Bad Request: {words}"
    assert live.history(MARIA) == before


def test_an_edit_that_changes_nothing_is_refused(bot):
    sent = bot.send_message(MARIA, "<b>Same</b>", parse_mode="HTML", reply_markup=keyboard("A"))

    with pytest.raises(ApiTelegramException) as refused:
        bot.edit_message_text(
            "<b>Same</b>", MARIA, sent.message_id, parse_mode="HTML", reply_markup=keyboard("A")
        )
    with pytest.raises(ApiTelegramException, match="message is not modified"):
        bot.edit_message_reply_markup(MARIA, sent.message_id, reply_markup=keyboard("A"))

    assert refused.value.description == (
        "Bad Request: message is not modified: specified new message content and reply markup"
        " are exactly the same as a current content and reply markup of the message"
    )


def test_text_and_caption_are_edited_by_their_own_methods(bot):
    words = bot.send_message(MARIA, "Words")
    file = bot.send_document(MARIA, types.InputFile(io.BytesIO(b"x"), "x.txt"))

    with pytest.raises(ApiTelegramException, match="there is no text in the message to edit"):
        bot.edit_message_text("x", MARIA, file.message_id)
    with pytest.raises(ApiTelegramException, match="there is no caption in the message to edit"):
        bot.edit_message_caption("x", MARIA, words.message_id)


def test_a_token_without_a_colon_and_an_unknown_method_are_turned_away(live):
    assert live.call("getMe", token="nonsense") == {
        "ok": False, "error_code": 401, "description": "Unauthorized",
    }  # fmt: skip
    assert live.call("flyAway") == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_a_call_may_come_by_url_form_json_or_multipart_in_any_case(live, bot):
    url = f"{live.url}/bot{TOKEN}/sendMESSAGE"
    values = {"chat_id": str(MARIA), "text": "Hi", "disable_notification": "True"}

    answers = [
        requests.get(url, params=values, timeout=5),
        requests.post(url, data=values, timeout=5),
        requests.post(url, json={"chat_id": MARIA, "text": "Hi"}, timeout=5),
        requests.post(
            url, files={name: (None, value) for name, value in values.items()}, timeout=5
        ),
    ]

    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    ids = [answer.json()["result"]["message_id"] for answer in answers]
    assert all(later == earlier + 1 for earlier, later in pairwise(ids))
    assert not requests.post(
        url, data="[1", headers={"Content-Type": "application/json"}, timeout=5
    ).ok


def test_an_attached_file_is_found_by_its_name(live, bot):
    answer = requests.post(
        f"{live.url}/bot{TOKEN}/sendDocument",
        data={"chat_id": MARIA, "document": "attach://paper"},
        files={"paper": ("label.pdf", b"%PDF")},
        timeout=5,
    )

    assert answer.json()["result"]["document"]["file_name"] == "label.pdf"


def test_a_blocked_bot_is_told_so_until_it_is_unblocked(live, bot):
    live.customer(MARIA, "block")

    with pytest.raises(ApiTelegramException) as refused:
        bot.send_message(MARIA, "Hello?")
    live.customer(MARIA, "unblock")

    assert refused.value.error_code == 403
    assert refused.value.description == "Forbidden: bot was blocked by the user"
    assert bot.send_message(MARIA, "Hello!").text == "Hello!"


def test_a_flood_to_one_chat_is_slowed_to_a_message_a_second(live, bot):
    for number in range(20):
        bot.send_message(MARIA, str(number))
    live.clock.now += 0.25

    refused = live.call("sendMessage", chat_id=MARIA, text="one too many")

    assert refused["error_code"] == 429
    assert refused["description"] == "Too Many Requests: retry after 1"
    assert refused["parameters"] == {"retry_after": 1}
    assert len(live.history(MARIA)["messages"]) == 21
    live.clock.now += 0.75
    assert live.call("sendMessage", chat_id=MARIA, text="later")["ok"]
    assert not live.call("sendMessage", chat_id=MARIA, text="too soon")["ok"]


def test_thirty_messages_a_second_is_all_there_is_for_everybody(live, bot):
    for chat_id in range(2000, 2040):
        live.says(chat_id, "/start")

    answers = [live.call("sendMessage", chat_id=2000 + n, text="News") for n in range(40)]

    assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 10
    live.clock.now += 1
    assert live.call("sendMessage", chat_id=2039, text="News")["ok"]


@pytest.mark.parametrize(
    ("fault", "code", "happened"),
    [("error_500", 500, False), ("error_500_after", 500, True), ("rate_limit", 429, False)],
)
def test_a_fault_on_order_strikes_once_in_the_bot_apis_own_shape(live, bot, fault, code, happened):
    live.world.faults.add(
        [{"service": "telegram", "call": "POST /sendMessage", "fault": fault, "seconds": 2.5}]
    )

    struck = live.call("sendMessage", chat_id=MARIA, text="Hi")

    assert struck["error_code"] == code
    assert struck.get("parameters") == ({"retry_after": math.ceil(2.5)} if code == 429 else None)
    assert (live.history(MARIA)["messages"][-1]["text"] == "Hi") is happened
    assert live.call("sendMessage", chat_id=MARIA, text="Again")["ok"]
    assert live.world.books()["calls"]["telegram POST /sendMessage"] == 2


def test_a_connection_reset_after_the_work_leaves_the_message_sent(live, bot):
    live.world.faults.add(
        [{"service": "telegram", "call": "POST /sendMessage", "fault": "reset_after"}]
    )

    with pytest.raises(requests.ConnectionError):
        bot.send_message(MARIA, "Sent anyway")

    assert live.history(MARIA)["messages"][-1]["text"] == "Sent anyway"


def test_broken_json_in_a_parameter_names_the_parameter(live, bot):
    answer = requests.post(
        f"{live.url}/bot{TOKEN}/sendMessage",
        data={"chat_id": MARIA, "text": "x", "reply_markup": "{"},
        timeout=5,
    )

    assert json.loads(answer.text)["description"] == "Bad Request: reply_markup: is not JSON"
