"""What was asked in vain, kept with the draft for "Try again"."""

from dataclasses import replace

from botapp.heard import Edit, File, Heard, Press, Text
from botapp.views import Action


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
