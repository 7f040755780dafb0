"""Whatever comes in place of an update, reading it raises nothing."""

import pytest

from botapp.heard import Blocked, Command, Edit, File, Press, Text, Wordless, read_update

CHAT = {"id": 7, "type": "private"}
MARIA = {"id": 7, "first_name": "Maria"}
SAID = {"from": MARIA, "chat": CHAT, "text": "x"}
PRESSED = {"id": "q", "from": MARIA, "message": {"message_id": 1, "chat": CHAT}, "data": "1:new:"}


@pytest.mark.parametrize(
    "raw",
    [
        {"message": SAID | {"chat": CHAT | {"id": 8}}},
        {"message": SAID | {"chat": CHAT | {"type": ["private"]}}},
        {"message": SAID | {"from": MARIA | {"id": True}}},
        {"message": SAID | {"from": MARIA | {"id": 2**63}}},
        {"message": SAID | {"from": MARIA | {"id": 7.0}}},
        {"message": SAID | {"from": MARIA | {"id": -1}, "chat": CHAT | {"id": -1}}},
        {"callback_query": PRESSED | {"message": {"message_id": 2**63, "chat": CHAT}}},
        {"callback_query": PRESSED | {"message": None}},
        {"my_chat_member": SAID | {"new_chat_member": {"status": {"left": 1}}}},
        {"my_chat_member": SAID | {"new_chat_member": "left"}},
    ],
)
def test_what_no_customer_can_mean_is_heard_as_nothing(raw):
    assert read_update(raw) is None


@pytest.mark.parametrize("kind", ["checklist", "game", "live_photo", "paid_media", "rich_message"])
def test_what_holds_no_words_of_ours_is_heard_as_such(kind):
    _, sent = read_update({"message": {"from": MARIA, "chat": CHAT, kind: {}}})

    assert sent == Wordless()


def test_words_under_a_picture_are_heard_and_a_file_is_read_itself():
    picture = {"from": MARIA, "chat": CHAT, "message_id": 5, "photo": [{}], "caption": "2 lb"}
    file = picture | {"document": {"file_id": "f"}}

    heard = [
        read_update({kind: message | {"edit_date": 1}})[1]
        for message in (picture, picture | {"caption": "/new"}, file)
        for kind in ("message", "edited_message")
    ]

    assert heard[:2] == [Text("2 lb", 5), Edit("2 lb", 5)]
    assert heard[2:4] == [Command("new"), Edit("/new", 5)]
    assert heard[4:] == [File("f", "", 0)] * 2
    assert read_update({"message": picture | {"caption": ""}})[1] == Wordless(5)
    assert read_update({"edited_message": picture | {"caption": "", "edit_date": 1}}) is None


def test_half_a_character_becomes_a_question_mark_wherever_it_stands():
    _, text = read_update({"message": SAID | {"text": "a\ud800b"}})
    _, press = read_update({"callback_query": PRESSED | {"id": "\udfff", "data": "1:new:\ud800"}})
    document = {"file_id": "f\ud800", "file_name": "\ud800.csv", "file_size": -(2**70)}
    _, file = read_update({"message": {"from": MARIA, "chat": CHAT, "document": document}})

    assert text == Text("a?b")
    assert press == Press("?", 1, "1", "new", "?")
    assert file == File("f?", "?.csv", 0)


def test_a_customer_who_left_is_heard():
    _, left = read_update({"my_chat_member": SAID | {"new_chat_member": {"status": "kicked"}}})

    assert left == Blocked()
