"""P4: signed notices kept by the web process, against POSTs that a bare Flask throws away.

Both through gunicorn as in the Procfile, over real connections that stay open.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import count
from typing import Any

from benchmarks.rates import Effort, Measured, compare
from benchmarks.stand import OXAPAY_KEY, Stand
from core.clock import SystemClock
from core.modes import ApiMode
from models.connection import collection
from models.notice import Notice
from models.payment import PaymentState
from sandbox import readiness, servers
from sandbox.children import Child

THREADS = 8
TIMES = 50
PATH = "/webhooks/oxapay"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of a payment that is waiting for it."""

    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Door:
    """A web server, knocked at by several threads, each through a connection of its own."""

    port: int
    notices: list[Told]
    numbers: Any = field(default_factory=count)
    connections: dict[int, HTTPConnection] = field(default_factory=dict)

    def post(self, thread: int, number: int) -> None:
        if number == 0:
            # The server has closed the last round's while the other one had its turn.
            self.connections[thread] = HTTPConnection(servers.HOST, self.port, timeout=30)
        connection, told = self.connections[thread], self.notices[next(self.numbers)]
        connection.request("POST", PATH, told.body, told.headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (HTTPStatus.OK, b"ok")


def notices_against_bare_posts(stand: Stand, effort: Effort) -> Measured:
    times = effort.of(TIMES)
    notices = _notices(THREADS * (times * effort.rounds + times))
    ports = servers.free_port(), servers.free_port()
    settings = stand.settings(stand.redis())
    with (
        stand.run("web", _gunicorn("wsgi:app", ports[0]), settings) as web,
        stand.run("bare", _gunicorn("benchmarks.bare:app", ports[1]), settings) as bare,
    ):
        servers.wait("web", _answering(ports[0]), _ended(web))
        servers.wait("bare", _answering(ports[1]), _ended(bare))
        ours, theirs = Door(ports[0], notices), Door(ports[1], notices)
        found = compare(ours.post, theirs.post, threads=THREADS, times=times, rounds=effort.rounds)
    assert Notice.objects.count() == next(ours.numbers)
    return found.named("notices_kept_per_s", "bare_posts_per_s")


def _notices(number: int) -> list[Told]:
    """Each of a payment of its own, signed as the provider does."""
    now = SystemClock().now()
    waiting: list[dict[str, Any]] = [
        {
            "_id": f"T-{each}",
            "user_id": 1,
            "provider": "oxapay",
            "mode": ApiMode.TEST.value,
            "amount": {"minor": 2_500, "currency": "USD"},
            "status": PaymentState.PENDING.value,
            "provider_id": str(10_000_000 + each),
            "next_at": now,
            "created_at": now,
            "moved_at": now,
        }
        for each in range(number)
    ]
    collection("payments").insert_many(waiting)
    return [_notice(payment["provider_id"], payment["_id"]) for payment in waiting]


def _notice(provider_id: str, payment_id: str) -> Told:
    said = {"track_id": provider_id, "order_id": payment_id, "status": "Paid", "type": "invoice"}
    body = json.dumps(said | {"amount": 25, "currency": "USD"}).encode()
    signature = hmac.new(OXAPAY_KEY.encode(), body, hashlib.sha512).hexdigest()
    return Told(body, {"HMAC": signature, "Content-Type": "application/json"})


def _gunicorn(app: str, port: int) -> list[str]:
    return [
        *("gunicorn", app, "--bind", f"{servers.HOST}:{port}", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(THREADS), "--no-control-socket"),
    ]


def _answering(port: int) -> Callable[[], bool]:
    return lambda: readiness.answers(f"http://{servers.HOST}:{port}/healthz")


def _ended(child: Child) -> Callable[[], bool]:
    return lambda: child.ended
