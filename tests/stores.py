"""The MongoDB and the Redis under the tests: started once a run, or the user's own."""

import os
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pymongo import MongoClient
from redis import Redis

from models import indexes
from models.base import Record
from sandbox import servers
from sandbox.children import CannotStart, Child, Reaper, stop_all
from sandbox.servers import Store

# By these names the xdist workers find the stores.
MONGO, REDIS = "TESTS_MONGO_URL", "TESTS_REDIS_URL"
DATABASE = "labeldesk_tests"
DATABASES = 512
# Two workers share the sixteen of an ordinary Redis.
DATABASES_OF_A_WORKER = 8
_INDEXED: set[tuple[str, int]] = set()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@dataclass
class Stores:
    """Servers of our own; `wait` for them before use, `close` them after."""

    folder: Path
    stores: list[Store] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)
    reaper: Reaper = field(default_factory=Reaper)
    borrowed: str = ""

    def start(self, store: Store) -> str:
        """Its address. The server is not ready yet."""
        self.stores.append(store)
        self._run(store)
        return store.url

    def wait(self) -> None:
        for store in self.stores:
            store.wait(lambda name=store.program.name: self.children[name].ended)

    def kill(self, name: str) -> None:
        """As by a failing machine: kill -9."""
        self.children[name].signal(signal.SIGKILL)
        self.children[name].settle()

    def revive(self, name: str) -> None:
        """Start a killed server again on its port and wait for it."""
        self._run(next(store for store in self.stores if store.program.name == name))
        self.wait()

    def close(self) -> None:
        stop_all(list(self.children.values()))
        self.reaper.close()
        if self.borrowed:
            self._drop_databases()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _drop_databases(self) -> None:
        """Leave a server that is not ours as it was."""
        with MongoClient(self.borrowed) as client:
            prefix = client.get_default_database().name
            for name in client.list_database_names():
                if name.startswith(prefix):
                    client.drop_database(name)

    def _run(self, store: Store) -> None:
        name = store.program.name
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = Child(store.program, log, self.reaper)


def adopt(folder: Path) -> Stores:
    """Start stores, or take the user's, and tell child processes. Raises CannotStart."""
    stores = Stores(folder)
    mongo, redis = os.environ.pop("MONGO_URL", None), os.environ.pop("REDIS_URL", None)
    if mongo:
        servers.reach_mongo(mongo)
        mongo = stores.borrowed = mongo_database(mongo, f"{DATABASE}_{os.getpid()}")
    if redis:
        servers.reach_redis(redis)
        _insist_on_empty(redis)
    os.environ[MONGO] = mongo or stores.start(servers.mongod(folder / "mongo", DATABASE))
    os.environ[REDIS] = redis or stores.start(servers.redis_server(folder / "redis", DATABASES))
    stores.wait()
    return stores


def mongo_database(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def own_mongo(part: str = "") -> str:
    """A database of this xdist worker's own."""
    url = os.environ[MONGO]
    return mongo_database(url, f"{urlsplit(url).path[1:]}_{WORKER}{part}")


def build_indexes(url: str) -> None:
    """In the database that this process is connected to: once a run, as they are never removed."""
    known = url, len(Record.all_kinds())
    if known not in _INDEXED:
        indexes.ensure()
        _INDEXED.add(known)


def own_redis(number: int = 0) -> str:
    """One of the databases of this xdist worker's own."""
    first = int(WORKER.removeprefix("gw")) * DATABASES_OF_A_WORKER
    wanted = first + number % DATABASES_OF_A_WORKER
    return urlsplit(os.environ[REDIS])._replace(path=f"/{wanted}").geturl()


def _insist_on_empty(url: str) -> None:
    """The tests empty every database that they use."""
    with Redis.from_url(url) as client:
        if client.info("keyspace"):
            raise CannotStart(
                "REDIS_URL names a Redis that holds keys; the tests would delete them."
            )
