"""`make bench`: one JSON object a line, on a MongoDB of its own. ARGS="P2" takes one measure."""

import json
import sys
from collections.abc import Callable

from benchmarks import (
    contest,
    ledger,
    messages,
    orders,
    purchases,
    quotes,
    sweeps,
    verification,
    web,
    workers,
)
from benchmarks.rates import FULL, GLANCE, Effort, Measured
from benchmarks.stand import Stand, a_stand
from core import log
from models import connection
from sandbox.children import CannotStart

MEASURES: dict[str, Callable[[Stand, Effort], Measured]] = {
    "P1": lambda _, effort: ledger.appends_against_inserts(1, effort),
    "P1-8": lambda _, effort: ledger.appends_against_inserts(8, effort),
    "P2": lambda stand, effort: orders.paths_against_inserts(8, stand.url, effort),
    "P3": workers.drives_against_nothing,
    "P4": web.notices_against_bare_posts,
    "P5-orders": sweeps.orders_among_many,
    "P5-payments": sweeps.payments_among_many,
    "P7-sums": verification.sums_against_a_scan,
    "P7-digests": verification.digests_against_a_scan,
    "P8": messages.notes_against_the_limit,
    "P9": contest.steps_against_rivals,
    "P9-replies": messages.replies_during_a_broadcast,
    "L": purchases.purchases_against_the_carrier,
    "Q": lambda _, effort: quotes.quotes_against_the_slowest_carrier(effort),
}
GLANCED = "--glance"


def main(arguments: list[str]) -> int:
    """`--glance` does very little of each measure: it shows that they run, and no speed."""
    effort = GLANCE if GLANCED in arguments else FULL
    wanted = [name for name in arguments if name != GLANCED] or list(MEASURES)
    unknown = [name for name in wanted if name not in MEASURES]
    if unknown:
        print(f"No such measure: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
        return 2
    log.configure("ERROR", "bench")
    with a_stand() as stand:
        for name in wanted:
            stand.use(f"bench_{name.lower().replace('-', '_')}")
            print(_line(name, MEASURES[name](stand, effort)), flush=True)
        connection.disconnect()
    return 0


def _line(name: str, found: Measured) -> str:
    figures = {figure: _shown(value) for figure, value in found.figures.items()}
    return json.dumps({"measure": name, "ratio": round(found.ratio, 3), "figures": figures})


def _shown(value: float) -> float:
    return round(value, 3) if value < 10 else round(value)  # noqa: PLR2004  small ones need digits


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStart as reason:
        sys.exit(str(reason))
