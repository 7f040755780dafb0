"""Processes that we start and that never outlive us, however we end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO, Any

from sandbox import reaper

GRACE_SECONDS = 3.0


class CannotStart(Exception):
    """Something on this machine has to be put right first; the text says what, in one line."""


class Reaper:
    """The process apart that kills our children when we are gone, by kill -9 too.

    `held` are file descriptors that stay open until the last child is dead: locks.
    """

    def __init__(self, *held: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=held,
            text=True,
        )

    def watch(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """Kill whatever is still watched, and wait until that is done."""
        self._process.communicate()

    def _tell(self, line: str) -> None:
        told = self._process.stdin
        if told is None:
            return
        told.write(line)
        told.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run. A `str` command is one line of a Procfile, a sequence runs as it is."""

    name: str
    command: str | Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=Path.cwd)

    @property
    def arguments(self) -> list[str]:
        """With `exec`, the process that we know is the program itself, not a shell around it."""
        if isinstance(self.command, str):
            return ["/bin/sh", "-c", f"exec {self.command}"]
        return list(self.command)


class Child:
    """One running program in a process group of its own."""

    def __init__(self, program: Program, output: IO[Any] | int, reaper_: Reaper) -> None:
        self.name = program.name
        self._reaper = reaper_
        self.process = subprocess.Popen(
            program.arguments,
            env={**program.environment},
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reaper.watch(self.pid)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    def signal(self, number: int) -> None:
        if not self.ended:
            os.kill(self.pid, number)

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Ask it to end, wait, and kill what is left of its group."""
        self.signal(signal.SIGTERM)
        self.settle(grace)

    def settle(self, grace: float = 0) -> None:
        """Wait for an end that was asked for or has come, then kill what is left of its group."""
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
        reaper.kill(self.pid)
        self.process.wait()
        self._reaper.forget(self.pid)


def stop_all(children: Sequence[Child], grace: float = GRACE_SECONDS) -> None:
    """Ask all of them to end, insist halfway, then kill what is left; the grace is shared.

    A Celery worker may take half a minute after the first SIGTERM to finish what it has; the
    second makes it hand its tasks back at once, so that killing it then loses no time later.
    """
    for _ in range(2):
        for child in children:
            child.signal(signal.SIGTERM)
        _wait_for_ends(children, grace / 2)
    for child in children:
        child.settle()


def _wait_for_ends(children: Sequence[Child], seconds: float) -> None:
    deadline = monotonic() + seconds
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - monotonic()))
