"""The catalogues, and what an English label is called in another language."""

import re
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages import Catalog
from babel.messages.pofile import read_po

from botapp import language
from botapp.language import DOMAIN, LOCALES, gettext, speaking

TONGUES = ("en", "es", "ru")
OTHERS = tuple(code for code in TONGUES if code != language.DEFAULT)


def catalogue(code: str) -> Catalog:
    return _read(LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po")


def template() -> Catalog:
    return _read(LOCALES / f"{DOMAIN}.pot")


def in_tongue(label: str, code: str) -> str:
    """`Pay $7.50` is `Оплатить $7.50`; names of carriers and services stay."""
    with speaking(code):
        for pattern, sentence in _patterns():
            if found := pattern.fullmatch(label):
                return gettext(sentence).format(**found.groupdict())
    return label


def pieces(sentence: str) -> list[str]:
    """What stands between the facts."""
    return [literal for literal, *_ in Formatter().parse(sentence)]


def facts(sentence: str) -> list[str]:
    return sorted(name for _, name, *_ in Formatter().parse(sentence) if name)


def _read(path: Path) -> Catalog:
    with path.open("rb") as written:
        return read_po(written)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Those that say the most by themselves come first."""
    sentences = [message.id for message in template() if isinstance(message.id, str) and message.id]
    sentences.sort(key=lambda sentence: -sum(map(len, pieces(sentence))))
    return [(_pattern(sentence), sentence) for sentence in sentences]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = Formatter().parse(sentence)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, *_ in parts)
    )
