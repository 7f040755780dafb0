"""Forgetting a customer's addresses: all that no order and no ledger entry needs."""

from collections.abc import Iterator
from itertools import islice

import structlog

from models.batch import Batch, BatchState
from models.connection import collection
from models.export import Export, ExportPart
from models.order import Order
from models.quote import Quote
from services.orders import order_id_of

log = structlog.get_logger()

AT_A_TIME = 500
UNDER_WAY = (BatchState.CHECKING, BatchState.READY, BatchState.BUYING, BatchState.TRAILING)
SAVED = ("saved_addresses", "saved_parcels", "templates")


def forget(user_id: int) -> None:
    """Erase what they saved, quotes that were not bought, packed exports. Safe to call again.

    Orders stay, and the ledger: they say what was paid for. The draft is its chat's to empty.
    """
    for name in SAVED:
        collection(name).delete_many({"user_id": user_id})
    Export.objects(user_id=user_id).delete()
    ExportPart.objects(user_id=user_id).delete()
    if not Batch.objects(user_id=user_id, status__in=UNDER_WAY).first():
        _forget_quotes(user_id)
    log.info("customer_forgotten", user_id=user_id)


def _forget_quotes(user_id: int) -> None:
    """A batch under way still buys by its quotes; without one, only orders need theirs."""
    quotes = iter(Quote.objects(user_id=user_id).only("id").as_pymongo())
    for ids in _in_parts(row["_id"] for row in quotes):
        ordered = {order_id_of(quote_id): quote_id for quote_id in ids}
        bought = Order.objects(pk__in=list(ordered)).only("id").as_pymongo()
        kept = {ordered[row["_id"]] for row in bought}
        Quote.objects(pk__in=[each for each in ids if each not in kept]).delete()


def _in_parts(ids: Iterator[str]) -> Iterator[list[str]]:
    while part := list(islice(ids, AT_A_TIME)):
        yield part
