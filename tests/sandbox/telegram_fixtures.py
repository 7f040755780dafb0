"""Fixtures of the Telegram sandbox; test modules name this file in `pytest_plugins`."""

from collections.abc import Iterator

import pytest
import telebot
from telebot import apihelper

from tests.sandbox.telegram_live import TOKEN, LiveTelegram


@pytest.fixture
def live() -> Iterator[LiveTelegram]:
    running = LiveTelegram()
    yield running
    running.session.close()
    running.stop()


@pytest.fixture
def journaled(tmp_path) -> Iterator[LiveTelegram]:
    running = LiveTelegram(journal=tmp_path / "journal")
    yield running
    running.session.close()
    running.stop()


@pytest.fixture
def telegram_bot(live, monkeypatch) -> telebot.TeleBot:
    """The unmodified pyTelegramBotAPI client."""
    monkeypatch.setattr(apihelper, "CUSTOM_REQUEST_SENDER", None)
    monkeypatch.setattr(apihelper, "API_URL", f"{live.url}/bot{{0}}/{{1}}")
    monkeypatch.setattr(apihelper, "FILE_URL", f"{live.url}/file/bot{{0}}/{{1}}")
    return telebot.TeleBot(TOKEN, threaded=False)
