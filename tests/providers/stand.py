"""A server that plays given answers, one for each request, and remembers what it was asked."""

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import parse_headers
from typing import Any, BinaryIO, Self

from core.settings import Settings

Act = Callable[[socket.socket], None]
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
KEY = "a-key-that-no-log-may-show"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Stand:
    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked: list[Asked] = []
        self.connections = 0
        self.over = threading.Event()
        self._acts: deque[Act] = deque()
        self._accepting = threading.Thread(target=self._accept)
        self._serving: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for thread in self._serving:
            thread.join()

    def play(self, *acts: Act) -> None:
        self._acts.extend(acts)

    def calls(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.start()
            self._serving.append(thread)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.1)
        with connection, connection.makefile("rb") as stream:
            while (asked := self._read(connection, stream)) is not None:
                self.asked.append(asked)
                act = self._acts.popleft()
                try:
                    act(connection)
                except OSError:
                    return
                if connection.fileno() < 0:
                    return

    def _read(self, connection: socket.socket, stream: BinaryIO) -> Asked | None:
        while not self.over.is_set():
            try:
                if not connection.recv(1, socket.MSG_PEEK):
                    return None
            except TimeoutError:
                continue
            except OSError:
                return None
            connection.settimeout(5)
            method, path, _ = stream.readline().decode().split()
            headers = parse_headers(stream)
            body = stream.read(int(headers.get("Content-Length", 0)))
            connection.settimeout(0.1)
            return Asked(method, path, {k.lower(): v for k, v in headers.items()}, body)
        return None


def says(status: int, data: object, **headers: str) -> Act:
    """Data that is no bytes is sent as JSON."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} Status\r\n{named}Content-Length: {len(body)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def sends(raw: bytes) -> Act:
    """These bytes, and the connection's end."""

    def act(connection: socket.socket) -> None:
        connection.sendall(raw)
        hangs_up(connection)

    return act


def resets(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    hangs_up(connection)


def hangs_up(connection: socket.socket) -> None:
    """At once, although a stream still reads from this connection."""
    socket.close(connection.detach())


def drips(stand: Stand, raw: bytes, start: bytes = b"") -> Act:
    """A byte each 50 ms, for as long as anybody listens."""

    def act(connection: socket.socket) -> None:
        connection.sendall(start)
        for byte in raw:
            if stand.over.wait(0.05):
                break
            connection.sendall(bytes([byte]))
        hangs_up(connection)

    return act


def stays_silent(stand: Stand) -> Act:
    return lambda _connection: void(stand.over.wait(10))


def void(_value: object) -> None:
    return None


def nobody_there() -> str:
    """The address of a port that nobody listens on, nor is given meanwhile."""
    return "http://127.0.0.1:1"


def shop_settings(url: str = "http://127.0.0.1:1", **changes: Any) -> Settings:
    """Settings whose outside world is all at one address."""
    told = {
        "mongo_url": "mongodb://127.0.0.1:1/none",
        "redis_url": "redis://127.0.0.1:1/0",
        "secret_key": "k" * 32,
        "password_salt": "s" * 16,
        "telegram_token": "1000001:secret-token",
        "telegram_api_url": url,
        "easypost_url": f"{url}/easypost/v2",
        "easypost_test_key": KEY,
        "oxapay_url": f"{url}/oxapay/v1",
        "oxapay_key": KEY,
        "cryptopay_url": f"{url}/cryptopay/api",
        "cryptopay_token": KEY,
        **changes,
    }
    return Settings(_env_file=None, **told)
