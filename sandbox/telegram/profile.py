"""Methods about the bot itself, a chat, or a file."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.telegram.bot import NAME, full_bot_user
from sandbox.telegram.calls import Call, Handler, Office
from sandbox.telegram.errors import bad_request
from sandbox.telegram.state import JsonObject

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
_LIMITS = {"name": 64, "description": 512, "short_description": 120}


class Profile:
    def __init__(self, office: Office) -> None:
        self._office = office

    def handlers(self) -> dict[str, Handler]:
        return {
            "getMe": lambda call: full_bot_user(call.token),
            "getChat": self.get_chat,
            "getFile": self.get_file,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "setMyName": lambda call: self._set_text("name", call),
            "getMyName": lambda call: self._get_text("name", call, NAME),
            "setMyDescription": lambda call: self._set_text("description", call),
            "getMyDescription": lambda call: self._get_text("description", call),
            "setMyShortDescription": lambda call: self._set_text("short_description", call),
            "getMyShortDescription": lambda call: self._get_text("short_description", call),
            "setChatMenuButton": self.set_menu_button,
            "getChatMenuButton": self.get_menu_button,
        }

    def get_chat(self, call: Call) -> JsonObject:
        chat = self._office.chat(call.values["chat_id"])
        username = chat.person.get("username")
        return chat.as_telegram() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(_GIFTS, False),
            **({"active_usernames": [username]} if username else {}),
        }

    def get_file(self, call: Call) -> JsonObject:
        record = self._office.state.files.get(call.values["file_id"])
        if record is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        names = {key: record[key] for key in ("file_id", "file_unique_id")}
        return names | {"file_size": record["size"], "file_path": record["path"]}

    def set_commands(self, call: Call) -> bool:
        commands = call.values["commands"]
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:  # noqa: PLR2004  Telegram's limit
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        bare = [one | {"command": one["command"].removeprefix("/")} for one in commands]
        return self._put(_commands_key(call.values), bare)

    def get_commands(self, call: Call) -> list[JsonObject]:
        found: list[JsonObject] = self._office.state.profile.get(_commands_key(call.values), [])
        return found

    def delete_commands(self, call: Call) -> bool:
        return self._put(_commands_key(call.values), [])

    def set_menu_button(self, call: Call) -> bool:
        button = call.values.get("menu_button", {"type": "default"})
        return self._put(f"menu:{call.values.get('chat_id', '')}", button)

    def get_menu_button(self, call: Call) -> JsonObject:
        key = f"menu:{call.values.get('chat_id', '')}"
        button: JsonObject = self._office.state.profile.get(key, {"type": "commands"})
        return button

    def _set_text(self, name: str, call: Call) -> bool:
        text = call.values.get(name, "")
        if len(text) > _LIMITS[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        return self._put(f"{name}:{call.values.get('language_code', '')}", text)

    def _get_text(self, name: str, call: Call, default: str = "") -> JsonObject:
        key = f"{name}:{call.values.get('language_code', '')}"
        return {name: self._office.state.profile.get(key) or default}

    def _put(self, name: str, value: Any) -> bool:
        with self._office.state.changed:
            if self._office.state.profile.get(name) != value:
                self._office.state.commit("profile", name=name, value=value)
        return True


def _commands_key(values: Mapping[str, Any]) -> str:
    scope = json.dumps(values.get("scope") or {"type": "default"}, sort_keys=True)
    return f"commands:{scope}:{values.get('language_code', '')}"


_GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
    "gifts_from_channels",
)  # fmt: skip


def commands_for(state_profile: Mapping[str, Any], chat_id: int, language: str) -> list[JsonObject]:
    """The commands a customer's app lists: the narrowest scope wins, then the language."""
    scopes: tuple[JsonObject, ...] = (
        {"type": "chat", "chat_id": chat_id},
        {"type": "all_private_chats"},
        {"type": "default"},
    )
    for scope in scopes:
        for code in (language, ""):
            key = _commands_key({"scope": scope, "language_code": code})
            if state_profile.get(key):
                found: list[JsonObject] = state_profile[key]
                return found
    return []
