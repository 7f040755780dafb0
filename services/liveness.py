"""Whether each queue's work is done: a task through it says so, once a minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.jobs import Queue
from models.canary import Canary


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a queue's workers; None when there never was one."""

    queue: Queue
    heard_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Liveness:
    """`patience` outlasts the beat of the canaries, and a backlog that is no worry yet."""

    clock: Clock
    patience: timedelta

    def hear(self, queue: Queue) -> None:
        """A worker has come as far as this task. Queues never heard have their time from now on."""
        now = self.clock.now()
        for other in Queue:
            Canary.objects.insert_if_absent(other.value, heard_at=now)
        Canary.objects(pk=queue.value).update_one(max__heard_at=now)

    def signs(self) -> list[Sign]:
        heard = {row.queue: row.heard_at for row in Canary.objects}
        return [self._sign(queue, heard.get(queue.value)) for queue in Queue]

    def silent(self) -> list[Sign]:
        return [sign for sign in self.signs() if sign.silent]

    def _sign(self, queue: Queue, heard_at: datetime | None) -> Sign:
        since = self.clock.now() - self.patience
        return Sign(queue, heard_at, silent=heard_at is None or heard_at <= since)
