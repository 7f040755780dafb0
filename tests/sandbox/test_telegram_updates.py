"""How updates reach the bot: in order, until confirmed, through a kill, by poll or webhook."""

import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

from tests.sandbox import telegram_live

pytest_plugins = ("tests.sandbox.telegram_fixtures",)

MARIA, JOHN = 1001, 1002


def texts(updates):
    return [update["message"]["text"] for update in updates]


def test_updates_stay_until_an_offset_confirms_them(live):
    live.says(MARIA, "one")
    live.says(JOHN, "two")
    live.says(MARIA, "three")

    first = live.updates(limit=2)
    again = live.updates()
    rest = live.updates(offset=first[-1]["update_id"] + 1)

    assert texts(first) == ["one", "two"]
    assert texts(again) == ["one", "two", "three"]
    assert texts(rest) == ["three"]
    ids = [update["update_id"] for update in again]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert live.updates(offset=ids[-1] + 1) == []
    assert live.result("getWebhookInfo")["pending_update_count"] == 0


def test_a_negative_offset_forgets_all_but_the_last(live):
    for text in ("one", "two", "three"):
        live.says(MARIA, text)

    assert texts(live.updates(offset=-1)) == ["three"]
    assert texts(live.updates()) == ["three"]


def test_a_long_poll_answers_as_soon_as_somebody_writes(live):
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(lambda: live.updates(timeout=20))
        live.says(MARIA, "at last")

        assert texts(waiting.result(5)) == ["at last"]


def test_a_second_poll_ends_the_first_with_a_conflict(live):
    first_asked = live.world.books
    with ThreadPoolExecutor(1) as other:
        first = other.submit(lambda: live.call("getUpdates", timeout=20))
        while not first_asked()["calls"]:
            threading.Event().wait(0.01)
        threading.Event().wait(0.1)
        second = live.call("getUpdates", timeout=0)

    assert first.result(5) == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    assert second == {"ok": True, "result": []}


def test_a_bot_hears_only_the_kinds_it_asked_for_and_goes_on_so(live):
    live.updates(allowed_updates=["callback_query"])
    live.says(MARIA, "unheard")
    live.updates()
    live.says(MARIA, "unheard too")
    live.updates(allowed_updates=[])
    live.says(MARIA, "heard")

    assert texts(live.updates()) == ["heard"]


def test_a_block_is_an_update_of_its_own(live):
    live.says(MARIA, "/start")

    live.customer(MARIA, "block")
    live.customer(MARIA, "block")
    live.customer(MARIA, "unblock")

    kinds = [update["my_chat_member"] for update in live.updates()[1:]]
    assert [kind["new_chat_member"]["status"] for kind in kinds] == ["kicked", "member"]
    assert [kind["old_chat_member"]["status"] for kind in kinds] == ["member", "kicked"]


def test_update_twice_delivers_again_even_after_the_confirmation(live):
    live.world.faults.add(
        [{"service": "telegram", "call": "getUpdates", "fault": "update_twice", "times": 1}]
    )
    live.says(MARIA, "pay")

    first = live.updates()
    live.says(MARIA, "thanks")
    second = live.updates(offset=first[-1]["update_id"] + 1)
    third = live.updates(offset=second[-1]["update_id"] + 1)

    assert texts(first) == ["pay"]
    assert texts(second) == ["pay", "thanks"]
    assert third == []


