"""Serving the sandbox inside a test. OxaPay's `merchant_api_key` has underscores in its name.

Servers drop such headers unless told otherwise; gunicorn is told by `--header-map dangerous`.
"""

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class UnderscoredHeaders(WSGIRequestHandler):
    """Lets headers with underscores in, and logs no requests."""

    def make_environ(self) -> "WSGIEnvironment":
        environ = super().make_environ()
        for name, value in self.headers.items():
            if "_" in name:
                environ[f"HTTP_{name.upper()}"] = value
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size


def serve(app: Flask) -> BaseWSGIServer:
    """A threaded server on a free port of 127.0.0.1; call `serve_forever` in a thread."""
    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=UnderscoredHeaders)
