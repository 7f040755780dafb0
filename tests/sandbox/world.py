"""A shop that hears notices, a sandbox that can be killed, and the calls to try them with."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import requests

from sandbox.app import create_app
from sandbox.serving import serve
from sandbox.settings import SandboxSettings
from tests.customer import Sandbox, wait_for

EASYPOST_KEY = {"Authorization": "Bearer EZTK-of-a-test"}
OXAPAY_KEY = {"merchant_api_key": "demo-oxapay-key"}
CRYPTOPAY_TOKEN = "12345:demo-cryptopay-token"
SENDER = {
    "name": "Jack Sparrow",
    "street1": "388 Townsend St",
    "street2": "Apt 20",
    "city": "San Francisco",
    "state": "CA",
    "zip": "94107",
    "country": "US",
}
BUYER = {
    "name": "Elizabeth O'Brien & Söhne",
    "street1": "179 N Harbor Dr #4",
    "city": "Redondo Beach",
    "state": "CA",
    "zip": "90277",
}
PARCEL = {"length": 10, "width": 8, "height": 4, "weight": 15.4}


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Shop:
    """Hears notices: answers each with the next of `answers`, and the last one for ever."""

    def __init__(self) -> None:
        self.answers = [(200, b"ok")]
        self.heard: list[Heard] = []

    def __enter__(self) -> Self:
        shop = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.heard.append(Heard(self.path, dict(self.headers), body))
                status, answer = shop.answers[0]
                if len(shop.answers) > 1:
                    shop.answers.pop(0)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def hears(self, number: int, seconds: float = 10) -> list[Heard]:
        """The first notices, once there are so many."""
        wait_for(lambda: len(self.heard) >= number, seconds)
        return list(self.heard)

    def statuses(self) -> list[str]:
        return [notice.json["status"] for notice in self.heard]


@contextmanager
def served(settings: SandboxSettings) -> Iterator[Sandbox]:
    """A fresh world in a thread of this process."""
    server = serve(create_app(settings))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Sandbox(f"http://127.0.0.1:{server.port}")
    server.shutdown()
    thread.join()
    server.server_close()


class Killable:
    """The sandbox as the demo runs it, on a fixed port and with a journal."""

    def __init__(self, url: str, journal: Path) -> None:
        self.world = Sandbox(url)
        self._journal = journal
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        bind = self.world.url.removeprefix("http://")
        argv = [sys.executable, "-m", "gunicorn", "sandbox.app:create_app()", "--bind", bind]
        argv += ["--worker-class", "gthread", "--workers", "1", "--threads", "16"]
        argv += ["--limit-request-line", "0", "--header-map", "dangerous"]
        argv += ["--no-control-socket", "--log-level", "warning"]
        world = {"SANDBOX_JOURNAL": str(self._journal), "SANDBOX_RETRY_DIVISOR": "600"}
        self._process = subprocess.Popen(argv, env=os.environ | world, start_new_session=True)
        assert wait_for(self._is_well)

    def kill(self) -> None:
        """With no chance to say goodbye: master and worker at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _is_well(self) -> bool:
        try:
            return bool(self.world.get("/healthz").json() == {"ok": True})
        except requests.ConnectionError:
            return False


def easypost(sandbox: Sandbox, method: str, path: str, body: Any = None) -> requests.Response:
    url = f"{sandbox.url}/easypost/v2{path}"
    return requests.request(method, url, json=body, headers=EASYPOST_KEY, timeout=10)


def oxapay(sandbox: Sandbox, method: str, path: str, body: Any = None) -> requests.Response:
    url = f"{sandbox.url}/oxapay/v1{path}"
    return requests.request(method, url, json=body, headers=OXAPAY_KEY, timeout=10)


def quoted(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    shipment = {"from_address": SENDER, "to_address": BUYER, "parcel": PARCEL, **more}
    answer = easypost(sandbox, "POST", "/shipments", {"shipment": shipment})
    assert answer.status_code == 201, answer.text
    return answer.json()


def bought(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    shipment = quoted(sandbox, **more)
    rate = {"rate": {"id": shipment["rates"][0]["id"]}}
    answer = easypost(sandbox, "POST", f"/shipments/{shipment['id']}/buy", rate)
    assert answer.status_code == 200, answer.text
    return answer.json()


def invoiced(sandbox: Sandbox, shop: Shop, **more: Any) -> dict[str, Any]:
    """A new invoice over $12.50, unless `more` says another amount."""
    wishes = {"amount": 12.5, "order_id": "top-up-1", "callback_url": f"{shop.url}/oxapay", **more}
    answer = oxapay(sandbox, "POST", "/payment/invoice", wishes)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def information(sandbox: Sandbox, invoice: dict[str, Any]) -> dict[str, Any]:
    return oxapay(sandbox, "GET", f"/payment/{invoice['track_id']}").json()["data"]


def cryptopay(sandbox: Sandbox, method: str, **wishes: Any) -> Any:
    """What a method of Crypto Pay's answers when all is well."""
    url = f"{sandbox.url}/cryptopay/api/{method}"
    answer = requests.post(
        url, json=wishes, headers={"Crypto-Pay-API-Token": CRYPTOPAY_TOKEN}, timeout=10
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def billed(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    """A new Crypto Pay invoice over $12.50, unless `more` says another amount."""
    bill = {"currency_type": "fiat", "fiat": "USD", "amount": "12.50", "payload": "top-up-1"}
    return cryptopay(sandbox, "createInvoice", **bill | {"expires_in": 3600} | more)


def stand_of(sandbox: Sandbox, invoice: dict[str, Any]) -> str:
    [known] = cryptopay(sandbox, "getInvoices", invoice_ids=str(invoice["invoice_id"]))["items"]
    return known["status"]
