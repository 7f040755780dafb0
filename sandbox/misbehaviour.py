"""How a fault looks on the wire: silence, a reset, an error in the service's own words."""

import errno
import os
import select
import socket
import struct
from collections.abc import Callable, Iterable
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Response

from sandbox.faults import Fault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Wording = Callable[[int, Fault], Response]
BEFORE = ("time_out_before", "reset_before", "error_500", "rate_limit", "garbage")
AFTER = ("time_out_after", "reset_after", "error_500_after")
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Misbehaved(Exception):
    """Ends a request with `response` in place of what the view would have answered."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Dropped(Response):
    """Says nothing for `seconds`, then ends the connection, by RST when `reset` is set."""

    def __init__(self, seconds: float, *, reset: bool) -> None:
        super().__init__()
        self._seconds = seconds
        self._reset = reset

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        del start_response
        connection = _socket(environ)
        if connection is not None:
            _wait_while_connected(connection, self._seconds)
            _end(connection, reset=self._reset)
        # Both servers take this for a client that went away, and say nothing more.
        raise ConnectionResetError(errno.ECONNRESET, "a fault was ordered")


def misbehave(fault: Fault, wording: Wording) -> Response | None:
    """The answer that takes the place of the true one; None when `fault` leaves it alone."""
    name = fault.fault
    if name.startswith("time_out"):
        return Dropped(fault.seconds, reset=False)
    if name.startswith("reset"):
        return Dropped(fault.seconds, reset=True)
    if name.startswith("error_500"):
        return wording(500, fault)
    if name == "rate_limit":
        return wording(429, fault)
    if name == "garbage":
        return Response("<html>\x00 this is not the answer you want", 200, mimetype="text/html")
    return None


def plain_wording(status: int, fault: Fault) -> Response:
    """For a service that has not said how it words its errors."""
    headers = {"Retry-After": str(int(fault.seconds))} if fault.fault == "rate_limit" else {}
    return Response(f"{status}: {fault.fault}\n", status, headers, mimetype="text/plain")


def pause(seconds: float) -> None:
    Event().wait(seconds)


def _socket(environ: "WSGIEnvironment") -> socket.socket | None:
    found: Any = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    return found if isinstance(found, socket.socket) else None


def _wait_while_connected(connection: socket.socket, seconds: float) -> None:
    """A client that gave up frees its thread at once."""
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        readable, _, _ = select.select([connection], [], [], left)
        if not readable:
            return
        try:
            if not connection.recv(1, socket.MSG_PEEK):
                return
        except OSError:
            return
        pause(min(left, 0.05))


def _end(connection: socket.socket, *, reset: bool) -> None:
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        # Only this closes for good while the server still holds files on the socket.
        os.close(connection.detach())
        return
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
