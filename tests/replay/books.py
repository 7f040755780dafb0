"""All that the shop has kept of a conversation, in a form in which two runs can be compared."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from difflib import ndiff
from itertools import count
from typing import Any

from models import connection
from models.inbox import Update
from tests.replay.neighbour import NEIGHBOUR
from tests.replay.seen import ID, ID_LENGTH, INVOICE, masked

Books = dict[str, list[str]]
OF_THE_MOMENT = frozenset({"chat_leases", "inbox"})
"""Who holds a chat, and how often an update was tried; that all were heard is asked apart."""
AT_MOST_UNUSED = frozenset({"quotes"})
"""A bot that dies after it asked the carriers asks again: the first answer is never used."""
MADE_OF_IDS = frozenset({"digest", "fingerprint", "size"})
"""That the ledger's seals are right is proved apart; the size is a packed export's."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
NOT_THE_NEIGHBOUR = {"_id": {"$ne": NEIGHBOUR}, "user_id": {"$ne": NEIGHBOUR}}
OF_ONE_LIFE = frozenset({"message_id", "standing", "asked"})
"""Which messages show it, and how often a provider was asked about it."""


def books(*, with_lives: bool) -> Books:
    """Every document of every collection, but for those of the neighbour.

    `with_lives` says that bots died on the way.

    Ids that are drawn at random are numbered, document by document in the order of all else that
    is in them. Where bots died answers may have been given twice, prices asked for twice, and work
    found by a sweep, a minute late: so the ids of messages are not compared then, nor times, nor
    quotes that nobody has seen.
    """
    numbers = _Numbers()
    unread = OF_THE_MOMENT | (AT_MOST_UNUSED if with_lives else frozenset())
    left_out = MADE_OF_IDS | (OF_ONE_LIFE if with_lives else frozenset())
    database = connection.database()
    kept = {}
    for name in sorted(set(database.list_collection_names()) - unread):
        found = database[name].find(NOT_THE_NEIGHBOUR).sort("$natural", 1)
        rows = [json.dumps(_plain(row, left_out), sort_keys=True) for row in found]
        rows = [TIME.sub("then", row) for row in rows] if with_lives else rows
        kept[name] = sorted(map(numbers.instead, sorted(rows, key=masked)))
    return {name: rows for name, rows in kept.items() if rows}


def differences(expected: Books, found: Books) -> list[str]:
    """Documents that only one of them has; `-` marks what is missing, `+` what is too much."""
    names = sorted(expected.keys() | found.keys())
    return [
        f"{name} {line}"
        for name in names
        for line in ndiff(expected.get(name, []), found.get(name, []))
        if not line.startswith(" ")
    ]


def unheard() -> list[str]:
    """Updates that nobody handled to the end."""
    return [each.id for each in Update.objects() if not each.handled_at or each.failure]


class _Numbers:
    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._next = count(1)

    def instead(self, text: str) -> str:
        text = ID.sub(lambda found: self._number(found[0]), text)
        return INVOICE.sub("invoice", text)

    def _number(self, reference: str) -> str:
        drawn = reference[:ID_LENGTH]
        if drawn not in self._known:
            self._known[drawn] = f"#{next(self._next)}"
        return self._known[drawn]


def _plain(value: Any, left_out: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        kept = ((name, each) for name, each in value.items() if name not in left_out)
        return {name: _plain(each, left_out) for name, each in kept}
    if isinstance(value, list):
        return [_plain(each, left_out) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) else type(value).__name__
