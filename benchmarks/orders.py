"""P2: a whole order, from the tap on "Pay" to the label, against inserts of its documents' kind.

The carrier answers at once and nobody is woken, so that both sides speak to MongoDB alone.
"""

import itertools
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pymongo import monitoring

from benchmarks.desk import RATE_ID, Desk
from benchmarks.ledger import like_document
from benchmarks.rates import Effort, Measured, compare
from benchmarks.writes import DurableWrites
from core import log
from core.clock import SystemClock
from models import connection
from models.connection import collection
from models.order import Order, OrderState
from services.labels import Labels
from services.orders import Orders

TIMES = 40
COUNTED = 5
LABEL = ("labels", "label_files")
"""The label's bytes are kept after the money has moved; a failure there changes none of it."""


def paths_against_inserts(threads: int, url: str, effort: Effort) -> Measured:
    """Orders/s times their durable writes, by raw inserts/s: 1.0 would cost nothing but writes."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        writes = apart.submit(count_writes, url).result()
    kept = sum(number for name, number in writes.items() if name.startswith(LABEL)) / COUNTED
    money = writes.total() / COUNTED - kept
    desk, times = Desk(), effort.of(TIMES)
    orders, labels = desk.orders, desk.labels
    clock, raw = SystemClock(), collection("raw_orders")
    numbers = [itertools.count() for _ in range(threads)]
    quotes = [_customer(desk, thread, times * (effort.rounds + 1)) for thread in range(threads)]

    def path(thread: int, _: int) -> None:
        sell(orders, labels, thread, quotes[thread][next(numbers[thread])])

    def insert(thread: int, number: int) -> None:
        raw.insert_one(like_document(f"u:{thread}", number, clock))

    found = compare(path, insert, threads=threads, times=times, rounds=effort.rounds)
    return Measured(
        found.ratio * money,
        {
            "orders_per_s": found.ours,
            "raw_inserts_per_s": found.bare,
            "durable_writes": money,
            "label_writes_beside": kept,
        },
    )


def sell(orders: Orders, labels: Labels, user_id: int, quote_id: str) -> None:
    placed = orders.place(user_id=user_id, quote_id=quote_id, rate_id=RATE_ID)
    orders.drive(placed.id)
    labels.pdf(placed.id)


def count_writes(url: str) -> Counter[str]:
    """For a process of its own: whoever listens to the driver slows it."""
    log.configure("ERROR", "bench")
    listener = DurableWrites()
    monitoring.register(listener)
    connection.connect(url)
    desk = Desk()
    quotes = _customer(desk, 1_000, COUNTED)
    listener.made.clear()
    for quote_id in quotes:
        sell(desk.orders, desk.labels, 1_000, quote_id)
    assert Order.objects(user_id=1_000, status=OrderState.DONE).count() == COUNTED
    return listener.made


def _customer(desk: Desk, user_id: int, quotes: int) -> list[str]:
    desk.customer(user_id)
    return desk.quotes(user_id, quotes)
