"""What all parts of the sandbox share: the journal, the faults on order, the books."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.alarms import Alarms
from sandbox.faults import HTTP_FAULTS, Fault, Faults
from sandbox.journal import Event, Journal
from sandbox.misbehaviour import (
    AFTER,
    BEFORE,
    Misbehaved,
    Wording,
    misbehave,
    pause,
    plain_wording,
)
from sandbox.sellers import Seller
from sandbox.settings import SandboxSettings

Reader = Callable[[], list[dict[str, Any]]]
PART = "calls"


class World:
    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self.settings = settings or SandboxSettings()
        self.journal = Journal(self.settings.journal)
        self.faults = Faults(self.journal)
        self.alarms = Alarms()
        self.sellers: list[Seller] = []
        self._lock = RLock()
        self._calls: Counter[str] = Counter()
        self._books: dict[str, list[Reader]] = {}
        self._wordings: dict[str, Wording] = {}
        self._starters: list[Callable[[], None]] = []
        self.journal.subscribe(PART, self._recount)

    def start(self) -> None:
        """Remember what the journal knows, then let the parts take up unfinished work."""
        self.journal.replay()
        for starter in self._starters:
            starter()

    def on_start(self, starter: Callable[[], None]) -> None:
        """`starter` runs once, after the journal was replayed: the place to start threads."""
        self._starters.append(starter)

    def public_url(self) -> str:
        """Where this world is reached from outside, without a slash at the end."""
        return (self.settings.public_url or request.host_url).rstrip("/")

    def count(self, service: str, call: str) -> None:
        """Count one call; path segments with digits in them are taken for ids."""
        key = f"{service} {_without_ids(call)}"
        with self._lock:
            self.journal.record(PART, {"key": key})
            self._calls[key] += 1

    def add_book(self, name: str, reader: Reader) -> None:
        """`reader` lists what `GET /world/books` shows under `name`, after earlier readers."""
        self._books.setdefault(name, []).append(reader)

    def books(self) -> dict[str, Any]:
        with self._lock:
            calls = dict(sorted(self._calls.items()))
        books = {
            name: [entry for read in readers for entry in read()]
            for name, readers in self._books.items()
        }
        return books | {"calls": calls}

    def word_errors(self, service: str, wording: Wording) -> None:
        """`wording(status, fault)` answers 429 and 500 as the service itself would."""
        self._wordings[service] = wording

    @contextmanager
    def misbehaving(self, service: str, call: str) -> Iterator[Fault | None]:
        """Around a view's work: what is ordered for this call strikes before or after it."""
        fault = self._before(service, call)
        yield fault
        self._strike(fault, AFTER)

    def guard(self, blueprint: Blueprint, service: str) -> None:
        """Count every call to the blueprint's routes and let faults strike them."""

        def before() -> None:
            path = request.path.removeprefix(blueprint.url_prefix or "")
            self.count(service, f"{request.method} {_pattern(blueprint) or path}")
            g.fault = None
            g.fault = self._before(service, f"{request.method} {path}")

        def after(response: Response) -> Response:
            try:
                self._strike(g.fault, AFTER)
            except Misbehaved as misbehaved:
                return misbehaved.response
            return response

        blueprint.before_request(before)
        blueprint.after_request(after)

    def _before(self, service: str, call: str) -> Fault | None:
        fault = self.faults.take(service, call, HTTP_FAULTS)
        self._strike(fault, BEFORE)
        if fault is not None and fault.fault == "slow":
            pause(fault.seconds)
        return fault

    def _strike(self, fault: Fault | None, moment: tuple[str, ...]) -> None:
        if fault is None or fault.fault not in moment:
            return
        # Otherwise a client still sending would see its own send fail and not how it was left.
        request.get_data()
        response = misbehave(fault, self._wordings.get(fault.service, plain_wording))
        if response is not None:
            raise Misbehaved(response)

    def _recount(self, event: Event) -> None:
        self._calls[event["key"]] += 1


def _pattern(blueprint: Blueprint) -> str:
    rule = request.url_rule
    if rule is None:
        return ""
    path = rule.rule.removeprefix(blueprint.url_prefix or "")
    return "/".join("*" if part.startswith("<") else part for part in path.split("/"))


def _without_ids(call: str) -> str:
    return "/".join(
        "*" if any(sign.isdigit() for sign in part) else part for part in call.split("/")
    )
