"""What is going to happen: customers, kills and faults, all drawn from one seed beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from random import Random

from chaos import catalogue
from chaos.catalogue import Wish

FIRST_CHAT = 100_001
STEPS_OF_A_CUSTOMER = 3
STEPS_OF_A_LABEL = 8
"""What it takes at the least: a plan that ends later than its customers is never carried out."""
KILLS_PER_ORDER, KILLS_AT_LEAST = 0.085, 6
FAULTS_PER_ORDER, FAULTS_AT_LEAST = 0.3, 16
FLUSHES_PER_ORDER, FLUSHES_AT_LEAST = 0.005, 1
FEW_KILLS = 20
FROM_PART, TO_PART = 0.03, 0.97
LONGEST_DOWN = 1.5
MOST_LABELS = 3
FORESIGHT, GARBAGE, CANCELLING, REGRET = 0.7, 0.15, 0.05, 0.25
CENTS_A_LABEL = range(900, 1500, 50)


class Payer(StrEnum):
    """How a customer pays the first invoice; later ones are paid as asked."""

    EXACT = "exact"
    SLOWLY = "slowly"
    PART = "part"
    PARTS = "parts"
    TOO_MUCH = "too_much"
    LATE = "late"
    TWICE = "twice"


PAYERS = {
    Payer.EXACT: 10,
    Payer.SLOWLY: 3,
    Payer.PART: 2,
    Payer.PARTS: 2,
    Payer.TOO_MUCH: 2,
    Payer.LATE: 2,
    Payer.TWICE: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One label that a customer wants; the numbers choose among what is offered."""

    sender: int
    recipient: int
    parcel: int
    rate: int
    taps: int
    garbage_at: int
    cancel_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A customer of the plan. `topup_cents` of 0 waits until the shop asks for money.

    One with `regrets` wants the money for the newest label back.
    """

    chat_id: int
    first_name: str
    topup_cents: int
    payer: Payer
    provider: int
    regrets: bool
    purchases: tuple[Purchase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """kill -9, some seconds of absence, a new start; it may be told to die at a named point."""

    at: int
    name: str
    down: float
    crash_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush:
    """Everything in Redis is gone."""

    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    at: int
    wish: Wish


Trouble = Kill | Flush | Disturbance


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Trouble comes when customers together have taken `at` steps: a slow machine shifts it."""

    seed: int
    buyers: tuple[Buyer, ...]
    troubles: tuple[Trouble, ...]

    @property
    def orders(self) -> int:
        return sum(len(buyer.purchases) for buyer in self.buyers)


def draw(orders: int, seed: int, kills: int | None = None) -> Plan:
    """The plan of this seed; without `kills` their number follows from that of the orders."""
    buyers = tuple(_buyers(_random(seed, "buyers"), _random(seed, "regrets"), orders))
    steps = STEPS_OF_A_CUSTOMER * len(buyers) + STEPS_OF_A_LABEL * orders
    if kills is None:
        kills = _number(orders, KILLS_PER_ORDER, KILLS_AT_LEAST)
    troubles: list[Trouble] = [
        *_kills(_random(seed, "kills"), kills, steps),
        *_flushes(
            _random(seed, "flushes"), _number(orders, FLUSHES_PER_ORDER, FLUSHES_AT_LEAST), steps
        ),
        *_disturbances(
            _random(seed, "faults"), _number(orders, FAULTS_PER_ORDER, FAULTS_AT_LEAST), steps
        ),
    ]
    troubles.sort(key=lambda trouble: trouble.at)
    return Plan(seed=seed, buyers=buyers, troubles=tuple(troubles))


def _random(seed: int, part: str) -> Random:
    """Each part draws from its own, so that a new kind of one changes no other."""
    return Random(f"{seed} {part}")  # noqa: S311  a plan, not a secret


def _number(orders: int, per_order: float, least: int) -> int:
    return max(least, round(orders * per_order))


def _buyers(random: Random, regrets: Random, orders: int) -> Iterator[Buyer]:
    chat_id = FIRST_CHAT
    while orders:
        labels = min(random.randint(1, MOST_LABELS), orders)
        wants_to_top_up = random.random() < FORESIGHT
        yield Buyer(
            chat_id=chat_id,
            first_name=f"Customer {chat_id}",
            topup_cents=labels * random.choice(CENTS_A_LABEL) if wants_to_top_up else 0,
            payer=random.choices(list(PAYERS), list(PAYERS.values()))[0],
            provider=random.choices([0, 1], [3, 1])[0],
            regrets=regrets.random() < REGRET,
            purchases=tuple(_purchase(random) for _ in range(labels)),
        )
        chat_id, orders = chat_id + 1, orders - labels


def _purchase(random: Random) -> Purchase:
    steps = range(STEPS_OF_A_LABEL)
    return Purchase(
        sender=random.randrange(1000),
        recipient=random.randrange(1000),
        parcel=random.randrange(1000),
        rate=random.randrange(4),
        taps=random.choices([1, 2, 3], [7, 2, 1])[0],
        garbage_at=random.choice(steps) if random.random() < GARBAGE else -1,
        cancel_at=random.choice(steps) if random.random() < CANCELLING else -1,
    )


def _moment(random: Random, steps: int) -> int:
    return round(steps * random.uniform(FROM_PART, TO_PART))


def _kills(random: Random, number: int, steps: int) -> Iterator[Kill]:
    weights = {
        name: weight
        for name, weight in catalogue.KILLED.items()
        if number >= FEW_KILLS or name not in catalogue.SLOW_TO_COME_BACK
    }
    deaths: dict[str, list[str]] = {}
    for point, name in catalogue.deaths():
        deaths.setdefault(name, []).append(point)
    turns = {name: cycle(random.sample(points, len(points))) for name, points in deaths.items()}
    for name in random.choices(list(weights), list(weights.values()), k=number):
        yield Kill(
            at=_moment(random, steps),
            name=name,
            down=round(random.uniform(0, LONGEST_DOWN), 2),
            crash_at=next(turns[name]) if name in turns else "",
        )


def _flushes(random: Random, number: int, steps: int) -> Iterator[Flush]:
    for _ in range(number):
        yield Flush(at=_moment(random, steps))


def _disturbances(random: Random, number: int, steps: int) -> Iterator[Disturbance]:
    wishes = [wish for wish, weight in catalogue.faults() for _ in range(weight)]
    turns = cycle(random.sample(wishes, len(wishes)))
    for _ in range(number):
        yield Disturbance(at=_moment(random, steps), wish=next(turns))
