"""Who the bot is, as its token tells."""

import re
from typing import Any

_ID = re.compile(r"[1-9][0-9]{0,14}")
NAME = "Labeldesk"
USERNAME = "labeldesk_bot"
DEFAULT_ID = 7_000_000_001


def bot_id(token: str) -> int:
    """Telegram's tokens begin with the bot's id; any other text gets one fixed id."""
    number = token.partition(":")[0]
    return int(number) if _ID.fullmatch(number) else DEFAULT_ID


def bot_user(token: str) -> dict[str, Any]:
    return {"id": bot_id(token), "is_bot": True, "first_name": NAME, "username": USERNAME}


def full_bot_user(token: str) -> dict[str, Any]:
    """What getMe tells beyond the user in messages."""
    return bot_user(token) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
