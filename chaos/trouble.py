"""Carries the plan's trouble out, each when customers have come that far."""

import sys
from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import requests
from redis.exceptions import RedisError

from chaos.plan import Disturbance, Flush, Kill, Trouble
from chaos.shop import Shop
from chaos.tally import Tally

FLUSHALL = "FLUSHALL"
HTTP_SECONDS = 30.0
LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Troublemaker:
    """`kills` and `faults` count what was done, by kind."""

    shop: Shop
    tally: Tally
    over: Event = field(default_factory=Event)
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def run(self, troubles: tuple[Trouble, ...]) -> None:
        """Returns when all trouble has been made, or when `over` is set."""
        for trouble in troubles:
            self._await(trouble.at)
            if self.over.is_set():
                return
            match trouble:
                case Kill():
                    self._kill(trouble)
                case Flush():
                    self._flush()
                case Disturbance():
                    self._disturb(trouble)

    def calm(self) -> None:
        """Take back what was ordered and has not struck."""
        url = f"{self.shop.addresses.sandbox}/world/faults"
        waiting = requests.get(url, timeout=HTTP_SECONDS).json()["faults"]
        requests.delete(url, timeout=HTTP_SECONDS).raise_for_status()
        self.faults.subtract(fault["fault"] for fault in waiting for _ in range(fault["times"]))

    def _await(self, steps: int) -> None:
        with self.tally.changed:
            while self.tally.steps < steps and not self.over.is_set():
                self.tally.changed.wait(LOOK_SECONDS)

    def _kill(self, kill: Kill) -> None:
        self.shop.kill(kill.name)
        self.kills[kill.name.rstrip("2")] += 1
        Event().wait(kill.down)
        self.shop.start(kill.name, kill.crash_at)

    def _flush(self) -> None:
        try:
            self.shop.flush()
        except RedisError as error:
            sys.stderr.write(f"Redis could not be emptied: {error}\n")
            return
        self.faults[FLUSHALL] += 1

    def _disturb(self, disturbance: Disturbance) -> None:
        wish: dict[str, Any] = disturbance.wish
        url = f"{self.shop.addresses.sandbox}/world/faults"
        requests.post(url, json=[wish], timeout=HTTP_SECONDS).raise_for_status()
        self.faults[str(wish["fault"])] += 1
