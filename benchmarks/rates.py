"""How often something can be done in a second, and how two such rates compare."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians over rounds in which both took turns; `ratio` is the median of the rounds' ratios."""

    ours: float
    bare: float
    ratio: float


def rate(act: Callable[[int, int], None], *, threads: int, times: int) -> float:
    """Calls a second of `act(thread, number)`, `times` by each thread, all at once."""

    def many(thread: int) -> None:
        for number in range(times):
            act(thread, number)

    with ThreadPoolExecutor(threads) as pool:
        started = perf_counter()
        list(pool.map(many, range(threads)))
        return threads * times / (perf_counter() - started)


def compare(
    ours: Callable[[int, int], None],
    bare: Callable[[int, int], None],
    *,
    threads: int,
    times: int,
) -> Comparison:
    """Measure both in turns, so that what slows the machine slows them alike."""
    rate(ours, threads=threads, times=times // 4)
    rate(bare, threads=threads, times=times // 4)
    rounds = [
        (rate(ours, threads=threads, times=times), rate(bare, threads=threads, times=times))
        for _ in range(ROUNDS)
    ]
    return Comparison(
        ours=median(ours for ours, _ in rounds),
        bare=median(bare for _, bare in rounds),
        ratio=median(ours / bare for ours, bare in rounds),
    )
