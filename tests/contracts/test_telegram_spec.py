"""The Telegram sandbox against the public description of the Bot API."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from telebot import types

from sandbox.telegram import spec_table
from sandbox.telegram.spec import Judge, Misuse
from tests.sandbox.telegram_live import TOKEN

pytest_plugins = ("tests.sandbox.telegram_fixtures",)

SPEC = Path(__file__).parents[3] / "shared/contracts/telegram/api.json"
MARIA = 1001
MINIMUM = {"chat_id": 1, "text": "x"}

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason=f"{SPEC} is not on this machine")


@pytest.fixture(scope="module")
def described():
    return json.loads(SPEC.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judge(described):
    return Judge(described["methods"], described["types"])


@pytest.fixture(autouse=True)
def _judged_by_the_full_description(monkeypatch):
    monkeypatch.setenv("SANDBOX_TELEGRAM_SPEC", str(SPEC))


def test_the_built_in_table_says_nothing_that_the_description_does_not(described):
    own = spec_table.built_in_judge()

    for method, entry in own.methods.items():
        fields = {
            field["name"]: (sorted(field["types"]), field["required"])
            for field in described["methods"][method].get("fields", [])
        }
        for field in entry["fields"]:
            assert (method, fields[field["name"]]) == (
                method, (sorted(field["types"]), field["required"]),
            )  # fmt: skip


def test_the_built_in_table_takes_every_parameter_that_needs_to_be(described):
    own = spec_table.built_in_judge()

    for method, entry in own.methods.items():
        required = {
            f["name"] for f in described["methods"][method].get("fields", []) if f["required"]
        }
        assert {field["name"] for field in entry["fields"] if field["required"]} == required


def test_every_method_of_the_sandbox_is_in_the_table(live):
    adapter = live.server.app.url_map.bind("127.0.0.1")
    view, _ = adapter.match(f"/bot{TOKEN}/getMe")

    handlers = live.server.app.view_functions[view].__self__.methods()

    assert handlers == set(spec_table.built_in_judge().methods)


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        ("sendMessage", {"chat_id": 1}, "sendMessage needs the parameter 'text'"),
        ("sendMessage", MINIMUM | {"txt": "x"}, "sendMessage has no parameter 'txt'"),
        ("sendMessage", MINIMUM | {"disable_notification": "maybe"},
         "disable_notification: must be of type Boolean"),
        ("editMessageText", {"text": "x", "message_id": "7.5"},
         "message_id: must be of type Integer"),
        ("sendMessage", MINIMUM | {"link_preview_options": {"is_disabled": "true"}},
         "link_preview_options.is_disabled: must be of type Boolean"),
        ("sendMessage", MINIMUM | {"link_preview_options": {"disabled": True}},
         "link_preview_options: LinkPreviewOptions has no field 'disabled'"),
        ("sendMessage", MINIMUM | {"entities": '[{"type": "bold", "offset": 0}]'},
         "entities[0]: MessageEntity needs the field 'length'"),
        ("sendMessage", MINIMUM | {"entities": "{}"}, "entities: must be an array"),
        ("sendMessage", MINIMUM | {"entities": "[1]"},
         "entities[0]: must be an object of type MessageEntity"),
        ("sendMessage", MINIMUM | {"entities": "["}, "entities: is not JSON"),
        ("editMessageReplyMarkup",
         {"reply_markup": '{"inline_keyboard": [[{"text": "A", "callback_data": 5}]]}'},
         "reply_markup.inline_keyboard[0][0].callback_data: must be of type String"),
        ("setWebhook", {"url": "https://a.example", "certificate": "attach://c"},
         "certificate: no file 'c' came with the request"),
        ("setMyCommands", {"commands": "[]", "scope": {"type": "chat"}},
         "scope: BotCommandScopeChat needs the field 'chat_id'"),
    ],
)  # fmt: skip
def test_the_judge_names_what_is_wrong(judge, method, given, words):
    with pytest.raises(Misuse) as misuse:
        judge.read(method, given)

    assert str(misuse.value) == words


def test_the_judge_refuses_a_file_where_none_belongs(judge):
    with pytest.raises(Misuse, match="text: must not be a file"):
        judge.read("sendMessage", {"chat_id": "1"}, ["text"])
    with pytest.raises(Misuse, match="has no parameter 'paper'"):
        judge.read("sendMessage", MINIMUM, ["paper"])


def test_the_judge_turns_text_into_values(judge):
    given = {
        "chat_id": "-5", "text": "12", "protect_content": "False",
        "reply_markup": '{"remove_keyboard": true}',
    }  # fmt: skip

    values = judge.read("sendMessage", given)

    assert values == {
        "chat_id": -5, "text": "12", "protect_content": False,
        "reply_markup": {"remove_keyboard": True},
    }  # fmt: skip
    assert judge.read("sendMessage", {"chat_id": "@desk", "text": 12})["text"] == "12"
    assert judge.read("sendLocation", {"chat_id": 1, "latitude": "1.5", "longitude": 2}) == {
        "chat_id": 1, "latitude": 1.5, "longitude": 2,
    }  # fmt: skip


def test_every_call_of_the_client_passes_and_every_answer_fits_its_type(live, telegram_bot, judge):
    live.says(MARIA, "/start", first_name="Maria", username="maria")
    markup = types.InlineKeyboardMarkup()
    markup.add(
        types.InlineKeyboardButton("Buy", callback_data="buy", style="success"),
        types.InlineKeyboardButton("Pay", url="http://127.0.0.1:8081/checkout/oxapay/1"),
    )
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "JPEG")
    bot = telegram_bot

    sent = bot.send_message(
        MARIA, "<b>Hi</b>", parse_mode="HTML", reply_markup=markup, disable_notification=True,
        protect_content=False, link_preview_options=types.LinkPreviewOptions(is_disabled=True),
    )  # fmt: skip
    bot.edit_message_text("New", MARIA, sent.message_id, reply_markup=markup)
    bot.edit_message_reply_markup(MARIA, sent.message_id, reply_markup=None)
    bot.send_document(MARIA, types.InputFile(io.BytesIO(b"%PDF"), "l.pdf"), reply_markup=markup)
    bot.send_photo(MARIA, picture.getvalue(), caption="QR", reply_markup=markup)
    bot.set_my_commands(
        [types.BotCommand("new", "New")], types.BotCommandScopeAllPrivateChats(), "en"
    )
    bot.set_webhook("https://example.invalid/hook", secret_token="s", allowed_updates=["message"])
    bot.delete_webhook(drop_pending_updates=False)
    live.updates(allowed_updates=[])
    press = live.customer(MARIA, "press", message_id=sent.message_id, data="buy").json()
    bot.answer_callback_query(press["id"], "Done", show_alert=True)
    live.customer(MARIA, "block")
    live.customer(MARIA, "unblock")

    judge.fits("User", live.result("getMe"))
    judge.fits("ChatFullInfo", live.result("getChat", chat_id=MARIA))
    judge.fits("WebhookInfo", live.result("getWebhookInfo"))
    judge.fits("Array of Message", live.history(MARIA)["messages"])
    judge.fits("Array of Update", live.updates())
    judge.fits("Array of BotCommand", live.result("getMyCommands"))
    file_id = live.history(MARIA)["messages"][-1]["photo"][0]["file_id"]
    judge.fits("File", live.result("getFile", file_id=file_id))
    assert [bot.get_updates(timeout=0)[0].message.text] == ["/start"]
    assert [kind for one in live.updates() for kind in one if kind != "update_id"] == [
        "message", "callback_query", "my_chat_member", "my_chat_member",
    ]  # fmt: skip
