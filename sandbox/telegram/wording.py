"""Text as Telegram keeps it: cleaned, measured in UTF-16, with its commands and links marked."""

import re
from typing import Any

from sandbox.telegram.errors import bad_request

Entity = dict[str, Any]

_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(@\w+)?(?=[\s.,;:!?)]|$)")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,:;!?)\]}']")


def cleaned(text: str) -> str:
    """Without control characters and edges of white space. Raises on a broken code point."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return _BLANKED.sub(" ", _DROPPED.sub("", text))


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def found_entities(text: str) -> list[Entity]:
    """Commands and links, as Telegram finds them in any text by itself."""
    found = [("bot_command", match) for match in _COMMAND.finditer(text)]
    found += [("url", match) for match in _LINK.finditer(text)]
    return [
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for kind, match in sorted(found, key=lambda pair: pair[1].start())
    ]


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip the edges and move the entities along."""
    lost = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    size = utf16_length(text)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - lost, 0)
        end = min(entity["offset"] - lost + entity["length"], size)
        if start < end:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """The given entities and those found between them, by place."""
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    free = [
        entity
        for entity in found_entities(text)
        if all(
            entity["offset"] + entity["length"] <= start or entity["offset"] >= end
            for start, end in taken
        )
    ]
    return sorted([*entities, *free], key=lambda entity: (entity["offset"], -entity["length"]))
