"""The one door for calls to carriers and payment providers: sent once, bounded in time, logged."""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Any

import requests
import structlog
from urllib3.exceptions import NewConnectionError

from core.errors import Doubtful, Unavailable
from providers import exact_json
from providers.deadline import ENDS, PunctualAdapter

CONNECT_SECONDS = 5.0
IDLE_SECONDS = 30.0
"""Gateways forget idle connections, and a purchase sent into a forgotten one is doubtful."""
MOST_JSON_BYTES = 8 * 1024 * 1024
MOST_REDIRECTS = 3
REQUEST_ID_HEADERS = ("x-ep-request-uuid", "x-shipengine-requestid", "x-request-id")
_CHUNK = 65_536

log = structlog.get_logger()


class NotSent(Unavailable):
    """No connection came about, so nothing was asked. Facts: `provider`, `cause`."""


class Silent(Doubtful):
    """Something was sent, and no whole answer came in time. Facts: `provider`, `cause`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whatever the provider answered, of any status."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object in the answer; an empty one when there is none."""
        data = self._read()
        return data if isinstance(data, dict) else {}

    @property
    def entries(self) -> list[Any]:
        """The JSON list in the answer; an empty one when there is none."""
        data = self._read()
        return data if isinstance(data, list) else []

    def _read(self) -> Any:
        try:
            return exact_json.read(self.content)
        except exact_json.UnreadableJson:
            return None


class Door:
    """One provider under one key. Safe in threads and after a fork."""

    def __init__(
        self, name: str, base_url: str, headers: Mapping[str, str], *, seconds: float
    ) -> None:
        """`seconds` bound a whole exchange; `headers` go to this provider alone."""
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._seconds = seconds
        self._held = _Held()
        known_by = "\n".join([self._base_url, *sorted(self._headers.values())])
        self.account = sha256(known_by.encode()).hexdigest()[:16]
        """Differs for each key and address, and gives neither away."""

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | Sequence[object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send once. Raises NotSent or Silent; every answer, also of status 500, is an Answer."""
        request = requests.Request(method, self._base_url + path, self._headers, params=params)
        if body is not None:
            request.data = exact_json.write(body).encode()
            request.headers = {**self._headers, "Content-Type": "application/json"}
        return self._exchange(request, path, MOST_JSON_BYTES)

    def path_of(self, url: str) -> str | None:
        """Under which path this provider has an address; None for anybody else's."""
        path = url.removeprefix(self._base_url)
        return path if path != url and path.startswith("/") else None

    def fetch(self, url: str, *, most_bytes: int) -> Answer:
        """A file from any host: without our key, and its address stays out of the log."""
        return self._exchange(requests.Request("GET", url), "(file)", most_bytes)

    def _exchange(self, request: requests.Request, path: str, most_bytes: int) -> Answer:
        facts = {"provider": self.name, "method": request.method, "path": path}
        started = monotonic()
        ENDS.set(started + self._seconds)
        try:
            answer = self._send(request, most_bytes, redirects=path == "(file)")
        except requests.RequestException as error:
            cause = type(error).__name__
            log.warning("provider_silent", cause=cause, milliseconds=_since(started), **facts)
            kind = NotSent if surely_not_sent(error) else Silent
            raise kind(provider=self.name, cause=cause) from error
        request_id = next(
            (answer.headers[name] for name in REQUEST_ID_HEADERS if name in answer.headers), None
        )
        log.info(
            "provider_answered",
            status=answer.status,
            request_id=request_id,
            milliseconds=_since(started),
            **facts,
        )
        return answer

    def _send(self, request: requests.Request, most_bytes: int, *, redirects: bool) -> Answer:
        session = self._held.session()
        timeout = (min(CONNECT_SECONDS, self._seconds), self._seconds)
        prepared = session.prepare_request(request)
        with session.send(
            prepared, stream=True, timeout=timeout, allow_redirects=redirects
        ) as response:
            content = _read(response, most_bytes)
            self._held.used_at = monotonic()
            return Answer(response.status_code, content, response.headers)


class _Held(threading.local):
    """Each thread's session, since sessions may not be shared; nor may sockets after a fork."""

    _session: requests.Session | None = None
    _process = 0
    used_at = 0.0

    def session(self) -> requests.Session:
        idle = monotonic() - self.used_at > IDLE_SECONDS
        if self._session is None or idle or self._process != os.getpid():
            self._session, self._process = _new_session(), os.getpid()
        return self._session


def surely_not_sent(error: requests.RequestException) -> bool:
    """True if no connection came about: refused, no such host, no answer to connecting."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _new_session() -> requests.Session:
    session = requests.Session()
    # Neither a proxy nor a .netrc of the machine may redirect or re-sign calls that move money.
    session.trust_env = False
    session.max_redirects = MOST_REDIRECTS
    for scheme in ("http://", "https://"):
        session.mount(scheme, PunctualAdapter())
    return session


def _read(response: requests.Response, most_bytes: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > most_bytes:
            raise requests.exceptions.ContentDecodingError(f"more than {most_bytes} bytes")
    return bytes(content)


def _since(started: float) -> int:
    return round((monotonic() - started) * 1000)
