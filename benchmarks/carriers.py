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
    """Rates every shipment, and sells every one, after the seconds that the address names."""

    protocol_version = "HTTP/1.1"
    # A whole answer goes out at once; without this, each one waits for the last one's receipt.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Named by `http.server`."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        carrier, seconds, _, *bought = self.path.split("/")[1:]
        Event().wait(float(seconds))
        answer = _bought(bought[0], asked["rate"]["id"]) if bought else _shipment(carrier)
        body = json.dumps(answer).encode()
        self.send_response(200 if bought else 201)
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
    with served() as url:
        yield SlowCarriers(
            {
                name: Named(Door(name, f"{url}/{name}/{wait}", {}, seconds=TIMEOUT_SECONDS))
                for name, wait in seconds.items()
            }
        )


@contextmanager
def served() -> Iterator[str]:
    """Its address: below it, `/<name>/<seconds>` is a carrier service of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Desk)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
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


def _bought(shipment_id: str, rate_id: str) -> dict[str, object]:
    return {
        "id": shipment_id,
        "tracking_code": f"9400{shipment_id}",
        "selected_rate": {"id": rate_id, "rate": "7.00", "currency": "USD"},
        "postage_label": {
            "label_url": f"http://labels.invalid/{shipment_id}.pdf",
            "label_file_type": "application/pdf",
        },
        "tracker": {"public_url": f"http://track.invalid/{shipment_id}"},
    }
