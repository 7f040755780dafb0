# ruff: noqa: RUF001 - Cyrillic letters are what this is about
"""The text in a file, whatever encoding it was saved in."""

import codecs
import re

from core.tables.flaws import BadTable

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CYRILLIC = "а-яёА-ЯЁ"
_RUSSIAN = re.compile(f"[{_CYRILLIC}]{{2}}")
_STRAY = re.compile(f"(?<![{_CYRILLIC}])[{_CYRILLIC}](?![{_CYRILLIC}])")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else Windows Cyrillic or Western.

    Raises BadTable for what is no text.
    """
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _text(data[len(mark) :], encoding)
    try:
        return _text(data, "utf-8")
    except BadTable:
        return _text(data, _old_encoding(data))


def _old_encoding(data: bytes) -> str:
    """Western letters read as Cyrillic stand alone among Latin ones; Russian stands in words."""
    cyrillic = data.decode("cp1251", "replace")
    if len(_RUSSIAN.findall(cyrillic)) > len(_STRAY.findall(cyrillic)):
        return "cp1251"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _text(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadTable(reason="not_text") from error
    if _NO_TEXT.search(text):
        raise BadTable(reason="not_text")
    return text
