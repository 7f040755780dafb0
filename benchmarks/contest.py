"""P9: wizard steps a second, from the inbox to the answer, against the faster of two rivals.

Every side has a process of its own and plays the same games by turns: many customers who each
answer six questions, every answer stored in the same MongoDB and answered over real HTTP by the
same bare Bot API. What each side guarantees, its module in `benchmarks.steps` says.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

from benchmarks.rates import Effort, Measured
from benchmarks.stand import ROOT, Stand
from benchmarks.steps.crowd import QUESTIONS
from core.settings import PREFIX
from sandbox.children import CannotStart

RIVALS = ROOT / ".venv" / "rivals" / "bin" / "python"
CHATS, ROUNDS = 200, 5
UNLIMITED = "1000000"
SIDES = {
    "ours": sys.executable,
    "aiogram_form": str(RIVALS),
    "ptb_form": str(RIVALS),
    "bare": sys.executable,
}


@dataclass(frozen=True, slots=True)
class Process:
    """It is told something in a line, and answers in one."""

    name: str
    inner: "subprocess.Popen[str]"

    def hear(self) -> str:
        assert self.inner.stdout
        said = self.inner.stdout.readline().strip()
        if not said:
            raise CannotStart(f"{self.name} ended before its time.")
        return said

    def ask(self, question: str) -> str:
        assert self.inner.stdin
        print(question, file=self.inner.stdin, flush=True)
        return self.hear()


def steps_against_rivals(stand: Stand, effort: Effort) -> Measured:
    if not RIVALS.exists():
        raise CannotStart("The rivals are not installed: `make rivals` does it.")
    chats, rounds = effort.of(CHATS), min(ROUNDS, effort.rounds)
    with ExitStack() as running:
        api = running.enter_context(_process("api", str(RIVALS), {}))
        port = int(api.hear())
        environment = _environment(stand, port)
        sides = {
            name: running.enter_context(_process(name, python, environment))
            for name, python in SIDES.items()
        }
        for side in sides.values():
            side.hear()
        found = _play(sides, port, chats, rounds)
    best_rival = [max(pair) for pair in zip(found["aiogram_form"], found["ptb_form"], strict=True)]
    ratios = [ours / rival for ours, rival in zip(found["ours"], best_rival, strict=True)]
    figures = {f"{name}_per_s": median(rates) for name, rates in found.items()}
    return Measured(median(ratios), figures)


def _play(
    sides: Mapping[str, Process], port: int, chats: int, rounds: int
) -> dict[str, list[float]]:
    """Answers a second, of each round; one more warms all up."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    answers = chats * len(QUESTIONS)
    for game in range(rounds + 1):
        for name, side in sides.items():
            before = _sent(port)
            seconds = float(side.ask(f"{game} {chats}"))
            assert name == "bare" or _sent(port) - before >= answers, name
            found[name] += [answers / seconds] if game else []
    return found


def _sent(port: int) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/sent")
    sent = int(line.getresponse().read())
    line.close()
    return sent


def _environment(stand: Stand, port: int) -> dict[str, str]:
    api = f"http://127.0.0.1:{port}"
    return stand.settings(stand.redis()) | {
        f"{PREFIX}TELEGRAM_API_URL": api,
        # The pace is kept and asked at every answer, but nobody has to wait for it.
        f"{PREFIX}TELEGRAM_PER_SECOND": UNLIMITED,
        f"{PREFIX}TELEGRAM_CHAT_PER_SECOND": UNLIMITED,
        f"{PREFIX}TELEGRAM_CHAT_BURST": UNLIMITED,
        f"{PREFIX}CUSTOMER_PER_SECOND": UNLIMITED,
        f"{PREFIX}CUSTOMER_BURST": UNLIMITED,
        "BENCH_MONGO": stand.url,
        "BENCH_DATABASE": stand.database,
        "BENCH_API": api,
    }


@contextmanager
def _process(name: str, python: str, environment: Mapping[str, str]) -> Iterator[Process]:
    """It ends when nobody can ask it any more."""
    inner = subprocess.Popen(
        [python, "-m", f"benchmarks.steps.{name}"],
        cwd=ROOT,
        env={**environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with inner:
        yield Process(name, inner)
        assert inner.stdin
        inner.stdin.close()
