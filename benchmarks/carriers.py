"""Carrier services over real HTTP that take a given time to answer, and do nothing meanwhile."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from uuid import uuid4

from core.modes import ApiMode
from providers.carriers.easypost import EasyPost
from providers.http import Door

CARRIERS = ("USPS", "UPS", "FedEx")
SERVICES = ("Ground", "Express", "Overnight")
TIMEOUT_SECONDS = 10


class _Desk(BaseHTTPRequestHandler):
    """Answers every question with a shipment, after the seconds that the address names."""

    protocol_version = "HTTP/1.1"
    # A whole answer goes out at once; without this, each one waits for the last one's receipt.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Named by `http.server`."""
        self.rfile.read(int(self.headers["Content-Length"]))
        carrier, seconds = self.path.split("/")[1:3]
        Event().wait(float(seconds))
        body = json.dumps(_shipment(carrier)).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's own name
        """Nobody reads it."""


@dataclass(frozen=True, slots=True)
class SlowCarriers:
    """Implements services.ports.Carriers, the same in both modes."""

    by_name: Mapping[str, "Named"]

    def get(self, name: str, mode: ApiMode) -> "Named":  # noqa: ARG002  see above
        return self.by_name[name]

    def names(self, mode: ApiMode) -> list[str]:  # noqa: ARG002  likewise
        return list(self.by_name)


class Named(EasyPost):
    """EasyPost's own adapter, known by another name."""

    @property
    def name(self) -> str:
        return self.door.name


@contextmanager
def slow_carriers(seconds: Mapping[str, float]) -> Iterator[SlowCarriers]:
    """One for each name, which takes so long for each answer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield SlowCarriers(
            {
                name: Named(Door(name, f"{url}/{name}/{wait}", {}, seconds=TIMEOUT_SECONDS))
                for name, wait in seconds.items()
            }
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _shipment(carrier: str) -> dict[str, object]:
    rates = [
        {
            "id": f"rate_{uuid4().hex}",
            "carrier": carrier,
            "service": service,
            "rate": f"{5 + number}.25",
            "currency": "USD",
            "delivery_days": 5 - number,
            "carrier_account_id": f"ca_{carrier}",
        }
        for number, service in enumerate(SERVICES)
    ]
    return {"id": f"shp_{uuid4().hex}", "rates": rates, "messages": []}
