"""From a call's parameters to the text, entities and keyboard of a message."""

from collections.abc import Mapping
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.keyboards import accepted_keyboard
from sandbox.telegram.markup import from_html
from sandbox.telegram.wording import Entity, cleaned, trimmed, with_found

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024


def formatted(
    source: str, parse_mode: str | None, entities: list[Entity]
) -> tuple[str, list[Entity]]:
    text = cleaned(source)
    if parse_mode and parse_mode.lower() == "html":
        text, entities = from_html(text)
    elif parse_mode:
        raise bad_request(f"unsupported parse_mode: the sandbox reads HTML, not {parse_mode}")
    text, entities = trimmed(text, entities)
    return text, with_found(text, entities)


def composed_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """`text` and `entities` of a message."""
    given = values.get("text") or "", values.get("parse_mode"), values.get("entities") or []
    text, entities = formatted(*given)
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LENGTH:
        raise bad_request("message is too long")
    preview = values.get("link_preview_options")
    return (
        {"text": text}
        | ({"entities": entities} if entities else {})
        | ({"link_preview_options": preview} if preview else {})
    )


def composed_caption(values: Mapping[str, Any]) -> dict[str, Any]:
    """`caption` and `caption_entities`; nothing for an empty caption."""
    given = values.get("caption") or "", values.get("parse_mode")
    text, entities = formatted(*given, values.get("caption_entities") or [])
    if len(text) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def composed_keyboard(values: Mapping[str, Any]) -> dict[str, Any]:
    keyboard = accepted_keyboard(values.get("reply_markup"))
    return {"reply_markup": keyboard} if keyboard else {}
