"""The demo's folder: its data, its logs, its lock, and the file that tells where it runs."""

import fcntl
import json
import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from sandbox.children import CannotStart

HANDOVER_SECONDS = 10.0


class AlreadyRunning(Exception):
    """Another demo holds this folder."""


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "log"
        self.notice = self.path / "demo.json"
        self.settings = self.path / "demo.env"
        self._lock = self.path / "demo.lock"

    def make(self) -> None:
        """Raises CannotStart where nothing can be written."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._lock.touch()
        except OSError as error:
            raise CannotStart(
                f"The folder {self.path} can't be written ({error.strerror}): "
                "mend that, or choose another with ARGS='--data FOLDER'."
            ) from error

    def claim(self) -> int:
        """The open lock, ours until the last process that has it open ends. Raises AlreadyRunning.

        A demo that was killed leaves its processes to the reaper, which holds the lock until the
        last of them is dead: that is waited for.
        """
        lock = os.open(self._lock, os.O_RDWR)
        deadline = monotonic() + HANDOVER_SECONDS
        while not _locked(lock):
            if self.keeper() is not None or monotonic() > deadline:
                os.close(lock)
                raise AlreadyRunning
            Event().wait(0.1)
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self.withdraw()
        return lock

    def keeper(self) -> int | None:
        """The process that runs the demo here, if one does."""
        if not self._lock.exists():
            return None
        with self._lock.open() as lock:
            if _locked(lock.fileno()):
                return None
            pid = lock.read()
        return int(pid) if pid and _lives(int(pid)) else None

    def announce(self, facts: dict[str, Any], settings: Mapping[str, str]) -> None:
        """`settings` for a shell that runs the shop's own commands beside the demo."""
        lines = [f"{name}={shlex.quote(setting)}\n" for name, setting in settings.items()]
        _write(self.settings, "".join(lines))
        _write(self.notice, _as_json(facts))

    def announced(self) -> dict[str, Any]:
        """What the running demo has told about itself; nothing before it is ready."""
        try:
            facts: dict[str, Any] = json.loads(self.notice.read_text())
        except FileNotFoundError:
            return {}
        return facts

    def withdraw(self) -> None:
        for told in (self.notice, self.settings):
            told.unlink(missing_ok=True)

    def secrets(self, *names: str) -> dict[str, str]:
        """Random secrets that stay the same from run to run."""
        path = self.path / "demo-secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = {name: secrets.token_urlsafe(32) for name in names if name not in known}
        if missing:
            _write(path, _as_json(known | missing))
        return known | missing


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _as_json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, indent=2) + "\n"


def _write(path: Path, text: str) -> None:
    """For the owner's eyes only, and whole at every moment."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)
