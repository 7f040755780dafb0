"""One run: the shop starts, customers come, trouble comes, it grows quiet, books are compared."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import requests

from chaos import books, catalogue, plan, quiet
from chaos.customer import Customer
from chaos.feed import Feed
from chaos.plan import Buyer, Plan
from chaos.shop import Shop
from chaos.tally import Tally
from chaos.trouble import Troublemaker

REPORT_SECONDS = 10.0
HTTP_SECONDS = 60.0
CARRIER_SERVICES, CARRIER_DOLLARS = ("easypost", "shipengine"), "10000000"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`facts` are for machines, `words` say of each violation what it is."""

    facts: dict[str, Any]
    words: list[str]
    is_well: bool


def run(  # noqa: PLR0913  what can be asked for on the command line
    folder: Path, *, orders: int, seed: int, kills: int | None, at_once: int, broken: str
) -> Outcome:
    drawn = plan.draw(orders, seed, kills)
    started = monotonic()
    tally = Tally()
    with Shop(folder, broken) as shop:
        _fund_carriers(shop)
        troublemaker = Troublemaker(shop, tally)
        with _reporting(tally, troublemaker), _troubled(troublemaker, drawn):
            _serve(drawn, shop, tally, at_once)
        troublemaker.calm()
        rested = quiet.wait(shop, tally)
        findings = _findings(shop, tally)
        placed = _placed(shop)
        deaths = shop.deaths()
    kills_by_kind = dict(sorted(troublemaker.kills.items()))
    for point in deaths:
        name = f"at {point}"
        kills_by_kind[name] = kills_by_kind.get(name, 0) + 1
    facts = {
        "orders": sum(placed.values()),
        "by_status": placed,
        "kills": kills_by_kind,
        "points_missed": sorted({point for point, _ in catalogue.deaths()} - set(deaths)),
        "faults": dict(sorted((+troublemaker.faults).items())),
        "violations": dict(findings.violations),
        "updates": tally.steps,
        "gave_up": tally.gave_up,
        "quiet": rested,
        "seconds": round(monotonic() - started, 1),
        "seed": seed,
        **({"broken": broken} if broken else {}),
    }
    well = rested and not any(findings.violations.values()) and not tally.gave_up
    return Outcome(facts, findings.words, well)


def _fund_carriers(shop: Shop) -> None:
    """No run may end because the shop's account at a carrier service is empty."""
    url = f"{shop.addresses.sandbox}/carrier/balance"
    for service in CARRIER_SERVICES:
        wish = {"service": service, "balance": CARRIER_DOLLARS}
        requests.post(url, json=wish, timeout=HTTP_SECONDS).raise_for_status()


def _serve(drawn: Plan, shop: Shop, tally: Tally, at_once: int) -> None:
    with Feed(shop.addresses.sandbox) as feed, ThreadPoolExecutor(at_once) as customers:

        def live(buyer: Buyer) -> None:
            with requests.Session() as session:
                Customer(buyer, shop.addresses.sandbox, feed, tally, session).live()

        for _ in customers.map(live, drawn.buyers):
            pass


@contextmanager
def _troubled(troublemaker: Troublemaker, drawn: Plan) -> Iterator[None]:
    thread = Thread(target=troublemaker.run, args=(drawn.troubles,), name="trouble")
    thread.start()
    try:
        yield
    finally:
        troublemaker.over.set()
        thread.join()


@contextmanager
def _reporting(tally: Tally, troublemaker: Troublemaker) -> Iterator[None]:
    started, over = monotonic(), Event()

    def report() -> None:
        while not over.wait(REPORT_SECONDS):
            sys.stderr.write(
                f"{monotonic() - started:5.0f} s: {tally.steps} updates, {tally.placed} placed, "
                f"{tally.gave_up} given up, {troublemaker.kills.total()} kills, "
                f"{troublemaker.faults.total()} faults\n"
            )

    thread = Thread(target=report, name="report", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _findings(shop: Shop, tally: Tally) -> books.Findings:
    url = f"{shop.addresses.sandbox}/world/books"
    world = requests.get(url, timeout=HTTP_SECONDS).json()
    with shop.database() as store:
        findings = books.compare(books.Books.read(store, world), tally)
    proof = shop.verify_ledger()
    if proof["mismatches"]:
        findings.blame("ledger_mismatches", f"ledger verify: {proof}", proof["mismatches"])
    return findings


def _placed(shop: Shop) -> dict[str, int]:
    """Orders by where they ended."""
    with shop.database() as store:
        rows = store.orders.aggregate([{"$sortByCount": "$status"}])
        return {row["_id"]: row["count"] for row in rows}
