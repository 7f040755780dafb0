"""A live Telegram sandbox for tests, in a thread; run as a script, a process that can be killed.

Usage as a script: telegram_live.py <journal>; prints the port.
"""

import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox import telegram
from sandbox.misbehaviour import Misbehaved
from sandbox.settings import SandboxSettings
from sandbox.world import World

TOKEN = "4242:a-token-of-the-sandbox"


class Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        return


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def make_app(world: World, clock: Any) -> Flask:
    app = Flask("telegram_live", static_folder=None)
    app.register_error_handler(Misbehaved, lambda misbehaved: misbehaved.response)
    app.register_blueprint(telegram.blueprint(world, clock))
    app.add_url_rule("/world/books", view_func=world.books)
    world.start()
    return app


@dataclass
class LiveTelegram:
    """The sandbox on a port of its own, the bot's client and the customers' interface."""

    journal: Path | None = None
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.start()

    def start(self) -> None:
        self.world = World(SandboxSettings(journal=self.journal))
        app = make_app(self.world, self.clock)
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, app, threaded=True, request_handler=Quiet
        )
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.world.journal.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def call(self, method: str, token: str = TOKEN, **values: Any) -> dict[str, Any]:
        """The whole envelope of a Bot API call made with JSON."""
        answer = self.session.post(f"{self.url}/bot{token}/{method}", json=values, timeout=30)
        assert answer.status_code == answer.json().get("error_code", 200)
        return answer.json()

    def result(self, method: str, **values: Any) -> Any:
        envelope = self.call(method, **values)
        assert envelope["ok"], envelope
        return envelope["result"]

    def refusal(self, method: str, **values: Any) -> str:
        envelope = self.call(method, **values)
        assert not envelope["ok"], envelope
        return envelope["description"]

    def customer(self, chat_id: int, verb: str, **body: Any) -> requests.Response:
        return self.session.post(f"{self.url}/chats/{chat_id}/{verb}", json=body, timeout=10)

    def says(self, chat_id: int, text: str, **person: Any) -> dict[str, Any]:
        answer = self.customer(chat_id, "messages", text=text, **{"from": person})
        assert answer.ok, answer.text
        return answer.json()

    def history(self, chat_id: int, after: int = 0) -> dict[str, Any]:
        url = f"{self.url}/chats/{chat_id}/messages"
        return self.session.get(url, params={"after": after}, timeout=10).json()

    def updates(self, **values: Any) -> list[dict[str, Any]]:
        return self.result("getUpdates", **values)


def main() -> None:
    world = World(SandboxSettings(journal=Path(sys.argv[1])))
    server = make_server("127.0.0.1", 0, make_app(world, HandClock()), threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
