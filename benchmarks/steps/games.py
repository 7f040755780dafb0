"""What each side's process does: a game for each line that it is told, timed."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

from pymongo.errors import ConnectionFailure

TOKEN = "1000001:only-for-benchmarks"  # noqa: S105  of a bot that is none
Play = Callable[[int, int], float]
"""Takes the game's number and how many chats take part; answers the seconds."""


def play_all(play: Play) -> None:
    """Until nobody tells of another game."""
    print("ready", flush=True)
    for line in sys.stdin:
        game, chats = map(int, line.split())
        print(play(game, chats), flush=True)


def given(name: str) -> str:
    return os.environ[f"BENCH_{name}"]


async def awake(client: Any) -> None:
    """An event loop stands still while others play, and may find its connections lost."""
    for _ in range(100):
        try:
            await client.admin.command("ping")
        except ConnectionFailure:
            await asyncio.sleep(0.1)
        else:
            return
