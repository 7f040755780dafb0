"""`make demo`: starts the databases, the shop and the sandbox, and tells where they are.

It needs `Procfile` and `wsgi` in the current folder; a `.env` there is read too.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

from sandbox import plan
from sandbox.children import CannotStart, Reaper
from sandbox.console import Console
from sandbox.demo import Demo
from sandbox.folder import AlreadyRunning, Folder
from sandbox.pages import pages

DETACH_SECONDS = 120.0
STOP_SECONDS = 30.0
WELL, BADLY = 0, 1


def main() -> int:
    options = _options()
    folder = Folder(options.data)
    try:
        if options.stop:
            return stop(folder)
        folder.make()
        return detach(folder) if options.detach else run(folder, quiet=options.quiet)
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return BADLY
    except AlreadyRunning:
        return tell(folder)


def run(folder: Folder, *, quiet: bool) -> int:
    """Bring the demo up here and stay until asked to stop."""
    asked_to_stop = Event()
    for asking in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asking, lambda *_: asked_to_stop.set())
    reaper = Reaper(folder.claim())
    try:
        console = Console(folder.logs, quiet=quiet)
        Demo(plan.make(folder), console, reaper, asked_to_stop).run()
    finally:
        reaper.close()
    return WELL


def detach(folder: Folder) -> int:
    """Bring the demo up in a process of its own and return when it is ready."""
    if folder.keeper() is not None:
        raise AlreadyRunning
    log = folder.logs / "demo.log"
    command = [sys.executable, "-m", "sandbox.up", "--quiet", "--data", str(folder.path)]
    with log.open("w") as output:
        demo = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    sys.stdout.write(f"Starting in the background; its log is {log}.\n")
    return _await_ready(folder, demo, log)


def stop(folder: Folder) -> int:
    """End the demo of this folder, if one runs."""
    pid = folder.keeper()
    if pid is None:
        sys.stdout.write("No demo is running.\n")
        return WELL
    os.kill(pid, signal.SIGTERM)
    deadline = monotonic() + STOP_SECONDS
    while folder.keeper() is not None:
        if monotonic() > deadline:
            raise CannotStart(f"The demo (process {pid}) has not ended after {STOP_SECONDS:.0f} s.")
        Event().wait(0.1)
    sys.stdout.write("The demo is stopped.\n")
    return WELL


def tell(folder: Folder) -> int:
    """Say where the running demo is."""
    facts = folder.announced()
    shown = f":\n\n{pages(facts, here=False)}\n" if facts else "; it is just starting.\n"
    sys.stdout.write(f"The demo is already running{shown}")
    return WELL


def _await_ready(folder: Folder, demo: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = monotonic() + DETACH_SECONDS
    while folder.announced().get("pids", {}).get("up") != demo.pid:
        if demo.poll() is not None:
            raise CannotStart(log.read_text().strip().rpartition("\n")[2])
        if monotonic() > deadline:
            demo.terminate()
            raise CannotStart(f"It was not ready after {DETACH_SECONDS:.0f} s; see {log}.")
        Event().wait(0.1)
    sys.stdout.write(f"Ready.\n\n{pages(folder.announced(), here=False)}\n")
    return WELL


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.up", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, default=Path("var"), metavar="FOLDER", help="data, logs, demo.json")
    add("--detach", action="store_true", help="return when all is ready")
    add("--stop", action="store_true", help="end the demo that runs in the folder")
    add("--quiet", action="store_true", help="keep the processes' lines to their log files")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
