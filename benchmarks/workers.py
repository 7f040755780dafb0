"""P3: what a worker drives in a second, against tasks that do nothing on the same worker."""

import itertools
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from threading import Event
from time import monotonic, perf_counter
from typing import Any

from celery import Celery
from redis import Redis

from benchmarks.desk import RATE_ID, Desk
from benchmarks.rates import Effort, Measured, in_turns
from benchmarks.stand import Stand
from core.jobs import Job, Queue
from models.order import Order, OrderState
from sandbox import readiness, servers
from sandbox.children import CannotStart, Child

TASKS, NOTHINGS = 160, 5
"""A drive takes about as long as so many tasks that do nothing."""
ROUNDS = 5
CONCURRENCY = 4
"""As the Procfile's buyer has."""
NOTHING = "bulk.nothing"
CUSTOMERS = range(1, 41)
"""A shop's orders are of many: those of one alone would wait for each other at the ledger."""
LOOK_SECONDS, CALM_SECONDS, PATIENCE_SECONDS = 0.02, 0.5, 60
CONSUMED = (Queue.BUY, Queue.BULK)


@dataclass(slots=True)
class Workers:
    """A real worker of the product, held back while its queue is filled."""

    child: Child
    redis: Redis
    celery: Celery
    desk: Desk = field(default_factory=Desk)
    numbers: Any = field(default_factory=itertools.count)

    def nothings(self, times: int) -> float:
        return self._work(NOTHING, Queue.BULK, [str(number) for number in range(times * NOTHINGS)])

    def drives(self, times: int) -> float:
        """Orders are placed beforehand: held, and due to be bought."""
        orders = self.desk.orders
        buyers = list(itertools.islice(itertools.cycle(CUSTOMERS), times))
        placed = [
            orders.place(user_id=buyer, quote_id=quote_id, rate_id=RATE_ID).id
            for buyer in buyers
            for quote_id in self.desk.quotes(buyer, 1)
        ]
        found = self._work(Job.DRIVE_ORDER.value, Queue.BUY, placed)
        assert Order.objects(pk__in=placed, status=OrderState.DONE).count() == times
        return found

    def _work(self, task: str, queue: Queue, subjects: list[str]) -> float:
        """Tasks a second, from the first that is taken to the last that is done."""
        self.child.signal(signal.SIGSTOP)
        for subject in subjects:
            self.celery.send_task(task, args=(subject,), queue=queue.value)
        started = perf_counter()
        self.child.signal(signal.SIGCONT)
        return len(subjects) / (self._done_at() - started)

    def _done_at(self) -> float:
        """When nothing was first seen queued or taken any more, and stayed so.

        Once is not enough: between the two a task is nowhere for a moment.
        """
        deadline, since = monotonic() + PATIENCE_SECONDS, inf
        while perf_counter() - since < CALM_SECONDS:
            if self.child.ended or monotonic() > deadline:
                raise CannotStart("The worker does not do its tasks.")
            Event().wait(LOOK_SECONDS)
            since = inf if self._left() else min(since, perf_counter())
        return since

    def _left(self) -> int:
        look = self.redis.pipeline()
        for queue in CONSUMED:
            look.llen(queue.value)
        look.hlen("unacked")
        counted: Iterable[int] = look.execute()
        return sum(counted)


@contextmanager
def a_worker(
    stand: Stand, app: str, queues: Iterable[Queue], settings: Mapping[str, str]
) -> Iterator[Workers]:
    """One as in the Procfile, ready, with further settings of the product's."""
    redis_url = stand.redis()
    command = [
        *("celery", "--quiet", "-A", app, "worker", "--loglevel", "ERROR"),
        *("-Q", ",".join(queues), "--concurrency", str(CONCURRENCY)),
        *("--without-gossip", "--without-mingle"),
    ]
    with stand.run("worker", command, {**stand.settings(redis_url), **settings}) as child:
        celery = Celery("bench", broker=redis_url, set_as_current=False)
        servers.wait("worker", lambda: bool(readiness.workers(redis_url)), lambda: child.ended)
        workers = Workers(child, Redis.from_url(redis_url), celery)
        for customer in CUSTOMERS:
            workers.desk.customer(customer)
        yield workers


def drives_against_nothing(stand: Stand, effort: Effort) -> Measured:
    times, rounds = effort.of(TASKS), min(ROUNDS, effort.rounds)
    with a_worker(stand, "benchmarks.instant", CONSUMED, {}) as workers:
        found = in_turns(workers.drives, workers.nothings, times=times, rounds=rounds)
    return found.named("drives_per_s", "no_op_tasks_per_s")
