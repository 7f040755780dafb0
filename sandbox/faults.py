"""Misbehaviour on order: which fault strikes which call, and how often."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from itertools import count
from threading import RLock
from typing import Any

from sandbox.journal import Event, Journal

PART = "faults"
SERVICES = ("telegram", "easypost", "oxapay", "shipengine", "shipstation", "cryptopay")
NOTICE = "notice"
NOTICE_FAULTS = ("notice_lost", "notice_twice", "notice_late", "notice_reordered", "notice_forged")
UPDATE_FAULTS = ("update_twice",)
VOID_REASONS = (
    "unknown",
    "unspecified",
    "validation_failed",
    "label_not_found_within_void_period",
    "label_already_used",
    "label_already_voided",
    "contact_carrier",
)
# What only some services have: see sandbox/shipengine.
SERVICE_FAULTS = {
    "errors_in_200": 0.0,
    "carrier_down": 0.0,
    "label_processing": 5.0,
    **dict.fromkeys(VOID_REASONS, 0.0),
}
DEFAULT_SECONDS = {
    "time_out_before": 60.0,
    "time_out_after": 60.0,
    "reset_before": 0.0,
    "reset_after": 0.0,
    "error_500": 0.0,
    "error_500_after": 0.0,
    "rate_limit": 1.0,
    "garbage": 0.0,
    "slow": 5.0,
}
NOTICE_SECONDS = {"notice_late": 10.0, "notice_reordered": 10.0}
HTTP_FAULTS = tuple(DEFAULT_SECONDS)
A_DAY = 86_400
KNOWN = (*HTTP_FAULTS, *NOTICE_FAULTS, *UPDATE_FAULTS, *SERVICE_FAULTS)


class UnreadableFault(Exception):
    """What was asked for is no fault; says why."""


@dataclass(slots=True)
class Fault:
    """`times` calls of `service` that match the pattern `call` suffer `fault`."""

    service: str
    call: str
    fault: str
    times: int = 1
    seconds: float = 0.0

    def strikes(self, service: str, call: str) -> bool:
        if self.service != service or not self.times:
            return False
        patterns = {self.call, f"* {self.call}"}
        if "/" not in call:
            patterns.add(self.call.rpartition("/")[2])
        return any(fnmatchcase(call, pattern) for pattern in patterns)


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self, journal: Journal) -> None:
        self._lock = RLock()
        self._ids = count(1)
        self._waiting: dict[int, Fault] = {}
        self._journal = journal
        journal.subscribe(PART, self._apply)

    def add(self, wishes: list[dict[str, Any]]) -> None:
        """Raises UnreadableFault, and then adds none of them."""
        faults = [read_fault(wish) for wish in wishes]
        for fault in faults:
            self._commit({"kind": "added", "fault": asdict(fault)})

    def clear(self) -> None:
        self._commit({"kind": "cleared"})

    def take(self, service: str, call: str, kinds: Collection[str] = KNOWN) -> Fault | None:
        """The first fault of those kinds that strikes this call; one of its times is used up."""
        with self._lock:
            for key, fault in self._waiting.items():
                if fault.fault in kinds and fault.strikes(service, call):
                    self._commit({"kind": "taken", "key": key})
                    return fault
        return None

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._waiting.values()]

    def _commit(self, event: Event) -> None:
        with self._lock:
            self._journal.record(PART, event)
            self._apply(event)

    def _apply(self, event: Event) -> None:
        if event["kind"] == "added":
            self._waiting[next(self._ids)] = Fault(**event["fault"])
        elif event["kind"] == "cleared":
            self._waiting.clear()
        else:
            fault = self._waiting[event["key"]]
            fault.times -= 1
            if not fault.times:
                del self._waiting[event["key"]]


def read_fault(wish: dict[str, Any]) -> Fault:
    """Read `{"service", "call", "fault", "times", "seconds"}`; the last two may be left out."""
    if not isinstance(wish, dict) or not {"service", "fault"} <= wish.keys():
        raise UnreadableFault('a fault is {"service", "call", "fault", "times", "seconds"}')
    if unknown := wish.keys() - {"service", "call", "fault", "times", "seconds"}:
        raise UnreadableFault(f"unknown: {', '.join(sorted(unknown))}")
    service, fault = wish["service"], wish["fault"]
    if service not in SERVICES:
        raise UnreadableFault(f"unknown service {service!r}, known: {', '.join(SERVICES)}")
    if fault not in KNOWN:
        raise UnreadableFault(f"unknown fault {fault!r}, known: {', '.join(KNOWN)}")
    usual = (DEFAULT_SECONDS | NOTICE_SECONDS | SERVICE_FAULTS).get(fault, 0.0)
    times, seconds = wish.get("times", 1), wish.get("seconds", usual)
    if not _is_number(times) or times != int(times) or times < 1:
        raise UnreadableFault("times is a whole number from 1")
    if not _is_number(seconds) or not 0 <= seconds <= A_DAY:
        raise UnreadableFault("seconds is a number from 0 to 86400")
    return Fault(service, _call(fault, str(wish.get("call", "*"))), fault, int(times), seconds)


def _call(fault: str, call: str) -> str:
    """Notices and updates have one door each, whatever the wish calls it."""
    if fault in NOTICE_FAULTS:
        return NOTICE
    return "getUpdates" if fault in UPDATE_FAULTS else call


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
