"""The buying of a batch: each row is an ordinary order, whose id follows from batch and row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from models.batch import UNDECIDED, Batch, BatchRow, RowState, storable
from models.order import Order, OrderState
from models.outbox import NoteKind
from services.batch_checking import bought_before, chosen, offer_of, order_id_of, sheet_of
from services.batch_rows import read_row
from services.blocks import CustomerBlocked
from services.freezes import AccountFrozen
from services.ledger import InsufficientFunds
from services.orders import Orders
from services.outbox import Outbox
from services.quotes import QuoteExpired, Quotes, RateGone

log = structlog.get_logger()

SIDE_BY_SIDE = 12
"""Orders of one batch that may wait for a buyer: single labels are not kept behind hundreds."""
PATIENCE = timedelta(minutes=5)
"""After this a batch does not wait for an order that is still unknown before it is told of."""
SOLD = (
    OrderState.DONE,
    OrderState.VOID_SENT,
    OrderState.REFUNDED,
    OrderState.VOID_REFUSED,
)


class PriceMoved(Refusal):
    """The row has become dearer than confirmed. Facts: `before` and `now` (str)."""


class NoMoneyLeft(Refusal):
    """The balance, which was enough before, was spent on something else."""


class NotBought(Refusal):
    """The carrier sold no label, and the money is back. Facts: `told` (str)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    quotes: Quotes
    orders: Orders
    outbox: Outbox
    clock: Clock

    def buy(self, batch: Batch) -> bool:
        """Write down what became of the orders, and place the next. False: nothing moved.

        Raises ShopClosed.
        """
        moved = self.follow(batch)
        waiting = BatchRow.objects(batch_id=batch.id, status=RowState.ORDERED).count()
        room = max(0, SIDE_BY_SIDE - waiting)
        for row in self.wanted(batch)[:room]:
            moved = self._place(batch, row) or moved
        return moved

    def wanted(self, batch: Batch) -> Sequence[BatchRow]:
        """The next rows to buy."""
        rows = BatchRow.objects(
            batch_id=batch.id, status=RowState.QUOTED, number__lte=batch.cut
        ).order_by("number")
        if not batch.with_repeats:
            rows = rows.filter(repeat_of="")
        return list(rows.limit(SIDE_BY_SIDE))

    def waits(self, batch: Batch) -> bool:
        """Whether there is an order that the batch should wait for before it is told of."""
        soon = self.clock.now() - PATIENCE
        return bool(
            BatchRow.objects(batch_id=batch.id, status=RowState.ORDERED, placed_at__gt=soon).first()
        )

    def leave_the_rest(self, batch: Batch) -> None:
        rest = BatchRow.objects(batch_id=batch.id, status=RowState.QUOTED)
        if not batch.with_repeats:
            rest.filter(repeat_of__ne="").update(set__status=RowState.REPEATED)
        rest.update(set__status=RowState.LEFT, set__refusal="", set__told={})

    def follow(self, batch: Batch, *, late: bool = False) -> bool:
        """What became of the orders; a `late` one is told of by itself."""
        rows = list(BatchRow.objects(batch_id=batch.id, status__in=UNDECIDED))
        orders = {order.id: order for order in Order.objects(pk__in=[row.order_id for row in rows])}
        moved = [
            self._follow(row, orders[row.order_id], late=late)
            for row in rows
            if row.order_id in orders
        ]
        return any(moved)

    def _follow(self, row: BatchRow, order: Order, *, late: bool) -> bool:
        if order.status in SOLD:
            return self._bought(row, order, late=late)
        if order.status is OrderState.RELEASED:
            self._tell_late(order, NoteKind.ORDER_REFUSED, late=late)
            told = order.refusal if " " in order.refusal else ""
            return self._end(row, RowState.FAILED, NotBought(told=told))
        if order.status is OrderState.REVIEW and row.status is RowState.ORDERED:
            self._tell_late(order, NoteKind.ORDER_REVIEW, late=late)
            return self._end(row, RowState.REVIEW, None)
        # Until nobody can be holding money for it any more, a rejected order may still be bought.
        if order.status is OrderState.REJECTED and order.next_at is None:
            return self._end(row, RowState.LEFT, NoMoneyLeft())
        return False

    def _bought(self, row: BatchRow, order: Order, *, late: bool) -> bool:
        self._tell_late(order, NoteKind.LABEL_READY, late=late)
        return bool(
            BatchRow.objects.move(
                row.id,
                when=row.status,
                to=RowState.BOUGHT,
                tracking_code=order.tracking_code,
                tracking_url=order.tracking_url,
            )
        )

    def _tell_late(self, order: Order, kind: NoteKind, *, late: bool) -> None:
        if late:
            note_id = f"{kind}:{order.id}"
            self.outbox.put(note_id, order.user_id, kind, order_id=order.id)
            self.outbox.hurry(note_id)

    def _place(self, batch: Batch, row: BatchRow) -> bool:
        """Safe to repeat: the same row asks for the same order, and one that is there decides."""
        order_id = order_id_of(row)
        if Order.objects.has(order_id):
            return self._ordered(row, order_id)
        if not batch.with_repeats and bought_before(row, row.digest, self.clock.now()):
            return self._end(row, RowState.REPEATED, None)
        if row.price and self.orders.ledger.balance(row.user_id).available < row.price:
            return self._end(row, RowState.LEFT, NoMoneyLeft())
        try:
            self.orders.place(
                user_id=row.user_id,
                quote_id=row.quote_id,
                rate_id=row.rate_id,
                order_id=order_id,
                batch_id=batch.id,
            )
        except QuoteExpired:
            return self._quote_again(batch, row)
        except InsufficientFunds:
            log.info("batch_row_not_affordable", row_id=row.id)
        except (AccountFrozen, CustomerBlocked, RateGone) as refusal:
            if not Order.objects.has(order_id):
                return self._end(row, RowState.LEFT, refusal)
        crash_at("batch.after_place")
        return self._ordered(row, order_id)

    def _ordered(self, row: BatchRow, order_id: str) -> bool:
        return bool(
            BatchRow.objects.move(
                row.id,
                when=RowState.QUOTED,
                to=RowState.ORDERED,
                order_id=order_id,
                placed_at=self.clock.now(),
            )
        )

    def _quote_again(self, batch: Batch, row: BatchRow) -> bool:
        """At the price that was confirmed, or less; a dearer row is not bought."""
        read = read_row(row.cells, sheet_of(batch))
        if read.shipment is None or row.price is None:
            return self._end(row, RowState.FAILED, None)
        try:
            quote = self.quotes.quote(row.user_id, read.shipment)
            rate = chosen(quote, read.service)
        except Unavailable as trouble:
            log.info("batch_row_not_quoted", row_id=row.id, why=trouble.code)
            return False
        except Refusal as refusal:
            return self._end(row, RowState.FAILED, refusal)
        if rate.price > row.price:
            moved = PriceMoved(before=str(row.price), now=str(rate.price))
            return self._end(row, RowState.FAILED, moved)
        return bool(
            BatchRow.objects.move(
                row.id, when=RowState.QUOTED, to=RowState.QUOTED, **offer_of(quote, rate)
            )
        )

    def _end(self, row: BatchRow, to: RowState, why: Refusal | None) -> bool:
        return bool(
            BatchRow.objects.move(
                row.id,
                when=row.status,
                to=to,
                refusal=why.code if why else "",
                told=storable(why.facts) if why else {},
            )
        )
