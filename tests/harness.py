"""The whole shop as real processes, for journeys: killed, started again, and looked into."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any, Self

from pymongo import MongoClient
from redis import Redis

from sandbox import environment, plan, readiness, servers
from sandbox.children import Reaper
from sandbox.console import Console
from sandbox.environment import Addresses
from sandbox.folder import Folder
from sandbox.keeper import Keeper
from sandbox.plan import Plan
from sandbox.start import Start
from tests.customer import PATIENCE_SECONDS, Customer, Sandbox, wait_for
from tests.stores import DATABASES_OF_A_WORKER, own_mongo, own_redis

ROOT = Path(__file__).parents[1]
PASSWORD = "a-password-only-for-journeys"
# Nobody waits in a test for what a shop does at leisure.
HASTE = {
    "LABELDESK_SWEEP_SECONDS": "0.5",
    "LABELDESK_CARRIER_TIMEOUT_SECONDS": "8",
    "LABELDESK_CARRIER_SETTLE_SECONDS": "1",
    "LABELDESK_ORDER_LEASE_SECONDS": "17",
    "LABELDESK_BATCH_LEASE_SECONDS": "5",
    "LABELDESK_CUSTOMER_PER_SECOND": "1000",
    "LABELDESK_BOT_PROCESSES": "1",
}
TAIL_LINES = 40
_numbers = count(1)


class Shop:
    """`with Shop(folder) as shop:` has every process of the Procfile ready.

    `settings` go before HASTE; `stores` are addresses of a MongoDB and a Redis to use in place
    of databases of its own in the tests' servers.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        stores: tuple[str, str] | None = None,
    ) -> None:
        number = next(_numbers)
        mongo, redis = stores or (
            own_mongo(f"_shop{number}"),
            own_redis(1 + number % (DATABASES_OF_A_WORKER - 1)),
        )
        self.addresses = Addresses(
            web=f"http://{servers.HOST}:{servers.free_port()}",
            sandbox=f"http://{servers.HOST}:{servers.free_port()}",
            mongo=mongo,
            redis=redis,
        )
        self.sandbox = Sandbox(self.addresses.sandbox)
        self.environment = self._environment(folder, settings or {})
        self._plan = self._make_plan(folder)
        self._plan.folder.make()
        self._reaper = Reaper()
        self._console = Console(self._plan.folder.logs, quiet=True)
        self._keeper = Keeper(self._console, self._reaper, lambda: None)

    def __enter__(self) -> Self:
        self.empty()
        try:
            self._start()
        except BaseException:
            self.stop()
            sys.stdout.write(self.logs())
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.empty()

    @property
    def web(self) -> str:
        return self.addresses.web

    @property
    def pids(self) -> dict[str, int]:
        return self._keeper.pids

    def customer(self, chat_id: int = 1001, first_name: str = "Maria") -> Customer:
        return self.sandbox.customer(chat_id, first_name)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a process a signal and wait for its end, children and all."""
        child = self._keeper.child(name)
        child.signal(number)
        child.settle(PATIENCE_SECONDS)

    def start(self, name: str) -> None:
        """Start a killed process again; it is not ready yet."""
        self._keeper.start(next(each for each in self._plan.programs if each.name == name))

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def lives(self, name: str) -> bool:
        return not self._keeper.child(name).ended

    def wait_until_ready(self) -> None:
        """All that were started are there: web, sandbox, and every worker."""
        for url in (f"{self.web}/readyz", f"{self.sandbox.url}/healthz"):
            assert wait_for(lambda url=url: readiness.answers(url)), f"{url} does not answer"
        assert wait_for(self._workers_answer), "not every worker answers"

    def stop(self) -> None:
        """Everything is built to be killed: no time is lost on farewells."""
        for name in self._keeper.pids:
            self.kill(name)
        self._reaper.close()

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product's: `shop.flask("ledger", "verify", "--json")`."""
        return subprocess.run(
            ["flask", "--app", "wsgi", *arguments],
            cwd=self._plan.home,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def verify_ledger(self) -> dict[str, Any]:
        return json.loads(self.flask("ledger", "verify", "--json").stdout)

    def database(self) -> MongoClient:
        """A client whose default database is the shop's; close it."""
        return MongoClient(self.addresses.mongo)

    def flush_redis(self) -> None:
        """Everything in this shop's Redis is gone; other tests keep theirs."""
        with Redis.from_url(self.addresses.redis) as client:
            client.flushdb()

    def empty(self) -> None:
        self.flush_redis()
        with self.database() as client:
            client.drop_database(client.get_default_database().name)

    def log(self, name: str) -> str:
        return self._console.log_of(name).read_text(errors="replace")

    def logs(self) -> str:
        """The last lines of every process, for the report of a failure."""
        tails: list[str] = []
        for log in sorted(self._plan.folder.logs.glob("*.log")):
            tails += [f"--- {log.stem}", *_tail(log)]
        return "\n".join(tails)

    def _workers_answer(self) -> bool:
        return self._plan.workers <= readiness.workers(self.addresses.redis)

    def _start(self) -> None:
        Start(self._plan, self._keeper, self._console, self._reaper, Event()).run()

    def _environment(self, folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
        secrets = {"secret_key": PASSWORD * 2, "password_salt": PASSWORD}
        ours = environment.settings(self.addresses, secrets, {})
        ours |= environment.world(self.addresses, folder / "sandbox.jsonl")
        ours |= environment.ports(self.addresses) | environment.machine()
        ours |= {"SANDBOX_RETRY_DIVISOR": "600", "PYTHONPATH": str(ROOT)}
        return {**os.environ, **ours, **HASTE, **settings}

    def _make_plan(self, folder: Path) -> Plan:
        return Plan(
            folder=Folder(folder / "var"),
            home=folder,
            addresses=self.addresses,
            password=PASSWORD,
            stores=(),
            programs=plan.programs(ROOT / "Procfile", folder, self.environment),
            environment=self.environment,
            telegram_is_real=False,
        )


def _tail(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
