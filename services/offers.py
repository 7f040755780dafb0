"""Which of many offers are shown, and which at first: what a customer would choose between."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import inf

from core.postage import family, product
from models.parts import PricedRate

PER_CARRIER_AT_MOST = 5
IN_ALL_AT_MOST = 15
FAST = "fast"
"""The filter for what arrives within `FAST_DAYS`; all others are carriers' families."""
FAST_DAYS = 2
AT_A_GLANCE = 5
"""So many rates are seen without choosing among them first."""


def best(offered: Iterable[PricedRate]) -> tuple[PricedRate, ...]:
    """The cheapest ones by price, and whatever their number the fastest one among them."""
    distinct: dict[tuple[str, str], PricedRate] = {}
    for rate in sorted(offered, key=_by_price):
        distinct.setdefault(product(rate.carrier, rate.service), rate)
    kept: list[PricedRate] = []
    of_carrier: Counter[str] = Counter()
    for rate in distinct.values():
        if of_carrier[family(rate.carrier)] < PER_CARRIER_AT_MOST and len(kept) < IN_ALL_AT_MOST:
            of_carrier[family(rate.carrier)] += 1
            kept.append(rate)
    return tuple(_with_fastest(kept, distinct.values()))


def _with_fastest(kept: list[PricedRate], offered: Iterable[PricedRate]) -> list[PricedRate]:
    """In the place of the dearest one: of its own carrier, if that has its full number."""
    timed = [rate for rate in offered if rate.days]
    fastest = min(timed, key=lambda rate: (rate.days or 0, rate.price), default=None)
    if fastest is None or fastest in kept:
        return kept
    own = [rate for rate in kept if family(rate.carrier) == family(fastest.carrier)]
    leaving = own[-1] if len(own) == PER_CARRIER_AT_MOST else kept[-1]
    return sorted([*(rate for rate in kept if rate is not leaving), fastest], key=_by_price)


def _by_price(rate: PricedRate) -> tuple[object, ...]:
    return rate.price, rate.cost, rate.days or 99, rate.service, rate.provider


def filters(offered: Sequence[PricedRate]) -> tuple[str, ...]:
    """Those that show something else than what is shown at first."""
    first = set(_at_first(offered))
    names = [*dict.fromkeys(family(rate.carrier) for rate in offered), FAST]
    return tuple(name for name in names if not first.issuperset(narrowed(offered, name)))


def narrowed(offered: Sequence[PricedRate], only: str) -> tuple[PricedRate, ...]:
    """What passes the filter; without one, or if it leaves nothing, what is shown at first."""
    if only == FAST:
        passed = [rate for rate in offered if rate.days and rate.days <= FAST_DAYS]
    else:
        passed = [rate for rate in offered if family(rate.carrier) == only]
    return tuple(passed) or _at_first(offered)


def _at_first(offered: Sequence[PricedRate]) -> tuple[PricedRate, ...]:
    """By price: the cheapest of each carrier, and each that is faster than all that cost less."""
    if len(offered) <= AT_A_GLANCE:
        return tuple(offered)
    shown: list[PricedRate] = []
    carriers: set[str] = set()
    soonest = inf
    for rate in sorted(offered, key=_by_price):
        days = rate.days or inf
        if family(rate.carrier) not in carriers or days < soonest:
            shown.append(rate)
        carriers.add(family(rate.carrier))
        soonest = min(soonest, days)
    return tuple(shown)
