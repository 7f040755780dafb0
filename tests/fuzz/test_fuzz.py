"""Whatever Telegram may bring, and whatever it may not, every chat goes on.

The large form is `make fuzz UPDATES=100000`.
"""

import json
import os

import pytest

from botapp import heard, markup
from providers import polls
from tests.fuzz.__main__ import DESCRIPTION
from tests.fuzz.grammar import Grammar
from tests.fuzz.run import run

SMALL, CONTROL = 400, 1_000
UPDATES = int(os.environ.get("FUZZ_UPDATES", SMALL))
SEED = 1
LARGE = pytest.mark.skipif(UPDATES <= SMALL, reason="it takes FUZZ_UPDATES of more to find it")

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason=f"{DESCRIPTION} is not on this machine"
)


@pytest.fixture(scope="module")
def description():
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))


@pytest.fixture
def stores(mongo_url, redis_url):
    return mongo_url, redis_url


def test_no_update_stops_the_bot_or_a_chat(stores, description):
    outcome = run(description, *stores, updates=UPDATES, seed=SEED)

    assert outcome.failures == 0, "\n".join(outcome.words)
    assert outcome.updates >= UPDATES
    assert set(outcome.kinds) == set(Grammar(description["types"]).kinds)
    assert len(outcome.places) >= 20


@pytest.mark.parametrize(
    ("guard", "found"),
    [
        pytest.param((heard, "_is_private", lambda *_: True), "an answer that nobody asked for"),
        pytest.param(
            (markup, "escape", lambda text, **_: text), "can't parse entities", marks=LARGE
        ),
        pytest.param((polls, "_is_endless", lambda _: False), "stuck", marks=LARGE),
    ],
    ids=["privacy", "markup", "polls"],
)
def test_a_bot_without_a_guard_is_found_out(stores, description, monkeypatch, guard, found):
    monkeypatch.setattr(*guard)

    outcome = run(description, *stores, updates=CONTROL, seed=SEED, chats=16, bearable=1)

    assert any(found in words for words in outcome.words), outcome.words
