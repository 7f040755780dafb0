"""Keeps the demo's processes alive, as a host does in production."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from sandbox.children import Child, Program, Reaper, stop_all
from sandbox.console import Console

LOOK_SECONDS = 0.1
PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# Whoever lives this long has started well: the next pause is short again.
HEALTHY_SECONDS = 20.0
STORES = ("mongo", "redis")


@dataclass(slots=True)
class Kept:
    program: Program
    child: Child
    started_at: float
    pause: float = PAUSE_SECONDS
    due_at: float | None = None


class Keeper:
    """`changed` is called when a process was started again under a new id."""

    def __init__(self, console: Console, reaper: Reaper, changed: Callable[[], None]) -> None:
        self._console = console
        self._reaper = reaper
        self._changed = changed
        self._kept: dict[str, Kept] = {}

    @property
    def pids(self) -> dict[str, int]:
        return {name: kept.child.pid for name, kept in self._kept.items()}

    def start(self, program: Program) -> Child:
        child = self._run(program)
        self._kept[program.name] = Kept(program, child, monotonic())
        return child

    def child(self, name: str) -> Child:
        return self._kept[name].child

    def fallen(self) -> Child | None:
        """The first process that has ended by itself, if any has."""
        return next((kept.child for kept in self._kept.values() if kept.child.ended), None)

    def tend(self, asked_to_stop: Event) -> None:
        """Start again whatever ends unasked, until asked to stop."""
        while not asked_to_stop.wait(LOOK_SECONDS):
            for kept in self._kept.values():
                if kept.due_at is None and kept.child.ended:
                    self._see_out(kept)
                if kept.due_at is not None and monotonic() >= kept.due_at:
                    self._start_again(kept)

    def stop(self) -> None:
        """First those who use the stores, so that they end in peace; then the stores."""
        users = [kept.child for name, kept in self._kept.items() if name not in STORES]
        stores = [kept.child for name, kept in self._kept.items() if name in STORES]
        stop_all(users)
        stop_all(stores)

    def _run(self, program: Program) -> Child:
        child = Child(program, subprocess.PIPE, self._reaper)
        self._console.follow(child)
        return child

    def _see_out(self, kept: Kept) -> None:
        kept.child.settle()
        lived = monotonic() - kept.started_at
        longer = min(kept.pause * 2, LONGEST_PAUSE_SECONDS)
        pause = PAUSE_SECONDS if lived > HEALTHY_SECONDS else kept.pause
        kept.pause = PAUSE_SECONDS if lived > HEALTHY_SECONDS else longer
        kept.due_at = monotonic() + pause
        self._console.say(
            f"{kept.program.name} ended unasked ({kept.child.ending}); "
            f"it is started again in {pause:g} s."
        )

    def _start_again(self, kept: Kept) -> None:
        kept.child = self._run(kept.program)
        kept.started_at, kept.due_at = monotonic(), None
        self._changed()
