"""How often something can be done in a second, and how two such rates compare."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of a measure is done, and how often: FULL for figures, GLANCE to see it run."""

    share: float
    rounds: int

    def of(self, full: int) -> int:
        return max(4, int(full * self.share))


FULL = Effort(1.0, ROUNDS)
GLANCE = Effort(0.01, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure prints."""

    ratio: float
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Medians over rounds in which both took turns; `ratio` is the median of the rounds' ratios."""

    ours: float
    bare: float
    ratio: float

    def named(self, ours: str, bare: str) -> Measured:
        return Measured(self.ratio, {ours: self.ours, bare: self.bare})


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
    rounds: int = ROUNDS,
) -> Comparison:
    """Measure both in turns, so that what slows the machine slows them alike."""
    return in_turns(
        lambda times: rate(ours, threads=threads, times=times),
        lambda times: rate(bare, threads=threads, times=times),
        times=times,
        rounds=rounds,
    )


def in_turns(
    ours: Callable[[int], float], bare: Callable[[int], float], *, times: int, rounds: int
) -> Comparison:
    """Compare two rates that `ours(times)` and `bare(times)` find; a quarter warms both up."""
    ours(max(1, times // 4))
    bare(max(1, times // 4))
    pairs = [(ours(times), bare(times)) for _ in range(rounds)]
    return Comparison(
        ours=median(ours for ours, _ in pairs),
        bare=median(bare for _, bare in pairs),
        ratio=median(ours / bare for ours, bare in pairs),
    )
