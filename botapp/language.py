"""The language of whoever is being answered: one a thread of work, English without a catalogue."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime

DOMAIN = "labeldesk"
LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"

_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak the language of a Telegram client (`ru`, `es-MX`), or English, within the block."""
    token = _spoken.set(supported(code))
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    return _catalogue(_spoken.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(_spoken.get()).ngettext(one, many, count)


def supported(code: str) -> str:
    """`es` for `es-MX`; English for a language that has no catalogue."""
    language = code.partition("-")[0].lower()
    return language if language in _languages() else DEFAULT


def day(moment: datetime) -> str:
    """As `Jan 5`."""
    return format_datetime(moment, "MMM d", locale=_spoken.get())


def hour(moment: datetime) -> str:
    """As `14:05 UTC`."""
    return format_datetime(moment, "HH:mm 'UTC'", locale=_spoken.get())


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, LOCALES, [language], fallback=True)


@cache
def _languages() -> frozenset[str]:
    return frozenset(file.parts[-3] for file in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
