"""The customers' side of the sandbox: the interface that tests and the chat page use."""

import pytest

pytest_plugins = ("tests.sandbox.telegram_fixtures",)

MARIA = 1001
ANSWER_TOO_LATE = (
    "Bad Request: query is too old and response timeout expired or query ID is invalid"
)


def keyboard(*labels):
    return {
        "inline_keyboard": [[{"text": label, "callback_data": f"go:{label}"}] for label in labels]
    }


@pytest.fixture
def asked(live):
    """Maria's chat with one question of the bot's; answers the question's message id."""
    live.says(MARIA, "/start", first_name="Maria")
    markup = keyboard("USPS Ground $12.40", "UPS Ground $17.02", "Cancel")
    markup["inline_keyboard"].append([{"text": "Pay", "url": "https://example.com/pay"}])
    return live.result("sendMessage", chat_id=MARIA, text="Which?", reply_markup=markup)[
        "message_id"
    ]


def test_a_message_is_answered_as_telegram_shows_it_to_the_bot(live):
    sent = live.says(MARIA, "/new 2 lb", first_name="Maria", username="maria", language_code="es")

    assert sent == {
        "message_id": 1,
        "from": {
            "id": MARIA, "is_bot": False, "first_name": "Maria", "username": "maria",
            "language_code": "es",
        },
        "chat": {"id": MARIA, "first_name": "Maria", "username": "maria", "type": "private"},
        "date": int(live.clock.now),
        "text": "/new 2 lb",
        "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
    }  # fmt: skip
    [update] = live.updates()
    assert update["message"] == sent


def test_a_customer_without_a_name_gets_one_and_keeps_a_given_one(live):
    unnamed = live.says(MARIA, "hello")
    named = live.says(MARIA, "hello", first_name="Maria")
    later = live.says(MARIA, "hello")

    assert [one["from"]["first_name"] for one in (unnamed, named, later)] == [
        "Customer 1001", "Maria", "Maria",
    ]  # fmt: skip
    assert unnamed["from"]["language_code"] == "en"


def test_control_characters_and_edges_are_cleaned_as_telegram_cleans_them(live):
    assert live.says(MARIA, " \u202ea\x00b\r\nc\t ")["text"] == "a b\nc"


