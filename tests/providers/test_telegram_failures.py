"""Our Bot API client against a server that misbehaves."""

import re
import traceback

import pytest
from telebot import apihelper

from core.chats import (
    BadMessage,
    ChatUnreachable,
    MessageDoubtful,
    MessageGone,
    TelegramDown,
    TooManyMessages,
)
from providers import telegram
from tests.providers.stand import (
    hangs_up,
    nobody_there,
    resets,
    says,
    sends,
    shop_settings,
    stays_silent,
)

PDF = b"%PDF-1.4 a label"
CHAT = 1001


@pytest.fixture
def odd(stand):
    """A bot whose Telegram is the stand."""
    return telegram.connect(shop_settings(stand.url))


def broken(status: int, description: str, **parameters: int):
    answer = {"ok": False, "error_code": status, "description": description}
    return says(status, answer | ({"parameters": parameters} if parameters else {}))


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (broken(400, "Bad Request: chat not found"), ChatUnreachable),
        (broken(400, "Bad Request: user is deactivated"), ChatUnreachable),
        (broken(403, "Forbidden: user is deactivated"), ChatUnreachable),
        (broken(400, "Bad Request: message is too long"), BadMessage),
        (broken(413, "Request Entity Too Large"), BadMessage),
        (broken(401, "Unauthorized"), TelegramDown),
        (broken(404, "Not Found"), TelegramDown),
        (broken(409, "Conflict: terminated by other getUpdates request"), TelegramDown),
        (broken(429, "Too Many Requests: retry after 7", retry_after=7), TooManyMessages),
        (broken(429, "Too Many Requests"), TooManyMessages),
        (broken(500, "Internal Server Error"), TelegramDown),
        (says(502, b"<html>bad gateway"), TelegramDown),
        (resets, MessageDoubtful),
        (hangs_up, MessageDoubtful),
        (sends(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), MessageDoubtful),
        (says(200, b"<html>"), MessageDoubtful),
        (says(200, {}), MessageDoubtful),
        (says(200, []), MessageDoubtful),
        (says(200, {"ok": True, "result": {}}), MessageDoubtful),
        (says(200, {"ok": False}), MessageDoubtful),
    ],
)
def test_each_failure_is_sorted_by_who_can_help_and_nothing_is_sent_again(odd, stand, act, kind):
    stand.play(act)

    with pytest.raises(kind):
        odd.send_text(CHAT, "Hello")

    assert len(stand.asked) == 1


def test_the_wait_that_telegram_asks_for_is_handed_on(odd, stand):
    stand.play(broken(429, "Too Many Requests: retry after 7", retry_after=7))

    with pytest.raises(TooManyMessages) as caught:
        odd.send_text(CHAT, "Hello")

    assert caught.value.facts == {"retry_after": 7}


@pytest.mark.parametrize("act", [resets, says(200, b"<html>"), broken(500, "Internal")])
def test_what_may_be_done_twice_is_never_doubtful(odd, stand, act):
    calls = [
        odd.get_me,
        lambda: odd.get_updates(0, 1),
        lambda: odd.edit_text(CHAT, 1, "Hello"),
        lambda: odd.answer_press("1"),
        lambda: odd.set_commands([("new", "New")]),
        lambda: odd.download("a-file"),
    ]
    stand.play(*[act] * len(calls))

    for call in calls:
        with pytest.raises(TelegramDown):
            call()


def test_what_has_no_id_of_an_update_keeps_no_update_away(odd, stand):
    nameless = [{}, "x", None, *({"update_id": bad} for bad in ("5", -5, 0, True, 5.0, 2**63))]
    stand.play(says(200, {"ok": True, "result": [*nameless, {"update_id": 5}]}))

    assert odd.get_updates(0, 1) == [{"update_id": 5}]


