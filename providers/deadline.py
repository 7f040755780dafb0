"""Answers that are complete by a moment, or not at all.

A read time-out holds for each read from the socket: a server that sends a byte now and then
would keep a worker for longer than its lease. Here all reads of one answer share one deadline.
"""

import io
import socket
from contextvars import ContextVar
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

ENDS: ContextVar[float] = ContextVar("ends")
"""When the answer to this call has to be complete, by the monotonic clock."""


class _TimedReads(io.RawIOBase):
    def __init__(self, connection: socket.socket, raw: io.RawIOBase, ends: float) -> None:
        self._connection = connection
        self._raw = raw
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReads(sock, self.fp.detach(), ENDS.get()))


class _Connection(HTTPConnection):
    response_class = _TimedResponse


class _TlsConnection(HTTPSConnection):
    response_class = _TimedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class PunctualAdapter(HTTPAdapter):
    """Sends once, without retries, and reads until `ENDS`."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
