"""Waiting until the shop has nothing left to do."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

import requests
from pymongo.errors import PyMongoError

from chaos.books import cents
from chaos.shop import Shop
from chaos.tally import Tally

BOUND_SECONDS = 420.0
LOOK_SECONDS = 1.0
CALM_LOOKS = 3
SOON = timedelta(minutes=5)
"""A void that a carrier turned down too early is asked for again hours later."""
HTTP_SECONDS = 30.0
DUE = {"next_at": {"$type": "date"}}
UNPAID = ("new", "pending", "expired")


def wait(shop: Shop, tally: Tally, bound: float = BOUND_SECONDS) -> bool:
    """Whether it came to rest in time: a while with nothing due and nothing in flight."""
    until = monotonic() + bound
    calm, before = 0, Counter[str]()
    while calm < CALM_LOOKS:
        if monotonic() > until:
            return False
        left = _left(shop, tally)
        calm = 0 if left else calm + 1
        if left != before:
            sys.stderr.write(f"Waiting for quiet, left are {dict(left)}\n")
        before = left
        Event().wait(LOOK_SECONDS)
    return True


def _left(shop: Shop, tally: Tally) -> Counter[str]:
    """How much is still to be done, by kind."""
    try:
        with shop.database() as store:
            return _due(store) + _unheard(store, tally) + _unsettled(store, shop)
    except (PyMongoError, requests.RequestException) as error:
        return Counter({type(error).__name__: 1})


def _due(store: Any) -> Counter[str]:
    # A rejected order is only looked at once more, minutes later; it holds nothing.
    orders = store.orders.count_documents({**DUE, "status": {"$ne": "rejected"}})
    soon = {"next_at": {"$type": "date", "$lte": datetime.now(UTC) + SOON}}
    voids = store.voids.count_documents(soon)
    rest = {name: store[name].count_documents(DUE) for name in ("outbox", "inbox", "notices")}
    return Counter(orders=orders, voids=voids, **rest)


def _unheard(store: Any, tally: Tally) -> Counter[str]:
    sent = sum(number for chat, number in tally.sent.items() if chat not in tally.uncertain)
    known = {"chat_id": {"$nin": sorted(tally.uncertain)}}
    return Counter(unheard=max(0, sent - store.inbox.count_documents(known)))


def _unsettled(store: Any, shop: Shop) -> Counter[str]:
    """Payments whose money has come, and which do not know it."""
    url = f"{shop.addresses.sandbox}/world/books"
    invoices = requests.get(url, timeout=HTTP_SECONDS).json()["invoices"]
    paid = [each["order_id"] for each in invoices if cents(each["paid"])]
    waiting = {"_id": {"$in": paid}, "status": {"$in": UNPAID}}
    return Counter(payments=store.payments.count_documents(waiting))