def test_a_restart_forgets_nothing_and_reuses_no_id(journaled):
    journaled.says(MARIA, "one", first_name="Maria")
    sent = journaled.result("sendMessage", chat_id=MARIA, text="Hi")
    journaled.result("setMyCommands", commands=[{"command": "new", "description": "New"}])
    upload = {"document": ("list.csv", b"a,b\n1,2\n")}
    url = f"{journaled.url}/chats/{MARIA}/messages"
    file = journaled.session.post(url, files=upload, timeout=5).json()["document"]
    before = journaled.history(MARIA)
    [confirmed, *_, last] = journaled.updates()
    journaled.updates(offset=confirmed["update_id"] + 1)

    journaled.restart()

    assert journaled.history(MARIA) == before
    assert [one["update_id"] for one in journaled.updates()] == [last["update_id"]]
    assert journaled.result("getMyCommands") == [{"command": "new", "description": "New"}]
    path = f"{journaled.url}/chats/{MARIA}/files/{file['file_id']}"
    assert journaled.session.get(path, timeout=5).content == b"a,b\n1,2\n"
    newer = journaled.says(MARIA, "two")
    assert newer["message_id"] > file_message_id(before) > sent["message_id"]
    assert journaled.updates()[-1]["update_id"] == last["update_id"] + 1


def file_message_id(history):
    return next(one["message_id"] for one in history["messages"] if "document" in one)


def started_process(journal):
    """The sandbox as a process of its own; answers it and its base URL."""
    process = subprocess.Popen(
        [sys.executable, telegram_live.__file__, str(journal)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(telegram_live.__file__).parents[2])},
        text=True,
    )
    return process, f"http://127.0.0.1:{int(process.stdout.readline())}"


def killed(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_an_unconfirmed_update_and_a_waiting_button_survive_kill_9(tmp_path):
    process, url = started_process(tmp_path / "journal")
    wanted = requests.post(f"{url}/chats/{MARIA}/messages", json={"text": "/start"}, timeout=5)
    [before] = requests.get(f"{url}/bot4:x/getUpdates", timeout=5).json()["result"]
    killed(process)

    process, url = started_process(tmp_path / "journal")
    [after] = requests.get(f"{url}/bot4:x/getUpdates", timeout=5).json()["result"]
    killed(process)

    assert after == before
    assert after["message"] == wanted.json()


class Hook(BaseHTTPRequestHandler):
    """A bot behind a webhook that answers with the statuses it was given, then with 200."""

    statuses: list[int]
    heard: list[tuple[str, str]]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        text = re.search(r'"text": ?"(\w+)"', body)[1]
        self.heard.append((text, self.headers["X-Telegram-Bot-Api-Secret-Token"]))
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        self.end_headers()

    def log_message(self, format, *args):  # noqa: A002  the name it overrides
        return


@pytest.fixture
def hook():
    Hook.statuses, Hook.heard = [], []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def wait_until(condition):
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("waited 5 s in vain")


def test_a_webhook_is_tried_again_until_it_takes_the_update_in_order(live, hook):
    Hook.statuses = [500]

    live.result("setWebhook", url=hook, secret_token="s-3cret")
    live.says(MARIA, "one")
    live.says(MARIA, "two")
    wait_until(lambda: live.result("getWebhookInfo")["pending_update_count"] == 0)

    assert Hook.heard == [("one", "s-3cret"), ("one", "s-3cret"), ("two", "s-3cret")]
    info = live.result("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (hook, 40)
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


def test_polling_is_refused_while_a_webhook_is_set(live, hook):
    live.result("setWebhook", url=hook)

    refused = live.call("getUpdates")
    live.result("deleteWebhook", drop_pending_updates=True)

    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook")
    assert live.updates() == []
    assert live.result("getWebhookInfo") == {
        "url": "", "has_custom_certificate": False, "pending_update_count": 0,
    }  # fmt: skip


def test_dropping_pending_updates_drops_them(live):
    live.says(MARIA, "old")

    live.result("deleteWebhook", drop_pending_updates=True)

    assert live.updates() == []


def test_update_twice_holds_for_a_webhook_too(live, hook):
    live.world.faults.add([{"service": "telegram", "call": "getUpdates", "fault": "update_twice"}])

    live.result("setWebhook", url=hook)
    live.says(MARIA, "one")
    wait_until(lambda: live.result("getWebhookInfo")["pending_update_count"] == 0)

    assert [text for text, _ in Hook.heard] == ["one", "one"]
