"""L: labels that a worker buys in a second, against what its carrier's slowness leaves possible.

Nothing is replaced: the product's own worker asks over HTTP, through EasyPost's adapter.
"""

from statistics import median

from benchmarks.carriers import served
from benchmarks.rates import Effort, Measured
from benchmarks.stand import Stand
from benchmarks.workers import CONCURRENCY, a_worker
from core.jobs import Queue
from core.settings import PREFIX

SECONDS = 0.3
"""What the carrier takes to sell a label."""
POSSIBLE = CONCURRENCY / SECONDS
TIMES, ROUNDS = 80, 3


def purchases_against_the_carrier(stand: Stand, effort: Effort) -> Measured:
    """1.0 would be a worker that does nothing but wait for its carrier."""
    times, rounds = effort.of(TIMES), min(ROUNDS, effort.rounds)
    with served() as url:
        carrier = {
            f"{PREFIX}EASYPOST_URL": f"{url}/easypost/{SECONDS}",
            f"{PREFIX}EASYPOST_TEST_KEY": "EZTK-only-for-benchmarks",
        }
        with a_worker(stand, "tasks.app", [Queue.BUY], carrier) as workers:
            workers.drives(CONCURRENCY)
            bought = median(workers.drives(times) for _ in range(rounds))
    return Measured(bought / POSSIBLE, {"purchases_per_s": bought, "possible_per_s": POSSIBLE})
