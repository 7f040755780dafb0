"""Telegram's updates as they come, and none of them keeps the others away."""

import re

import structlog
from telebot import apihelper

UPDATE_KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
MOST_UPDATES = 100
UPDATE_ID = re.compile(r'"update_id"\s*:\s*(\d{1,19})\b')

log = structlog.get_logger()


def poll(token: str, offset: int, timeout: int) -> list[object]:
    """Updates from `offset` on. Raises what the library raises.

    JSON may be nested, or count, further than Python reads: an update of that kind would be asked
    for without end. They are asked for one by one then, and of that one only the id is told.
    """
    try:
        return _asked(token, offset, timeout, MOST_UPDATES)
    except apihelper.ApiInvalidJSONException as unread:
        if not _is_endless(unread):
            raise
    try:
        return _asked(token, offset, timeout, 1)
    except apihelper.ApiInvalidJSONException as unread:
        found = UPDATE_ID.search(unread.result.text)
        if not _is_endless(unread) or not found:
            raise
    log.error("update_dropped", update_id=int(found[1]), why="unreadable")
    return [{"update_id": int(found[1])}]


def _asked(token: str, offset: int, timeout: int, most: int) -> list[object]:
    told: list[object] = apihelper.get_updates(
        token,
        offset=offset,
        limit=most,
        allowed_updates=UPDATE_KINDS,
        long_polling_timeout=timeout,
    )
    return told


def _is_endless(unread: apihelper.ApiInvalidJSONException) -> bool:
    """And not cut off on its way, or of somebody between, which is to be asked for again."""
    return type(unread.__context__) in {RecursionError, ValueError}
