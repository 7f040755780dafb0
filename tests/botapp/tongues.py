"""The catalogues, and what an English label is called in another language."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

from botapp import language
from botapp.language import DOMAIN, LOCALES, gettext, speaking

TONGUES = ("en", "es", "ru")
OTHERS = tuple(code for code in TONGUES if code != language.DEFAULT)
SHORT = 7
"""Letters of words that may stand in other languages too."""


def catalogue(code: str) -> Catalog:
    return _read(LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po")


def template() -> Catalog:
    return _read(LOCALES / f"{DOMAIN}.pot")


def in_tongue(label: str, code: str) -> str:
    """`Pay $7.50` is `Оплатить $7.50`; names of carriers and services stay."""
    with speaking(code):
        for pattern, sentence in _patterns(str):
            if found := pattern.fullmatch(label):
                return gettext(sentence).format(**found.groupdict())
    return label


def shown_in(code: str, english: str) -> re.Pattern[str]:
    """What is read where these words of ours, or of others, stand in English, without markup.

    A sentence may be told with its `{facts}`, which are anything then, or by its beginning and an
    ellipsis.
    """
    with speaking(code):
        for pattern, sentence in _patterns(bare):
            if _is_named(bare(sentence), english):
                literals = map(re.escape, pieces(bare(gettext(sentence))))
                return re.compile(".+?".join(literals))
            if found := pattern.fullmatch(english):
                told = bare(gettext(sentence)).format(**found.groupdict())
                return re.compile(re.escape(told))
    return re.compile(re.escape(english))


def is_ours(english: str) -> bool:
    """Whether one of our sentences is told so; what is nearly all facts could be anything."""
    return any(
        _is_named(bare(sentence), english) or pattern.fullmatch(english)
        for pattern, sentence in _patterns(bare)
        if sum(map(len, pieces(sentence))) > SHORT
    )


def _is_named(sentence: str, english: str) -> bool:
    begins = english.endswith("…") and sentence.startswith(english[:-1])
    return begins or sentence == english


def bare(sentence: str) -> str:
    return re.sub("</?[a-z]+>", "", sentence)


@cache
def english_parts(code: str) -> list[str]:
    """Pieces of sentences, of two words at least, that this language says otherwise."""
    parts = {
        piece.strip() for english, _, _ in translated(code) for piece in pieces(bare(english[0]))
    }
    kept = "\n".join(form for _, told, _ in translated(code) for form in told)
    return [part for part in parts if " " in part and len(part) > SHORT and part not in kept]


@cache
def english_labels(code: str) -> set[str]:
    told = {form for _, forms, _ in translated(code) for form in forms}
    return {english[0] for english, _, _ in translated(code)} - told


def translated(code: str) -> Iterator[tuple[list[str], list[str], Message]]:
    """Each with its English and its translated forms; what nobody has translated is left out."""
    for message in catalogue(code) if code in OTHERS else ():
        if message.id:
            english = [message.id] if isinstance(message.id, str) else [*message.id]
            told = [message.string] if isinstance(message.string, str) else [*message.string]
            if any(told):
                yield english, told, message


def pieces(sentence: str) -> list[str]:
    """What stands between the facts."""
    return [literal for literal, *_ in Formatter().parse(sentence)]


def facts(sentence: str) -> list[str]:
    return sorted(name for _, name, *_ in Formatter().parse(sentence) if name)


def _read(path: Path) -> Catalog:
    with path.open("rb") as written:
        return read_po(written)


@cache
def _patterns(form: Callable[[str], str]) -> list[tuple[re.Pattern[str], str]]:
    """Of the sentences in this form. Those that say the most by themselves come first."""
    sentences = [message.id for message in template() if isinstance(message.id, str) and message.id]
    sentences.sort(key=lambda sentence: -sum(map(len, pieces(form(sentence)))))
    return [(_pattern(form(sentence)), sentence) for sentence in sentences]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = Formatter().parse(sentence)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.+)" if name else "") for text, name, *_ in parts)
    )