@pytest.mark.parametrize("body", [{"text": "   "}, {"text": 5}, {}, [], {"text": "\ud800"}])
def test_what_no_app_would_send_is_refused_with_the_reason(live, body):
    url = f"{live.url}/chats/{MARIA}/messages"

    answer = live.session.post(url, json=body, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert live.updates() == []


def test_a_text_too_long_for_one_message_becomes_several(live):
    last = live.says(MARIA, "word " * 2000)

    messages = live.history(MARIA)["messages"]
    assert [len(one["text"]) <= 4096 for one in messages] == [True] * 3
    assert " ".join(one["text"] for one in messages) == ("word " * 2000).strip()
    assert messages[-1] == last
    assert len(live.updates()) == 3


@pytest.mark.parametrize("label", ["USPS Ground $12.40", "USPS", "$12.40"])
def test_a_button_is_pressed_by_its_label_or_a_unique_part(live, asked, label):
    query = live.customer(MARIA, "press", message_id=asked, text=label).json()

    assert query["data"] == "go:USPS Ground $12.40"
    assert query["message"]["message_id"] == asked
    assert query["from"]["id"] == MARIA
    assert live.updates()[-1]["callback_query"] == query


@pytest.mark.parametrize(
    ("press", "error"),
    [
        ({"text": "FedEx"}, "there is no button 'FedEx'"),
        ({"text": "Ground"}, "more than one button has 'Ground' in its label"),
        ({"text": ""}, "there is no button ''"),
        ({"data": "go:FedEx"}, "no button sends 'go:FedEx'"),
        ({"text": "Pay"}, "this button opens https://example.com/pay: it sends nothing"),
    ],
)
def test_a_press_on_no_button_names_the_buttons_there_are(live, asked, press, error):
    before = live.updates()

    answer = live.customer(MARIA, "press", message_id=asked, **press)

    assert answer.status_code == 400
    assert answer.json() == {
        "error": error,
        "buttons": ["USPS Ground $12.40", "UPS Ground $17.02", "Cancel", "Pay"],
    }
    assert live.updates() == before


def test_a_finger_that_was_faster_than_the_edit_still_presses(live, asked):
    live.result("editMessageText", chat_id=MARIA, message_id=asked, text="Done")

    by_data = live.customer(MARIA, "press", message_id=asked, data="go:Cancel")
    by_label = live.customer(MARIA, "press", message_id=asked, text="Cancel")

    assert by_data.json()["data"] == "go:Cancel"
    assert by_label.status_code == 400


def test_the_answer_to_a_press_appears_in_the_history_once(live, asked):
    query = live.customer(MARIA, "press", message_id=asked, text="Cancel").json()

    live.result("answerCallbackQuery", callback_query_id=query["id"], text="Gone", show_alert=True)

    [answer] = live.history(MARIA)["answers"]
    assert answer["callback_query_id"] == query["id"]
    assert (answer["message_id"], answer["text"], answer["show_alert"]) == (asked, "Gone", True)
    assert live.refusal("answerCallbackQuery", callback_query_id=query["id"]) == ANSWER_TOO_LATE


def test_an_answer_that_comes_too_late_or_to_nothing_is_refused(live, asked):
    query = live.customer(MARIA, "press", message_id=asked, text="Cancel").json()
    live.clock.now += 21

    late = live.refusal("answerCallbackQuery", callback_query_id=query["id"], text="Sorry")
    unknown = live.refusal("answerCallbackQuery", callback_query_id="1")
    long = live.refusal("answerCallbackQuery", callback_query_id="1", text="x" * 201)

    assert (late, unknown) == (ANSWER_TOO_LATE, ANSWER_TOO_LATE)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    assert live.history(MARIA)["answers"] == []


def test_two_presses_are_two_queries(live, asked):
    one = live.customer(MARIA, "press", message_id=asked, text="Cancel").json()
    two = live.customer(MARIA, "press", message_id=asked, text="Cancel").json()

    assert one["id"] != two["id"]


def test_a_customer_edits_their_own_text_and_nobody_elses(live, asked):
    edited = live.customer(MARIA, "edit", message_id=1, text="/help").json()

    assert (edited["text"], edited["edit_date"]) == ("/help", int(live.clock.now))
    assert live.updates()[-1]["edited_message"] == edited
    assert live.history(MARIA)["messages"][0] == edited
    assert live.customer(MARIA, "edit", message_id=asked, text="x").status_code == 400
    assert live.customer(MARIA, "edit", message_id=1, text="").status_code == 400
    assert live.customer(MARIA, "edit", message_id=99, text="x").status_code == 404
    assert live.customer(MARIA, "edit", message_id="1", text="x").status_code == 400


def test_after_shows_only_newer_messages_oldest_first(live, asked):
    live.says(MARIA, "newer")
    live.says(MARIA, "newest")

    messages = live.history(MARIA, after=asked)["messages"]

    assert [one["text"] for one in messages] == ["newer", "newest"]
    assert live.history(4711) == {"messages": [], "answers": []}


def test_a_customer_who_blocked_the_bot_neither_writes_nor_presses(live, asked):
    live.customer(MARIA, "block")

    assert live.customer(MARIA, "messages", text="hi").status_code == 400
    assert live.customer(MARIA, "press", message_id=asked, text="Cancel").status_code == 400
    assert live.customer(4711, "block").status_code == 404


def test_a_sticker_of_a_customers_reaches_the_bot_without_words(live):
    live.customer(MARIA, "messages", sticker="👍").raise_for_status()

    [update] = live.updates()
    message = update["message"]
    assert message["sticker"]["emoji"] == "👍"
    assert "text" not in message


def test_a_document_of_a_customers_reaches_the_bot_with_its_words(live):
    answer = live.session.post(
        f"{live.url}/chats/{MARIA}/messages",
        files={"document": ("batch.csv", b"a,b")},
        data={"caption": " two rows ", "from": '{"first_name": "Maria"}'},
        timeout=5,
    )

    message = answer.json()
    assert (message["document"]["file_name"], message["caption"]) == ("batch.csv", "two rows")
    assert message["from"]["first_name"] == "Maria"
    path = live.result("getFile", file_id=message["document"]["file_id"])["file_path"]
    assert live.session.get(f"{live.url}/file/bot4:x/{path}", timeout=5).content == b"a,b"
    assert live.session.get(f"{live.url}/file/bot4:x/{path}x", timeout=5).status_code == 404
    assert live.session.get(f"{live.url}/file/botx/{path}", timeout=5).status_code == 404
    assert live.world.books()["documents"] == []


@pytest.mark.parametrize("person", ["{", "[]"])
def test_an_unreadable_sender_is_refused(live, person):
    answer = live.session.post(
        f"{live.url}/chats/{MARIA}/messages",
        files={"document": ("a.csv", b"a")},
        data={"from": person},
        timeout=5,
    )

    assert answer.status_code == 400


def test_an_empty_file_is_refused_and_a_file_shows_only_in_its_chat(live):
    url = f"{live.url}/chats/{MARIA}/messages"
    empty = live.session.post(url, files={"document": ("a.csv", b"")}, timeout=5)
    kept = live.session.post(url, files={"document": ("a.csv", b"a")}, timeout=5).json()
    live.says(1002, "/start")

    file = f"files/{kept['document']['file_id']}"
    assert empty.status_code == 400
    assert live.session.get(f"{live.url}/chats/{MARIA}/{file}", timeout=5).content == b"a"
    assert live.session.get(f"{live.url}/chats/1002/{file}", timeout=5).status_code == 404


def test_an_update_holds_the_message_as_it_was_then(live, asked):
    live.customer(MARIA, "press", message_id=asked, text="Cancel")

    live.result("editMessageText", chat_id=MARIA, message_id=asked, text="Changed")

    assert live.updates()[-1]["callback_query"]["message"]["text"] == "Which?"