@pytest.mark.parametrize("endless", ["[" * 3_000 + "]" * 3_000, "9" * 5_000])
def test_an_update_that_cannot_be_read_is_told_by_its_id_and_keeps_no_other_away(
    odd, stand, endless
):
    unreadable = f'{{"update_id":5,"poll":{endless}}}'
    first, both = (
        says(200, f'{{"ok":true,"result":[{updates}]}}'.encode())
        for updates in (unreadable, f'{unreadable},{{"update_id":6}}')
    )
    stand.play(both, first)

    assert odd.get_updates(0, 1) == [{"update_id": 5}]
    assert [re.findall(r"limit=(\d+)", asked.body.decode()) for asked in stand.asked] == [
        ["100"],
        ["1"],
    ]


def test_an_answer_that_was_cut_off_is_asked_for_again_as_a_whole(odd, stand):
    stand.play(says(200, b'{"ok":true,"result":[{"update_id":5,"poll":['))

    with pytest.raises(TelegramDown):
        odd.get_updates(0, 1)


@pytest.mark.parametrize("result", [[{"update_id": "5"}], [1], {"update_id": 5}, "x", 5, None])
def test_an_answer_without_a_single_update_is_asked_for_again_later(odd, stand, result):
    stand.play(says(200, {"ok": True, "result": result}))

    with pytest.raises(TelegramDown):
        odd.get_updates(0, 1)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Bad Request: message can't be edited", MessageGone),
        ("Bad Request: MESSAGE_ID_INVALID", MessageGone),
        ("Bad Request: can't parse entities", BadMessage),
    ],
)
def test_an_edit_fails_for_good_by_name(odd, stand, told, kind):
    stand.play(broken(400, told))

    with pytest.raises(kind):
        odd.edit_text(CHAT, 1, "Hello")


@pytest.mark.parametrize(
    "act",
    [
        resets,
        broken(429, "Too Many Requests"),
        broken(403, "Forbidden: bot was blocked by the user"),
    ],
)
def test_typing_is_a_courtesy_that_stops_nothing(odd, stand, act):
    stand.play(act)

    odd.typing(CHAT)

    assert len(stand.asked) == 1


def test_only_a_late_answer_to_a_press_is_swallowed(odd, stand):
    stand.play(broken(400, "Bad Request: callback query id is empty"))

    with pytest.raises(BadMessage):
        odd.answer_press("")


def test_without_a_connection_nothing_was_sent():
    away = telegram.connect(shop_settings(nobody_there()))

    with pytest.raises(TelegramDown):
        away.send_text(CHAT, "Hello")


def test_a_silent_telegram_leaves_it_open_in_time_and_the_token_out_of_the_log(
    odd, stand, monkeypatch
):
    monkeypatch.setattr(apihelper, "READ_TIMEOUT", 0.2)
    stand.play(stays_silent(stand))

    with pytest.raises(MessageDoubtful) as caught:
        odd.send_text(CHAT, "Hello")

    assert caught.value.facts == {"method": "sendMessage"}
    assert "secret-token" in stand.asked[0].path
    assert "secret-token" not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_came_back_without_its_id_was_still_sent(odd, stand):
    message = {"message_id": 7, "date": 0, "chat": {"id": CHAT, "type": "private"}}
    stand.play(*[says(200, {"ok": True, "result": message})] * 2)

    assert odd.send_document(CHAT, "label.pdf", PDF) == telegram.Sent(7, "")
    assert odd.send_photo(CHAT, b"a picture") == telegram.Sent(7, "")


def test_a_connection_that_idled_is_not_trusted_with_a_message(odd, stand, monkeypatch):
    stand.play(*[says(200, {"ok": True, "result": True})] * 3)

    odd.answer_press("1")
    odd.answer_press("2")
    kept = stand.connections
    monkeypatch.setattr("providers.wire.IDLE_SECONDS", 0)
    odd.answer_press("3")

    assert (kept, stand.connections) == (1, 2)


def test_the_machines_proxy_is_asked_unless_it_is_not_for_this_host(stand, monkeypatch):
    monkeypatch.setenv("http_proxy", stand.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    stand.play(says(200, {"ok": True, "result": True}))

    telegram.connect(shop_settings("http://api.telegram.example")).answer_press("1")
    with pytest.raises(TelegramDown):
        telegram.connect(shop_settings(nobody_there())).answer_press("2")

    assert [asked.path.startswith("http://api.telegram.example/") for asked in stand.asked] == [
        True
    ]
