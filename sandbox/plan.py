"""What the demo is going to run, and where: everything that can be wrong is found here, first."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from honcho.environ import parse_procfile

from core import settings as product
from core.settings import PREFIX
from sandbox import environment, readiness, servers
from sandbox.children import CannotStart, Program
from sandbox.environment import Addresses
from sandbox.folder import Folder
from sandbox.servers import Store

OPERATOR = "operator@labeldesk.example"
STORES = ("MONGO_URL", "REDIS_URL")
SECRETS = ("operator_password", "secret_key", "password_salt")
PORTS = {"WEB_PORT": 8080, "SANDBOX_PORT": 8081}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`stores` are the servers to start: none for those that the user has already."""

    folder: Folder
    home: Path
    addresses: Addresses
    password: str
    stores: tuple[Store, ...]
    programs: tuple[Program, ...]
    environment: Mapping[str, str]
    telegram_is_real: bool

    @property
    def workers(self) -> set[str]:
        """The names by which the Celery workers answer."""
        named = (readiness.node(str(program.command)) for program in self.programs)
        return {name for name in named if name}

    @property
    def settings(self) -> dict[str, str]:
        """What the shop's own commands have to be told to find this shop."""
        known = self.environment.items()
        return {name: v for name, v in known if name.startswith(PREFIX) or name in STORES}

    def facts(self, pids: Mapping[str, int]) -> dict[str, object]:
        """What `demo.json` says."""
        return {
            "web": self.addresses.web,
            "sandbox": self.addresses.sandbox,
            "mongo": self.addresses.mongo,
            "redis": self.addresses.redis,
            "operator": {"email": OPERATOR, "password": self.password},
            "pids": {"up": os.getpid(), **pids},
        }


def make(folder: Folder) -> Plan:
    """Raises CannotStart, with one line for each thing that is wrong."""
    given = environment.given()
    secrets = folder.secrets(*SECRETS)
    addresses, stores = _addresses(folder, given)
    ours = environment.settings(addresses, secrets, given)
    ours |= environment.world(addresses, folder.path / "sandbox.jsonl")
    ours |= environment.ports(addresses) | environment.machine()
    os.environ.update(ours)
    _check_settings()
    return Plan(
        folder=folder,
        home=Path.cwd(),
        addresses=addresses,
        password=secrets["operator_password"],
        stores=stores,
        programs=programs(Path("Procfile"), Path.cwd(), dict(os.environ)),
        environment=dict(os.environ),
        telegram_is_real=not environment.sandboxed(environment.TELEGRAM, given),
    )


def _addresses(folder: Folder, given: Mapping[str, str]) -> tuple[Addresses, tuple[Store, ...]]:
    web, sandbox = (f"http://{servers.HOST}:{_port(name, given)}" for name in PORTS)
    mongo, redis = (environment.store_url(name, given) for name in STORES)
    stores: list[Store] = []
    if mongo is None:
        stores.append(servers.mongod(folder.path / "mongo"))
        mongo = stores[-1].url
    else:
        servers.reach_mongo(mongo)
    if redis is None:
        stores.append(servers.redis_server(folder.path / "redis"))
        redis = stores[-1].url
    else:
        servers.reach_redis(redis)
    return Addresses(web=web, sandbox=sandbox, mongo=mongo, redis=redis), tuple(stores)


def _port(name: str, given: Mapping[str, str]) -> int:
    wanted = given.get(name, str(PORTS[name]))
    if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) < 1 << 16:
        raise CannotStart(f"{name} is not a port number: {wanted}.")
    with socket.socket() as trial:
        # A port that only waits for its last connections to fade is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((servers.HOST, int(wanted)))
        except OSError as error:
            raise CannotStart(
                f"Port {wanted} can't be used ({error.strerror}): end what holds it, or choose "
                f"another: {name}={servers.free_port()} make demo"
            ) from error
    return int(wanted)


def _check_settings() -> None:
    try:
        product.load()
    except product.WrongSettings as wrong:
        raise CannotStart(str(wrong)) from wrong


def programs(procfile: Path, home: Path, settings: Mapping[str, str]) -> tuple[Program, ...]:
    """The processes of the Procfile, to run in `home`. Raises CannotStart."""
    try:
        commands = parse_procfile(procfile.read_text()).processes
    except FileNotFoundError as error:
        raise CannotStart("There is no Procfile here: go to the project's folder.") from error
    return tuple(
        Program(name=name, command=command, environment=settings, folder=home)
        for name, command in commands.items()
    )
