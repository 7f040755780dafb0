"""HTML of the Bot API turned into plain text and entities, refused in Telegram's words."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import BotApiError, bad_request
from sandbox.telegram.wording import Entity, utf16_length

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_PIECE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});|<|[^<&]+|&")
_TAG = re.compile(r"<(/?)([^\s>/]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int


@dataclass(slots=True)
class _Reader:
    source: str
    text: str = ""
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        place = 0
        while place < len(self.source):
            piece = _PIECE.match(self.source, place)
            if piece is None:
                raise self._refusal("Unexpected symbol", place)
            if piece.group() == "<":
                place = self._tag(place)
            else:
                self.text += _plain(piece.group())
                place = piece.end()
        if self.stack:
            tag = self.stack[-1].tag
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.text, self.entities

    def _tag(self, place: int) -> int:
        match = _TAG.match(self.source, place)
        if match is None:
            kind = "end" if self.source.startswith("</", place) else "start"
            raise self._refusal(f"Unclosed {kind} tag", place)
        if match[1]:
            self._close(match[2].lower(), place)
        else:
            self._open(match[2].lower(), match[3], place)
        return match.end()

    def _open(self, tag: str, rest: str, place: int) -> None:
        if tag not in _KINDS:
            raise self._refusal(f'Unsupported start tag "{tag}"', place)
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(rest)
        }
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refusal('Tag "span" must have class "tg-spoiler"', place)
        self.stack.append(_Open(tag, attributes, utf16_length(self.text)))

    def _close(self, tag: str, place: int) -> None:
        if not self.stack:
            raise self._refusal("Unexpected end tag", place)
        opened = self.stack.pop()
        if opened.tag != tag:
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise self._refusal("Unmatched end tag", place, f", {expected}")
        length = utf16_length(self.text) - opened.start
        details = _details(opened, self.text)
        if length and details is not None:
            place_of = {"offset": opened.start, "length": length}
            if tag == "pre" and self.entities[-1:] == [{"type": "code", **place_of}]:
                self.entities.pop()
            self.entities.append({"type": _KINDS[tag], **place_of, **details})

    def _refusal(self, what: str, place: int, more: str = "") -> BotApiError:
        offset = len(self.source[:place].encode())
        return _unparsed(f"{what} at byte offset {offset}{more}")


def _unparsed(why: str) -> BotApiError:
    return bad_request(f"can't parse entities: {why}")


def _plain(piece: str) -> str:
    return html.unescape(piece) if piece.endswith(";") and piece.startswith("&") else piece


def _details(opened: _Open, text: str) -> dict[str, Any] | None:
    """The fields beyond type and place; None where the tag makes no entity at all."""
    if opened.tag == "a":
        encoded = text.encode("utf-16-le")
        url = opened.attributes.get("href") or encoded[opened.start * 2 :].decode("utf-16-le")
        return {"url": url} if re.match(r"(https?|tg|mailto|tel):", url) else None
    if opened.tag == "tg-emoji":
        return {"custom_emoji_id": opened.attributes.get("emoji-id", "")}
    return {}


def from_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities (places in UTF-16 units). Raises BotApiError for broken markup."""
    return _Reader(source).read()
