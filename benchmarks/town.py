"""The sandbox's Telegram with its limits, and the product's processes that speak to it."""

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Event, Thread
from time import perf_counter
from typing import Any

from celery import Celery

from benchmarks.stand import ROOT, Stand
from core.clock import SystemClock
from core.jobs import Job
from core.settings import PREFIX
from models.connection import collection
from models.outbox import NoteKind, NoteState
from sandbox import readiness, servers
from sandbox.children import CannotStart
from services.users import Users

SWEEP_SECONDS = 1.0
PATIENCE_SECONDS = 120.0
SILENT_SECONDS = 1.0
SENT = "telegram POST /sendMessage"


@dataclass(slots=True)
class Town:
    """Customers at the sandbox, over one connection."""

    port: int
    celery: Celery
    _line: HTTPConnection = field(init=False)
    _spoke_at: float = 0.0
    _over: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._line = HTTPConnection(servers.HOST, self.port, timeout=30)

    def settle(self, chat_ids: Sequence[int]) -> None:
        """People who have begun a chat, known to the shop; nobody answers them for it."""
        users = Users(SystemClock())
        for chat_id in chat_ids:
            self.say(chat_id, "/start")
            users.meet(chat_id, first_name="Maria", username="", language="en")

    def say(self, chat_id: int, text: str) -> int:
        """Answers the message's id."""
        body = {"text": text, "from": {"first_name": "Maria", "language_code": "en"}}
        return int(self._ask("POST", f"/chats/{chat_id}/messages", body)["message_id"])

    def reply_seconds(self, chat_id: int, text: str) -> float:
        """From what a customer says to what the bot answers."""
        started = perf_counter()
        said = self.say(chat_id, text)
        while perf_counter() < started + PATIENCE_SECONDS:
            news = self._ask("GET", f"/chats/{chat_id}/messages?after={said}")
            if any(message["from"]["is_bot"] for message in news["messages"]):
                return perf_counter() - started
            Event().wait(0.002)
        raise CannotStart("The bot does not answer.")

    def sends(self) -> int:
        """How often a message was tried, told to wait or not."""
        return int(self._ask("GET", "/world/books")["calls"].get(SENT, 0))

    def sweep(self) -> None:
        """Play beat, until the end."""
        while not self._over.wait(SWEEP_SECONDS):
            self.celery.send_task(Job.RESUME_NOTES, queue=Job.RESUME_NOTES.queue, expires=1)

    def close(self) -> None:
        self._over.set()
        self._line.close()

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        # The server ends a line that was silent for seconds, as ours is between two phases.
        if perf_counter() > self._spoke_at + SILENT_SECONDS:
            self._line.close()
        self._spoke_at = perf_counter()
        told = None if body is None else json.dumps(body)
        self._line.request(method, path, told, {"Content-Type": "application/json"})
        answer = self._line.getresponse()
        said = answer.read()
        assert answer.status == HTTPStatus.OK, said
        return json.loads(said)


@contextmanager
def a_town(stand: Stand, *processes: str) -> Iterator[Town]:
    """The sandbox and these processes of the Procfile, all ready; sweeps are asked for."""
    redis_url, port = stand.redis(), servers.free_port()
    settings = stand.settings(redis_url) | {
        f"{PREFIX}TELEGRAM_API_URL": f"http://{servers.HOST}:{port}",
        f"{PREFIX}SWEEP_SECONDS": str(SWEEP_SECONDS),
        "SANDBOX_PORT": str(port),
    }
    celery = Celery("bench", broker=redis_url, set_as_current=False)
    town = Town(port, celery)
    with _running(stand, ["sandbox", *processes], settings):
        servers.wait(
            "sandbox", lambda: readiness.answers(f"http://{servers.HOST}:{port}/healthz"), bool
        )
        if "worker" in processes:
            servers.wait("worker", lambda: bool(readiness.workers(redis_url)), bool)
        sweeping = Thread(target=town.sweep)
        sweeping.start()
        try:
            yield town
        finally:
            town.close()
            sweeping.join()


@contextmanager
def _running(stand: Stand, names: Sequence[str], settings: dict[str, str]) -> Iterator[None]:
    if not names:
        yield
        return
    first, *others = names
    with stand.run(first, _command(first, settings), settings), _running(stand, others, settings):
        yield


def _command(name: str, settings: dict[str, str]) -> list[str]:
    """As the Procfile has it, with what it leaves to the environment."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:")).partition(":")[2]
    return shlex.split(line.replace("${SANDBOX_PORT:-8081}", settings.get("SANDBOX_PORT", "")))


def broadcast(chat_ids: Sequence[int], each: int) -> int:
    """Rows of a broadcast for each of them, due now. Answers how many."""
    now = SystemClock().now()
    rows = [
        {
            "_id": f"news:{number}:{chat_id}",
            "chat_id": chat_id,
            "kind": NoteKind.BROADCAST.value,
            "urgency": NoteKind.BROADCAST.urgency.value,
            "facts": {"text": f"Rates fell by {number}% today."},
            "status": NoteState.NEW.value,
            "attempts": 0,
            "unended": 0,
            "problem": "",
            "next_at": now,
            "created_at": now,
            "moved_at": now,
        }
        for number in range(each)
        for chat_id in chat_ids
    ]
    collection("outbox").insert_many(rows)
    return len(rows)
