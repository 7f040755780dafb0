"""The sandbox's memory on disk: one JSON line an event, written before anybody is answered."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Any

Event = dict[str, Any]
Handler = Callable[[Event], None]


class Journal:
    """Events of all parts in one order. Without a path it keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._handlers: dict[str, Handler] = {}
        self._path = path
        self._file = _opened(path) if path else None

    def subscribe(self, part: str, handler: Handler) -> None:
        """`handler` is given the part's earlier events by `replay`, and no others."""
        self._handlers[part] = handler

    def record(self, part: str, event: Event) -> None:
        """Append one event. It outlives the process once this returns; nobody is called."""
        if self._file is None:
            return
        line = json.dumps({"part": part, "event": event}, separators=(",", ":")) + "\n"
        with self._lock:
            os.write(self._file, line.encode())

    def replay(self) -> None:
        """Hand every recorded event to its part, oldest first."""
        if self._path is None:
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            handler = self._handlers.get(entry["part"])
            if handler is not None:
                handler(entry["event"])

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: Path) -> int:
    """Open for appending, without the half line that a kill may have left at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        content = path.read_bytes()
        os.truncate(path, content.rfind(b"\n") + 1)
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
