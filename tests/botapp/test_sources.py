"""A bot that is told of updates: the same chats, in the same order, as one that asks for them."""

import json
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from threading import Event, Thread

import pytest
from pydantic import SecretStr, ValidationError

import bootstrap
from botapp import handling as module
from botapp.handling import sweep
from botapp.poller import Poller
from botapp.sources import Polling, Pushing, source_of
from core.errors import Unavailable
from core.settings import Settings
from models import connection
from services import inbox as inboxes
from services.webhook import Webhook
from tests.botapp.test_dispatcher import Handling, dispatching, said
from tests.customer import wait_for

SECRET = "a-secret-of-the-tests"


class PaperBell:
    """Rings for whoever waits; a test may take it away."""

    def __init__(self):
        self.rung, self.away, self.asked = [], False, Event()

    def ring(self, subject_id):
        if not self.away:
            self.rung.append(subject_id)

    def wait(self, seconds):
        self.asked.set()
        if self.away:
            raise Unavailable(cause="gone")
        Event().wait(0.001)
        heard, self.rung = self.rung, []
        return heard


@pytest.fixture
def webhook(inbox):
    return Webhook(url="https://shop.example", secret=SECRET, inbox=inbox, bell=PaperBell())


class Line:
    """Telegram's side that a poller speaks to before it hears."""

    def __init__(self):
        self.told = []

    def set_commands(self, commands, language=""):
        self.told.append(language)

    def set_webhook(self, url, secret):
        self.told.append((url, secret))


def brought(webhook, *updates):
    for update in updates:
        assert webhook.take(json.dumps(update).encode())


@contextmanager
def bot(webhook, handling):
    """One process that is told; answers whom it greeted."""
    greeted, stopping = [], Event()

    def greet(updates):
        greeted.extend(one["update_id"] for one in updates)

    with dispatching(webhook.inbox, handling, greet=greet) as dispatcher:
        poller = Poller(Line(), Pushing(Line(), webhook), dispatcher, stopping)
        thread = Thread(target=poller.run)
        thread.start()
        yield greeted
        stopping.set()
        thread.join()


def handled(handling):
    return sorted(chain.from_iterable(handling.seen.values()))


def test_bots_that_are_told_share_the_chats_and_keep_their_order(webhook):
    handling = Handling()
    ids = list(range(1, 31))

    with bot(webhook, handling) as one, bot(webhook, handling) as other:
        brought(webhook, *(said(number, number % 3 + 1) for number in ids))
        assert wait_for(lambda: handled(handling) == ids)
        assert wait_for(lambda: sorted(one + other) == ids)

    assert handling.overlaps == 0
    assert all(seen == sorted(seen) for seen in handling.seen.values())


def test_an_update_that_was_overtaken_is_heard_all_the_same(webhook):
    handling = Handling()

    with bot(webhook, handling):
        brought(webhook, said(2, 7))
        assert wait_for(lambda: handled(handling) == [2])
        brought(webhook, said(1, 7))
        assert wait_for(lambda: handled(handling) == [1, 2])


def test_while_nobody_can_be_heard_the_sweep_finds_them_and_then_they_are_heard_again(
    webhook, monkeypatch
):
    handling, stopping = Handling(), Event()
    webhook.bell.away = True
    monkeypatch.setattr(inboxes, "HANDLED_WITHIN", timedelta(0))
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.01)

    with bot(webhook, handling), dispatching(webhook.inbox, handling) as sweeper:
        brought(webhook, said(1, 7))
        assert wait_for(webhook.bell.asked.is_set)
        assert handled(handling) == []
        sweeping = Thread(target=sweep, args=(webhook.inbox, sweeper, stopping))
        sweeping.start()
        assert wait_for(lambda: handled(handling) == [1])
        stopping.set()
        sweeping.join()
        webhook.bell.away = False
        brought(webhook, said(2, 7))
        assert wait_for(lambda: handled(handling) == [1, 2])


def test_the_setting_alone_says_whether_telegram_brings_or_is_asked(settings, sandbox):
    path = f"/bot{settings.telegram_token.get_secret_value()}/getWebhookInfo"
    secret = settings.model_copy(update={"telegram_webhook_secret": SecretStr(SECRET)})
    found = []

    for options in (secret, settings):
        source = source_of(bootstrap.build(options))
        source.open()
        found.append((type(source), sandbox.get(path).json()["result"]["url"]))
        connection.disconnect()

    assert found == [(Pushing, "http://127.0.0.1:8080/webhooks/telegram"), (Polling, "")]


@pytest.mark.parametrize("secret", ["", "x" * 15, "x" * 257, "é" * 20, "with a space in it"])
def test_a_secret_that_telegram_would_not_take_or_that_is_soon_guessed_is_refused(settings, secret):
    with pytest.raises(ValidationError, match="16 to 256 characters"):
        Settings(_env_file=None, **settings.model_dump() | {"telegram_webhook_secret": secret})
