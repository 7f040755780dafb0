"""The language of whoever is being answered: one a thread of work, English without a catalogue.

Catalogues are read as translators write them: there is no compiled file that could be old.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.quiet import clock_of

DOMAIN = "labeldesk"
LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"

_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)
_zone: ContextVar[str] = ContextVar("zone", default="")


@contextmanager
def speaking(code: str, zone: str = "") -> Iterator[None]:
    """Speak the language of a Telegram client (`ru`, `es-MX`), or English, within the block.

    And tell the time by the customer's own clock, if they have said where that is.
    """
    tokens = _spoken.set(supported(code)), _zone.set(zone)
    try:
        yield
    finally:
        _spoken.reset(tokens[0])
        _zone.reset(tokens[1])


def speak(code: str) -> None:
    """Go on in another language until the end of the block."""
    _spoken.set(supported(code))


def spoken() -> str:
    """The language of this block."""
    return _spoken.get()


def gettext(message: str) -> str:
    return _catalogue(_spoken.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(_spoken.get()).ngettext(one, many, count)


def supported(code: str) -> str:
    """`es` for `es-MX`; English for a language that has no catalogue."""
    language = code.partition("-")[0].lower()
    return language if language in languages() else DEFAULT


@cache
def languages() -> tuple[str, ...]:
    """All that have a catalogue, and English."""
    written = {file.parts[-3] for file in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    return tuple(sorted({DEFAULT, *written}))


@cache
def own_name(code: str) -> str:
    """As its speakers write it: `English`, `Español`."""
    return str(Locale(code).display_name).capitalize()


def day(moment: datetime) -> str:
    """As `Jan 5`. Without the dots of short months: a sentence may end after it."""
    return format_skeleton("MMMd", moment, locale=_spoken.get()).replace(".", "")


def hour(moment: datetime) -> str:
    """As `2:05 PM UTC`, or `7:05 AM` by the customer's own clock."""
    told = local(moment)
    return f"{clock_time(told)} UTC" if str(told.tzinfo) == "UTC" else clock_time(told)


def clock_time(moment: datetime) -> str:
    """As `2:05 PM`, or `14:05` where people say so, by the clock that the moment is told by."""
    return format_time(moment, "short", locale=_spoken.get())


def local(moment: datetime) -> datetime:
    """By the clock that `hour` goes by: the day that stands beside an hour is of it, too."""
    return moment.astimezone(clock_of(_zone.get()))


@cache
def _catalogue(language: str) -> NullTranslations:
    source = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not source.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as written:
        write_mo(compiled, read_po(written))
    compiled.seek(0)
    return GNUTranslations(compiled)
