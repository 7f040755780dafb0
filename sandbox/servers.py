"""A real MongoDB and a real Redis for demo and tests: how to run them, when they are ready."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from pymongo import MongoClient
from pymongo.errors import InvalidName, OperationFailure, PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from sandbox.binaries import MONGOD, REDIS
from sandbox.children import CannotStart, Program

HOST = "127.0.0.1"
REPLICA_SET = "labeldesk"
START_SECONDS = 30.0
LOOK_SECONDS = 0.05
NOT_YET_INITIATED, ALREADY_INITIATED = 94, 23

Ended = Callable[[], bool]
Client = MongoClient[dict[str, Any]]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Store:
    """A server to start; `wait` returns when it can be used. Raises CannotStart."""

    program: Program
    url: str
    wait: Callable[[Ended], None]


def mongod(folder: Path, database: str = "labeldesk") -> Store:
    """A replica set of one whose fail points can be set. Raises CannotStart."""
    port = free_port()
    options = {
        "dbpath": folder,
        "port": port,
        "bind_ip": HOST,
        "replSet": REPLICA_SET,
        "oplogSize": 128,
        "wiredTigerCacheSizeGB": 0.5,
    }
    switches = ["--setParameter", "enableTestCommands=1", "--nounixsocket", "--quiet"]
    program = _program("mongo", MONGOD.path(), folder, options, switches)
    url = f"mongodb://{HOST}:{port}/{database}?replicaSet={REPLICA_SET}"
    return Store(program, url, partial(wait_for_mongo, port))


def redis_server(folder: Path, databases: int = 16) -> Store:
    """A Redis that keeps what it was told and never evicts. Raises CannotStart."""
    port = free_port()
    options = {
        "dir": folder,
        "port": port,
        "bind": HOST,
        "databases": databases,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
    }
    program = _program("redis", REDIS.path(), folder, options, [])
    return Store(program, f"redis://{HOST}:{port}/0", partial(wait_for_redis, port))


def wait_for_mongo(port: int, ended: Ended) -> None:
    """Until a mongod of ours is a writable primary; a new one is made a replica set first."""
    with Client(HOST, port, directConnection=True, serverSelectionTimeoutMS=1000) as client:
        wait("MongoDB", lambda: _is_primary(client, f"{HOST}:{port}"), ended)


def wait_for_redis(port: int, ended: Ended) -> None:
    with Redis(HOST, port, socket_timeout=1, socket_connect_timeout=1) as client:
        wait("Redis", lambda: _answers(client), ended)


def reach_mongo(url: str) -> None:
    """Look whether a MongoDB that is not ours is there. Raises CannotStart."""
    try:
        with Client(url, serverSelectionTimeoutMS=3000) as client:
            client.admin.command("ping")
    except (PyMongoError, InvalidName, ValueError) as error:
        raise CannotStart(f"MONGO_URL: no MongoDB answers there ({_short(error)}).") from error


def reach_redis(url: str) -> None:
    """Look whether a Redis that is not ours is there. Raises CannotStart."""
    try:
        with Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL: no Redis answers there ({_short(error)}).") from error


def wait(
    name: str, ready: Callable[[], bool], ended: Ended, seconds: float = START_SECONDS
) -> None:
    """Look until `ready`. Raises CannotStart if it ended meanwhile or takes too long."""
    deadline = monotonic() + seconds
    while not ready():
        if ended():
            raise CannotStart(f"{name} ended while it was starting.")
        if monotonic() > deadline:
            raise CannotStart(f"{name} was not ready after {seconds:.0f} seconds.")
        Event().wait(LOOK_SECONDS)


def _program(
    name: str, path: Path, folder: Path, options: Mapping[str, object], switches: list[str]
) -> Program:
    folder.mkdir(parents=True, exist_ok=True)
    arguments = [part for option, value in options.items() for part in (f"--{option}", str(value))]
    return Program(name=name, command=[str(path), *arguments, *switches], folder=folder)


def _is_primary(client: Client, host: str) -> bool:
    try:
        hello = client.admin.command("hello")
        if hello["isWritablePrimary"] and hello["me"] == host:
            return True
        _form_replica_set(client, host)
    except PyMongoError:
        return False
    return False


def _form_replica_set(client: Client, host: str) -> None:
    """Make a new server a set of one; one that last ran on another port is told its new one."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as failure:
        if failure.code == NOT_YET_INITIATED:
            _initiate(client, host)
        return
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


def _initiate(client: Client, host: str) -> None:
    try:
        config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": host}]}
        client.admin.command("replSetInitiate", config)
    except OperationFailure as failure:
        if failure.code != ALREADY_INITIATED:
            raise


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _short(error: Exception) -> str:
    return str(error).partition(",")[0]
