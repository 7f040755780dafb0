"""Where a measure is taken: stores of its own, since a shared one does other things too."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.settings import PREFIX
from models import connection, indexes
from sandbox import servers
from sandbox.children import Child, Program, Reaper, stop_all
from sandbox.servers import Store

ROOT = Path(__file__).parents[1]
OXAPAY_KEY = "only-for-benchmarks"


@dataclass(slots=True)
class Stand:
    """A MongoDB that this process is connected to; a Redis and other processes on demand."""

    folder: Path
    url: str = ""
    """The database in use."""
    reaper: Reaper = field(default_factory=Reaper)
    children: list[Child] = field(default_factory=list)

    @property
    def database(self) -> str:
        return urlsplit(self.url).path[1:]

    def redis(self) -> str:
        """The address of a new, empty Redis."""
        return self._serve(servers.redis_server(self.folder / f"redis{len(self.children)}"))

    def mongo(self) -> None:
        self.url = self._serve(servers.mongod(self.folder / "mongo", "labeldesk_bench"))

    def use(self, database: str) -> None:
        """Connect this process to a database of that name, its indexes built."""
        self.url = urlsplit(self.url)._replace(path=f"/{database}").geturl()
        connection.connect(self.url)
        indexes.ensure()

    def settings(self, redis_url: str) -> dict[str, str]:
        """The environment of a process of the product that is measured."""
        given = {
            "MONGO_URL": self.url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "only-for-benchmarks-" * 2,
            "PASSWORD_SALT": "only-for-benchmarks",
            "TELEGRAM_TOKEN": "1000001:only-for-benchmarks",
            "OXAPAY_KEY": OXAPAY_KEY,
            "LOG_LEVEL": "ERROR",
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, **{PREFIX + name: value for name, value in given.items()}}

    @contextmanager
    def run(
        self, name: str, command: Sequence[str], environment: Mapping[str, Any]
    ) -> Iterator[Child]:
        """A process of the product, ended afterwards. Its words are in the folder."""
        program = Program(name=name, command=command, environment=environment, folder=ROOT)
        child = self._start(program)
        try:
            yield child
        finally:
            self.children.remove(child)
            stop_all([child])

    def close(self) -> None:
        stop_all(self.children)
        self.reaper.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self, store: Store) -> str:
        child = self._start(store.program)
        store.wait(lambda: child.ended)
        return store.url

    def _start(self, program: Program) -> Child:
        with (self.folder / f"{program.name}.log").open("ab") as log:
            child = Child(program, log, self.reaper)
        self.children.append(child)
        return child


@contextmanager
def a_stand() -> Iterator[Stand]:
    stand = Stand(Path(tempfile.mkdtemp(prefix="labeldesk-bench-")))
    try:
        stand.mongo()
        yield stand
    finally:
        stand.close()
