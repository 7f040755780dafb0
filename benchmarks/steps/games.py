"""What each side's process does: a game for each line that it is told, timed."""

import os
import sys
from collections.abc import Callable

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
