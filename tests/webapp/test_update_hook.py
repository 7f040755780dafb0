"""Updates brought by Telegram over HTTP: proven, kept before they are answered, heard by a bot."""

import json
from itertools import count
from random import Random

import pytest
from pydantic import SecretStr
from pymongo.errors import AutoReconnect

from models.inbox import Update
from providers import bell
from services.inbox import Inbox
from services.webhook import PATH
from tests.crashes.deaths import die_at, survive
from tests.fuzz import nasty
from tests.providers.stand import nobody_there
from tests.webapp.bending import bent_on_the_way
from tests.webapp.conftest import Desk, with_settings
from webapp.factory import create_app
from webapp.hooks.app import LARGEST_BODY

__all__ = ["die_at"]

SECRET = "a-secret-of-the-tests"
CHAT = 7


@pytest.fixture
def pushed(platform, settings, stranger):
    """The platform of a test's second application: the first has built the indexes."""
    told = {"telegram_webhook_secret": SecretStr(SECRET)}
    return with_settings(platform, settings.model_copy(update=told))


@pytest.fixture
def webhook(pushed):
    return pushed.webhook


@pytest.fixture
def hooks(pushed):
    return Desk(create_app(pushed).test_client())


def said(update_id, text="x"):
    chat = {"id": CHAT, "type": "private"}
    message = {"message_id": 1, "chat": chat, "from": {"id": CHAT}, "text": text}
    return {"update_id": update_id, "message": message}


def bring(hooks, update, secret=SECRET):
    """As Telegram does; answers the status and the words."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    answer = hooks.client.post(PATH, data=body, headers=headers, content_type="application/json")
    return answer.status_code, answer.text


def test_an_update_is_kept_as_it_came_and_a_bot_hears_of_it(hooks, webhook):
    update = said(41, "O'Brien 😀 \ud800")

    assert bring(hooks, update) == (200, "ok")

    assert [kept.raw for kept in Update.objects] == [update]
    assert webhook.wait(1) == [update]


def test_an_update_that_is_brought_again_is_one_update(hooks, webhook):
    assert [bring(hooks, said(41)) for _ in range(3)] == [(200, "ok")] * 3

    assert Update.objects.count() == 1
    assert webhook.wait(1) == [said(41)]


def test_updates_that_overtook_each_other_wait_in_telegrams_order(hooks, webhook):
    for update_id in (43, 41, 42):
        bring(hooks, said(update_id))

    assert [update.update_id for update in webhook.inbox.waiting(CHAT)] == [41, 42, 43]
    assert webhook.wait(1) == [said(41), said(42), said(43)]


def test_who_does_not_know_the_secret_leaves_nothing(hooks, webhook):
    for secret in (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"):
        for body in (said(41), b"x" * (LARGEST_BODY + 1)):
            assert bring(hooks, body, secret) == (403, "forged_update\n")

    assert Update.objects.count() == 0
    assert webhook.bell._redis.dbsize() == 0


def test_what_can_never_be_kept_is_taken_and_not_brought_for_ever(hooks, webhook, capsys):
    for body in (
        b"",
        b"not json",
        b"\xff",
        b"[]",
        b'"41"',
        b"{}",
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e3}',
        b'{"update_id": %d}' % 2**80,
        b"[" * 100_000,
        b'{"update_id": 41, "poll": %s}' % (b"[" * 500 + b"]" * 500),
        b'{"update_id": 41, "poll": "%s"}' % (b"x" * LARGEST_BODY),
    ):
        status, _ = bring(hooks, body)
        assert (status, "update_dropped" in "".join(capsys.readouterr())) == (200, True), body[:40]

    assert Update.objects.count() == 0
    assert bring(hooks, said(42)) == (200, "ok")


class Bringer:
    """One seeded source of whole updates, and of whatever else may be brought."""

    def __init__(self):
        self.random, self.ids, self.brought = Random(20_261_123), count(500_000_000), [b"{}"]

    def next(self):
        """A body, who it says that it is from, and whether it is a whole update."""
        update = said(next(self.ids), nasty.words(self.random))
        body = json.dumps(update).encode()
        [bent] = self.random.choices(
            (
                body,
                nasty.written(nasty.broken(self.random, update)).encode(),
                bent_on_the_way(self.random, body),
                self.random.randbytes(self.random.randint(0, 60)),
                body + b" " * (LARGEST_BODY - self.random.randint(0, len(body) * 2)),
                self.random.choice(self.brought),
            ),
            (40, 30, 15, 3, 2, 10),
        )
        self.brought.append(bent)
        secret = self.random.choice((SECRET,) * 9 + (None, "", SECRET[1:], f"{SECRET} "))
        return bent, secret, bent is body


def test_whatever_is_brought_breaks_nothing_and_whole_updates_are_kept_once(hooks):
    bringer, whole, taken = Bringer(), {}, {}

    for _ in range(300):
        body, secret, is_whole = bringer.next()
        answer = bring(hooks, body, secret)
        if secret != SECRET:
            assert answer == (403, "forged_update\n"), body[:300]
            continue
        assert answer in {(200, "ok"), (200, "dropped\n")}, body[:300]
        if answer == (200, "ok"):
            told = json.loads(body)
            taken.setdefault(told["update_id"], json.dumps(told))
        if is_whole:
            whole[json.loads(body)["update_id"]] = json.dumps(json.loads(body))

    rows = [(update.update_id, json.dumps(update.raw)) for update in Update.objects]
    kept = dict(rows)
    assert len(rows) == len(kept) < 300
    assert len(whole) > 80
    assert whole.items() <= kept.items() <= taken.items()


def test_what_could_not_be_kept_is_to_be_brought_again(hooks, webhook, monkeypatch):
    def away(*_):
        raise AutoReconnect("gone")

    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "receive", away)
        status, _ = bring(hooks, said(41))

    assert status == 503
    assert webhook.bell._redis.dbsize() == 0
    assert bring(hooks, said(41)) == (200, "ok")


def test_a_death_between_keeping_and_answering_loses_and_doubles_nothing(hooks, webhook, die_at):
    die_at("webhook.after_keep")

    assert survive(bring, hooks, said(41)) is None
    assert bring(hooks, said(41)) == (200, "ok")

    assert Update.objects.count() == 1
    assert webhook.wait(1) == [said(41)]


def test_without_redis_the_sweep_finds_what_was_kept(pushed, shop):
    nobody = {"redis_url": nobody_there().replace("http", "redis")}
    unheard = with_settings(pushed, pushed.settings.model_copy(update=nobody))
    hooks = Desk(create_app(unheard).test_client())

    assert [bring(hooks, said(number)) for number in (41, 42)] == [(200, "ok")] * 2

    shop.clock.turn(seconds=6)
    assert unheard.inbox.chats_waiting() == [CHAT]


def test_only_the_newest_are_remembered_while_no_bot_listens(webhook, monkeypatch):
    monkeypatch.setattr(bell, "RINGS_AT_MOST", 3)
    for number in range(1, 6):
        webhook.bell.ring(str(number))

    assert webhook.bell.wait(1) == ["3", "4", "5"]


def test_a_shop_whose_bot_polls_has_no_such_address(stranger):
    assert bring(stranger, said(41)) == (404, "no_payment_provider\n")

    assert Update.objects.count() == 0
