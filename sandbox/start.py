"""Brings a planned shop up, in the order in which one part needs another."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from sandbox import readiness, servers
from sandbox.children import CannotStart, Child, Program, Reaper
from sandbox.console import Console
from sandbox.keeper import Keeper
from sandbox.plan import OPERATOR, Plan

READY_SECONDS = 60.0
ENSURE_INDEXES = "flask --app wsgi indexes ensure"
CREATE_OPERATOR = "flask --app wsgi operator create --role owner -- {email} {password}"
"""The password is random: one of 64 begins with a dash, and is none of the options."""


class Stopped(Exception):
    """It was asked to stop while it was starting."""


class Start:
    def __init__(
        self, plan: Plan, keeper: Keeper, console: Console, reaper: Reaper, asked_to_stop: Event
    ) -> None:
        self._plan = plan
        self._keeper = keeper
        self._console = console
        self._reaper = reaper
        self._asked_to_stop = asked_to_stop

    def run(self) -> None:
        """Returns when all of it is ready. Raises CannotStart or Stopped."""
        programs = {program.name: program for program in self._plan.programs}
        self._console.say("Starting the databases …")
        for program in (*(store.program for store in self._plan.stores), programs.pop("sandbox")):
            self._keeper.start(program)
        for store in self._plan.stores:
            store.wait(self._interrupted)
        self._console.say("Preparing the indexes …")
        with self._alongside("indexes", ENSURE_INDEXES):
            self._wait_for("The sandbox", self._sandbox_answers)
        asked_before = self._updates_asked()
        self._console.say("Starting the shop …")
        login = CREATE_OPERATOR.format(email=OPERATOR, password=self._plan.password)
        with self._alongside("operator", login):
            for program in programs.values():
                self._keeper.start(program)
            self._wait_for_shop(asked_before)

    def _wait_for_shop(self, asked_before: int) -> None:
        addresses = self._plan.addresses
        self._wait_for("The web process", lambda: readiness.answers(f"{addresses.web}/readyz"))
        if not self._plan.telegram_is_real:
            self._wait_for("The bot", lambda: self._updates_asked() > asked_before)
        expected = self._plan.workers
        if expected:
            self._wait_for("A worker", lambda: expected <= readiness.workers(addresses.redis))

    @contextmanager
    def _alongside(self, name: str, command: str) -> Iterator[None]:
        """Run a command to its end while the block runs. Raises CannotStart where it fails."""
        child = Child(self._program(name, command), subprocess.PIPE, self._reaper)
        self._console.follow(child)
        try:
            yield
            self._wait_for(name, lambda: child.ended)
        finally:
            child.stop()
        if child.process.returncode != 0:
            raise CannotStart(self._why(child))

    def _program(self, name: str, command: str) -> Program:
        plan = self._plan
        return Program(name=name, command=command, environment=plan.environment, folder=plan.home)

    def _wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        servers.wait(name, ready, self._interrupted, READY_SECONDS)

    def _interrupted(self) -> bool:
        """Raises Stopped, or CannotStart with what a process that ended has said last."""
        if self._asked_to_stop.is_set():
            raise Stopped
        fallen = self._keeper.fallen()
        if fallen is not None:
            raise CannotStart(self._why(fallen))
        return False

    def _why(self, child: Child) -> str:
        child.settle()
        said = self._console.last_line(child.name)
        log = self._console.log_of(child.name)
        return f"`{child.name}` did not start ({child.ending}): {said} (all of it: {log})"

    def _sandbox_answers(self) -> bool:
        return readiness.answers(f"{self._plan.addresses.sandbox}/healthz")

    def _updates_asked(self) -> int:
        return readiness.updates_asked(self._plan.addresses.sandbox)
