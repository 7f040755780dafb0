"""Notices on their way: kept raw before they are answered, handled by a worker in turn."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pymongo.errors import AutoReconnect

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Unavailable
from core.jobs import Job
from models import notice
from models.notice import Notice, Source
from services.attempts import DEATHS_AT_MOST, KillsItsWorker
from services.ports import Jobs

LEASE = timedelta(seconds=30)
"""A notice whose handler was killed is handled by another after this long."""
CLOCKS_APART = timedelta(seconds=2)
"""What was kept by a machine whose clock goes before ours is due all the same."""
PER_TURN = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The notices of one source; `job` is the one that has them handled."""

    source: Source
    job: Job
    jobs: Jobs
    clock: Clock

    def keep(self, provider: str, body: bytes, *, about: str, **facts: str) -> bool:
        """Keep a true notice in one durable write; only then may it be answered.

        `about` is the provider's id of what it tells of, `facts` further fields of the document.
        False: this very notice is kept already, handled or not.
        """
        now = self.clock.now()
        row = {
            "_id": hashlib.sha256(provider.encode() + b"\n" + body).hexdigest(),
            "source": self.source.value,
            "provider": provider,
            "provider_id": about,
            **facts,
            "body": body,
            "received_at": now,
            "next_at": now,
            "attempts": 0,
        }
        if not notice.keep(row):
            return False
        crash_at("notice.after_keep")
        self.jobs.nudge(self.job)
        return True

    def handle(self, act: Callable[[Notice], None]) -> None:
        """Have `act` done for all that is due, the longest waiting first.

        A notice is handled when `act` has returned: whoever dies before leaves it to another, so
        `act` must be safe to repeat. One that never lets `act` return is given up.
        """
        due = list(Notice.objects(source=self.source).due(self._until(), PER_TURN))
        for notice_id in due:
            now = self.clock.now()
            mine = Notice.objects.claim(notice_id, now=self._until(), until=now + LEASE)
            if mine is not None:
                self._handle(mine, act)
        if len(due) == PER_TURN:
            self.jobs.ask(self.job)

    def _handle(self, mine: Notice, act: Callable[[Notice], None]) -> None:
        if mine.attempts > DEATHS_AT_MOST:
            failure = str(KillsItsWorker(id=mine.id))
            log.error("notice_given_up", notice_id=mine.id, provider=mine.provider, why=failure)
            Notice.objects.mark_handled(mine.id, self.clock.now(), failure=failure)
            return
        try:
            act(mine)
        except (Unavailable, AutoReconnect):
            Notice.objects.forgive(mine.id)
            raise
        crash_at("notice.after_act")
        Notice.objects.mark_handled(mine.id, self.clock.now())

    def _until(self) -> datetime:
        return self.clock.now() + CLOCKS_APART
