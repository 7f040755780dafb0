"""Forgetting a customer's addresses: all that no order and no ledger entry needs."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import structlog

from models.batch import ENDED, Batch, BatchRow, BatchState
from models.connection import collection
from models.export import Export, ExportPart
from models.inbox import Update
from models.order import Order
from models.quote import Quote
from services.orders import order_id_of

log = structlog.get_logger()

AT_A_TIME = 500
UNDER_WAY = (BatchState.CHECKING, BatchState.READY, BatchState.BUYING, BatchState.TRAILING)
SAVED = ("saved_addresses", "saved_parcels", "templates")


def forget(user_id: int, now: datetime) -> None:
    """Erase what they saved and wrote, the rows of their files, and quotes that were not bought.

    Orders stay, and the ledger: they say what was paid for; so does a file that is still checked
    or bought. The draft is its chat's to empty. Safe to call again.
    """
    for name in SAVED:
        collection(name).delete_many({"user_id": user_id})
    Export.objects(user_id=user_id).delete()
    ExportPart.objects(user_id=user_id).delete()
    Update.objects.empty(user_id)
    _forget_files(user_id, now)
    if not Batch.objects(user_id=user_id, status__in=UNDER_WAY).first():
        _forget_quotes(user_id)
    log.info("customer_forgotten", user_id=user_id)


def _forget_files(user_id: int, now: datetime) -> None:
    """The batches stay: by their number the same file, sent again, gets ids of its own."""
    for batch_id in Batch.objects(user_id=user_id, status=BatchState.MAPPING).scalar("id"):
        Batch.objects.advance(batch_id, when=BatchState.MAPPING, to=BatchState.DROPPED, at=now)
    ended = Batch.objects(user_id=user_id, status__in=ENDED)
    BatchRow.objects.empty(ended.scalar("id"))
    ended.update(set__heading=[], set__defaults={})


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
