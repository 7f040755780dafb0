"""Where carriers' webhooks come in: the hooks of one shop after another, behind one address."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from threading import Thread
from typing import Any

from flask import Flask

from sandbox.serving import serve
from tests.customer import wait_for


@dataclass
class Doorway:
    """Hands all that it hears to the application in `hooks`, and keeps what was answered to what.

    Each of `heard` is a body with its headers; `answers` are statuses, in the same order.
    """

    hooks: Flask | None = None
    heard: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        assert self.hooks is not None, "news for a shop that is closed"
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))

        def note(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            self.heard.append((body, _headers(environ)))
            self.answers.append(int(status[:3]))
            return start(status, headers, *trouble)

        return self.hooks(environ | {"wsgi.input": BytesIO(body)}, note)

    def hears(self, number: int) -> list[int]:
        """The answers, once there are so many."""
        wait_for(lambda: len(self.answers) >= number)
        return list(self.answers)

    def tell(self, service: str, body: bytes, headers: dict[str, str]) -> int:
        """Anybody says this; the status of the answer."""
        assert self.hooks is not None
        answer = self.hooks.test_client().post(
            f"/carriers/{service}", data=body, headers=headers, content_type="application/json"
        )
        return answer.status_code


@contextmanager
def opened() -> Iterator[tuple[Doorway, str]]:
    """A doorway and its address."""
    doorway = Doorway()
    server = serve(doorway)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield doorway, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    told = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    return {name[5:].replace("_", "-").lower(): value for name, value in told.items()}
