"""Kills what was started once its starter is gone: run as a script, told groups on its input.

One line each: `+<process group>` to watch it, `-<process group>` to forget it. The input ends
when the starter does, however it ended; then every group still watched is killed.
"""

import os
import signal
import sys


def main() -> None:
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line[0] == "+" else groups.discard
        change(int(line[1:]))
    for group in groups:
        kill(group)


def kill(group: int) -> None:
    """Kill every process of the group; one that is gone is no matter."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
