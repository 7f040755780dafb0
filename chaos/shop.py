"""The real processes, with stores of their own: killed, started again, tended as by a host."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from threading import Event, RLock, Thread
from time import monotonic
from typing import Any, Self

from pymongo import MongoClient
from redis import Redis

from chaos.catalogue import CARRIER_SECONDS, ROOT
from sandbox import environment, plan, servers
from sandbox.children import Program, Reaper
from sandbox.console import Console
from sandbox.environment import Addresses
from sandbox.folder import Folder
from sandbox.keeper import Keeper
from sandbox.start import Start

PASSWORD = "a-password-only-for-chaos"  # noqa: S105  it guards nothing
# Whoever has no time to lose sweeps often and leases short; the proportions stay as they are.
HASTE = {
    "LABELDESK_PAYMENT_PROVIDERS": "oxapay",
    "LABELDESK_SWEEP_SECONDS": "0.5",
    "LABELDESK_BOT_PROCESSES": "2",
    "LABELDESK_CARRIER_TIMEOUT_SECONDS": str(CARRIER_SECONDS),
    "LABELDESK_CARRIER_SETTLE_SECONDS": "12",
    "LABELDESK_ORDER_LEASE_SECONDS": "11",
    "LABELDESK_VOID_SECONDS": "2",
    "SANDBOX_RETRY_DIVISOR": "600",
    "SANDBOX_CONFIRM_SECONDS": "5",
    "SANDBOX_REFUND_SECONDS": "2",
    "SANDBOX_TELEGRAM_PER_SECOND": "10000",
    "LABELDESK_TELEGRAM_PER_SECOND": "10000",
    "LABELDESK_TELEGRAM_ALONE_PER_SECOND": "10000",
}
DOUBLED = ("worker", "buyer")
WORKER = " worker "
LOOK_SECONDS = 0.2
YOUNG_SECONDS = 1.0
SETTLE_SECONDS = 10.0
VERIFY_SECONDS = 300.0


class Shop:
    """`broken` names a rule to be switched off, for a control."""

    def __init__(self, folder: Path, broken: str = "") -> None:
        self.folder = folder
        self._stores = (servers.mongod(folder / "mongo"), servers.redis_server(folder / "redis"))
        mongo, redis = (store.url for store in self._stores)
        self.addresses = Addresses(web=_address(), sandbox=_address(), mongo=mongo, redis=redis)
        self.environment = self._environment(broken)
        self._plan = self._make_plan(broken)
        self._plan.folder.make()
        self._programs = {program.name: program for program in self._plan.programs}
        self._programs |= {store.program.name: store.program for store in self._stores}
        self._reaper = Reaper()
        self._console = Console(self._plan.folder.logs, quiet=True)
        self._keeper = Keeper(self._console, self._reaper, lambda: None)
        self._lock = RLock()
        self._down: set[str] = set()
        self._started: dict[str, float] = {}
        self._stopping = Event()
        self._tending = Thread(target=self._tend, name="tending", daemon=True)

    def __enter__(self) -> Self:
        try:
            with redirect_stdout(sys.stderr):
                Start(self._plan, self._keeper, self._console, self._reaper, Event()).run()
        except BaseException:
            self._end()
            raise
        self._tending.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._tending.join()
        self._end()

    @property
    def logs(self) -> Path:
        return self._plan.folder.logs

    def kill(self, name: str) -> None:
        """Kill -9 of a process and its children; it stays down until `start`."""
        with self._lock:
            self._down.add(name)
            child = self._keeper.child(name)
            child.signal(signal.SIGKILL)
            child.settle(SETTLE_SECONDS)

    def start(self, name: str, crash_at: str = "") -> None:
        """Start it again, if asked to with a death at a named point before it."""
        program = self._programs[name]
        if crash_at:
            mark = {
                "LABELDESK_CRASH_AT": crash_at,
                "LABELDESK_CRASH_ONCE": str(self._mark(crash_at, name)),
            }
            program = replace(program, environment={**program.environment, **mark})
        with self._lock:
            self._down.discard(name)
            self._started[name] = monotonic()
            self._keeper.start(program)

    def flush(self) -> None:
        with Redis.from_url(self.addresses.redis) as client:
            client.flushall()

    def deaths(self) -> list[str]:
        """The named points at which a process has died, one for each death."""
        return [mark.name.rpartition("@")[0] for mark in sorted(self._marks.iterdir())]

    @contextmanager
    def database(self) -> Iterator[Any]:
        client: MongoClient[dict[str, Any]] = MongoClient(self.addresses.mongo, tz_aware=True)
        with client:
            yield client.get_default_database()

    def verify_ledger(self) -> dict[str, Any]:
        told = subprocess.run(
            ["flask", "--app", "wsgi", "ledger", "verify", "--json"],  # noqa: S607  of this venv
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=VERIFY_SECONDS,
        )
        proof: dict[str, Any] = json.loads(told.stdout)
        return proof

    @property
    def _marks(self) -> Path:
        return self.folder / "deaths"

    def _mark(self, point: str, name: str) -> Path:
        return self._marks / f"{point}@{name}"

    def _tend(self) -> None:
        """What a host does: whoever ends unasked is started again, without a death in store."""
        while not self._stopping.wait(LOOK_SECONDS):
            with self._lock:
                for name in self._keeper.pids:
                    old = monotonic() - self._started.get(name, 0.0) > YOUNG_SECONDS
                    child = self._keeper.child(name)
                    if child.ended and old and name not in self._down:
                        child.settle()
                        self.start(name)

    def _end(self) -> None:
        """Everything is built to be killed: no time is lost on farewells."""
        for name in self._keeper.pids:
            self.kill(name)
        self._reaper.close()

    def _environment(self, broken: str) -> dict[str, str]:
        self._marks.mkdir(parents=True)
        secrets = {"secret_key": PASSWORD * 2, "password_salt": PASSWORD}
        ours = environment.settings(self.addresses, secrets, {})
        ours |= environment.world(self.addresses, self.folder / "sandbox.jsonl")
        ours |= environment.ports(self.addresses) | environment.machine()
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LABELDESK_", "SANDBOX_"))
        }
        return {**inherited, **ours, **HASTE, "PYTHONPATH": str(ROOT), "CHAOS_BREAK": broken}

    def _make_plan(self, broken: str) -> plan.Plan:
        programs = plan.programs(ROOT / "Procfile", self.folder, self.environment)
        return plan.Plan(
            folder=Folder(self.folder / "var"),
            home=self.folder,
            addresses=self.addresses,
            password=PASSWORD,
            stores=self._stores,
            programs=tuple(_with_twins(programs, broken)),
            environment=self.environment,
            telegram_is_real=False,
        )


def _with_twins(programs: tuple[Program, ...], broken: str) -> Iterator[Program]:
    for program in programs:
        command = str(program.command)
        if broken and WORKER in command:
            command = f"{command} --include chaos.broken"
        yield replace(program, command=command)
        if program.name in DOUBLED:
            twin = command.replace(f"-n {program.name}@", f"-n {program.name}2@")
            yield replace(program, name=f"{program.name}2", command=twin)


def _address() -> str:
    return f"http://{servers.HOST}:{servers.free_port()}"
