"""How the Bot API's library reaches Telegram: a kept connection a thread, and one try.

By itself it would use requests, which takes three times as long over each call, and put what is
said into the address of a request.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import IO, Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
)
from urllib3.filepost import encode_multipart_formdata

CONNECT_SECONDS, READ_SECONDS = 5, 10
IDLE_SECONDS = 30.0
"""Gateways forget idle connections, and a message sent into a forgotten one is doubtful."""


@dataclass(frozen=True, slots=True)
class Answer:
    """As much of requests' response as the library reads."""

    status_code: int
    reason: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        return json.loads(self.content)


class Wire:
    """To be the library's `CUSTOM_REQUEST_SENDER`. Safe in threads."""

    def __init__(self, base_url: str) -> None:
        """The machine's proxy is used, if one is named for this address."""
        base = urlsplit(base_url)
        bypassed = proxy_bypass(base.hostname or "")
        proxy = None if bypassed else getproxies().get(base.scheme)
        self._held = _Held(base_url, proxy)
        self._origin = "" if proxy and base.scheme == "http" else f"{base.scheme}://{base.netloc}"

    def send(  # noqa: PLR0913  the library's signature
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, IO[bytes]]] | None = None,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        proxies: object = None,  # noqa: ARG002  see above
    ) -> Answer:
        """Ask once. Raises urllib3's errors; an answer of any status is an answer."""
        told = {name: str(value) for name, value in (params or {}).items() if value is not None}
        with_files = {name: (called, file.read()) for name, (called, file) in (files or {}).items()}
        body, kind = (
            encode_multipart_formdata({**told, **with_files})
            if with_files
            else (urlencode(told).encode(), "application/x-www-form-urlencoded")
        )
        connect, read = timeout
        answer = self._held.connections().urlopen(
            "POST" if body else method.upper(),
            url.removeprefix(self._origin),
            body=body or None,
            headers={"Content-Type": kind} if body else {},
            timeout=Timeout(connect=connect, read=read),
            retries=False,
            redirect=False,
            assert_same_host=False,
        )
        self._held.used_at = monotonic()
        return Answer(answer.status, answer.reason or "", answer.data)


def surely_not_sent(error: HTTPError) -> bool:
    """True if no connection came about: refused, no such host, no answer to connecting."""
    return isinstance(error, NewConnectionError | ConnectTimeoutError | LocationValueError)


class _Held(threading.local):
    """Asking the pool of one host spares urllib3 finding it anew each time."""

    used_at = 0.0

    def __init__(self, base_url: str, proxy: str | None) -> None:
        self._base_url, self._proxy = base_url, proxy
        self._connections: HTTPConnectionPool | None = None

    def connections(self) -> HTTPConnectionPool:
        if self._connections is None or monotonic() - self.used_at > IDLE_SECONDS:
            options: dict[str, Any] = {
                "num_pools": 1,
                "maxsize": 1,
                "ca_certs": DEFAULT_CA_BUNDLE_PATH,
            }
            manager = (
                ProxyManager(self._proxy, **options) if self._proxy else PoolManager(**options)
            )
            self._connections = manager.connection_from_url(self._base_url)
        return self._connections
