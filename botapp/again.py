"""What was asked in vain, kept with the draft for "Try again"."""

from collections.abc import Mapping
from dataclasses import replace

from botapp.heard import Edit, File, Heard, Press, Text
from botapp.texts import common
from botapp.views import Action, Choice, Row


def kept(heard: Heard) -> dict[str, str]:
    """As a draft can keep it: an edited word like one that is said now."""
    if isinstance(heard, Press):
        return {"action": heard.action, "argument": heard.argument}
    if isinstance(heard, File):
        return {"file": heard.file_id, "name": heard.name}
    if isinstance(heard, Text | Edit):
        return {"text": heard.text, "message_id": str(heard.message_id)}
    return {"action": Action.MENU.value}


def repeated(heard: Heard, asked: dict[str, str] | None) -> Heard:
    """For "Try again" what was asked before; else what is heard."""
    if not isinstance(heard, Press) or heard.action != Action.AGAIN or not asked:
        return heard
    if "text" in asked:
        return Text(asked["text"], int(asked.get("message_id", 0)))
    if "file" in asked:
        return File(asked["file"], asked["name"], 0)
    return replace(heard, action=asked["action"], argument=asked.get("argument", ""))


def rows_with(asked: Mapping[str, str] | None, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """A button that asks for it again, unless one of the screen's own does."""
    shown = [
        {"action": each.action, "argument": each.argument}
        for row in rows
        for each in row
        if isinstance(each, Choice)
    ]
    if not asked or asked in shown:
        return rows
    return ((Choice(common.try_again(), Action.AGAIN),), *rows)
