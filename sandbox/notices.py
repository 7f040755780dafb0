"""Notices to the shop: signed, delivered in order, tried again; each fault in its own way."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from time import time
from uuid import uuid4
from zlib import crc32

import requests
import structlog

from sandbox.alarms import Alarms
from sandbox.faults import NOTICE, NOTICE_FAULTS, Fault
from sandbox.journal import Event
from sandbox.world import World

LANES = 4
TIMEOUT_SECONDS = 10
JUST_AFTER = 0.001

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Notice:
    """`key` names what it is about: notices of one key are delivered one after the other."""

    key: str
    url: str
    body: str
    headers: dict[str, str]
    id: str = field(default_factory=lambda: uuid4().hex)
    due: float = field(default_factory=time)
    tries: int = 0


class Notices:
    """`delays` are the seconds before each further try; `accepted` judges the shop's answer."""

    def __init__(
        self,
        world: World,
        service: str,
        delays: tuple[float, ...],
        accepted: Callable[[requests.Response], bool],
    ) -> None:
        self._world = world
        self._service = service
        self._part = f"{service}.notices"
        self._delays = tuple(delay / world.settings.retry_divisor for delay in delays)
        self._accepted = accepted
        self._waiting: dict[str, Notice] = {}
        self._held: dict[str, str] = {}
        self._lanes = [Alarms() for _ in range(LANES)]
        world.journal.subscribe(self._part, self._apply)
        world.on_start(self._resume)

    def send(self, notice: Notice, forged: Notice | None = None) -> None:
        """Deliver soon. `forged` goes first when a forgery was ordered."""
        fault = self._world.faults.take(self._service, NOTICE, NOTICE_FAULTS)
        for one in _as_ordered(notice, forged, fault):
            self._queue(one)
        self._release(notice)
        if fault is not None and fault.fault == "notice_reordered":
            self._held[notice.key] = notice.id

    def _queue(self, notice: Notice) -> None:
        self._commit({"kind": "due", "notice": asdict(notice)})
        self._schedule(notice)

    def _release(self, after: Notice) -> None:
        """What was held back to be overtaken follows right behind the one that overtook it."""
        held = self._waiting.get(self._held.pop(after.key, ""))
        if held is not None:
            self._queue(replace(held, due=after.due + JUST_AFTER))

    def _try(self, notice: Notice) -> None:
        if self._waiting.get(notice.id) != notice:
            return
        if self._deliver(notice) or notice.tries == len(self._delays):
            self._commit({"kind": "over", "id": notice.id})
            return
        due = time() + self._delays[notice.tries]
        self._queue(replace(notice, due=due, tries=notice.tries + 1))

    def _deliver(self, notice: Notice) -> bool:
        try:
            response = requests.post(
                notice.url,
                data=notice.body.encode(),
                headers=notice.headers,
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as failure:
            log.info("notice_undelivered", url=notice.url, failure=type(failure).__name__)
            return False
        return self._accepted(response)

    def _schedule(self, notice: Notice) -> None:
        lane = self._lanes[crc32(notice.key.encode()) % LANES]
        lane.at(notice.due, partial(self._try, notice))

    def _resume(self) -> None:
        for notice in list(self._waiting.values()):
            self._schedule(notice)

    def _commit(self, event: Event) -> None:
        self._world.journal.record(self._part, event)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        if event["kind"] == "due":
            notice = Notice(**event["notice"])
            self._waiting[notice.id] = notice
        else:
            self._waiting.pop(event["id"], None)


def _as_ordered(notice: Notice, forged: Notice | None, fault: Fault | None) -> list[Notice]:
    """What is really queued when `fault` strikes."""
    kind = fault.fault if fault else ""
    later = replace(notice, due=notice.due + (fault.seconds if fault else 0))
    again = replace(notice, id=uuid4().hex, due=notice.due + JUST_AFTER)
    return {
        "notice_lost": [],
        "notice_twice": [notice, again],
        "notice_late": [later],
        "notice_reordered": [later],
        "notice_forged": [*([forged] if forged else []), again],
    }.get(kind, [notice])
