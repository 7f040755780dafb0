"""Where the processes' lines go: a file for each, and the screen as honcho prints it."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from sandbox.children import Child

WIDTH = 8
DRAIN_SECONDS = 2.0
# Their lines are many and mean little to somebody who tries the shop.
FILE_ONLY = frozenset({"mongo", "redis"})


class Console:
    def __init__(self, logs: Path, *, quiet: bool) -> None:
        self.logs = logs
        self._quiet = quiet
        self._printer = Printer(sys.stdout, width=WIDTH)
        self._colours: Iterator[str] = get_colours()
        self._colour_of: dict[str, str] = {}
        self._copying: dict[str, Thread] = {}
        self._lock = Lock()

    def say(self, text: str) -> None:
        """A word of the demo's own, on the screen even when the processes are quiet."""
        with self._lock:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    def follow(self, child: Child) -> None:
        """Copy what `child` prints from now until it and its own children have ended."""
        if child.name not in self._colour_of:
            self._colour_of[child.name] = next(self._colours)
            self.log_of(child.name).unlink(missing_ok=True)
        copying = Thread(target=self._copy, args=(child,), name=child.name, daemon=True)
        copying.start()
        self._copying[child.name] = copying

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def last_line(self, name: str) -> str:
        """What a process that has ended said last."""
        self._copying[name].join(DRAIN_SECONDS)
        log = self.log_of(name)
        lines = log.read_text(errors="replace").split("\n") if log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")

    def _copy(self, child: Child) -> None:
        lines = child.process.stdout
        if lines is None:
            return
        with lines, self.log_of(child.name).open("ab", buffering=0) as log:
            for line in lines:
                log.write(line)
                if not self._quiet and child.name not in FILE_ONLY:
                    self._show(child.name, line)

    def _show(self, name: str, line: bytes) -> None:
        now = datetime.now().astimezone()
        message = Message("line", line, now, name, self._colour_of[name])
        with self._lock:
            self._printer.write(message)
