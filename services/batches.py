"""Batches: what a customer does with a file, and the worker that drives what follows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.addresses import Address
from core.clock import Clock
from core.errors import Refusal
from core.jobs import Job
from core.money import Money
from core.parcels import read_sizes, read_weight
from core.tables import Limits, read_table
from core.tables.columns import Column, guess
from models.base import NotFound
from models.batch import Batch, BatchRow, BatchState, RowState, order_prefix, row_id_of
from services.batch_files import REASON
from services.ledger import InsufficientFunds, Ledger
from services.ports import Jobs
from services.topups import Range

OPEN = (BatchState.MAPPING, BatchState.CHECKING, BatchState.READY, BatchState.BUYING)
SPENT = (BatchState.BUYING, BatchState.TRAILING, BatchState.DONE, BatchState.STOPPED)
NEEDED = (Column.NAME, Column.STREET)
FRESH_FOR = timedelta(minutes=1)
"""Prices that are over sooner than this are asked for again before anything is bought."""


class ColumnsMissing(Refusal):
    """Nobody told which columns have these. Facts: `columns` (list of Column)."""


class NothingToBuy(Refusal):
    """No row of the batch can be bought."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows that can be bought: how many and for how much; `afford` of them the balance allows.

    `cut` is the number of the last affordable row. `repeats` were bought before, or are the same
    as an earlier row: they count only if the customer wants them again. `twins` are the lines of
    the latter.
    """

    rows: int
    total: Money
    afford: int
    afford_total: Money
    cut: int
    repeats: int
    twins: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    ledger: Ledger
    jobs: Jobs
    clock: Clock
    limits: Limits
    topup: Range

    def receive(self, user_id: int, name: str, data: bytes) -> Batch:
        """Read a file and guess its columns. The same file again is the batch that it still is.

        Raises core.tables.BadTable.
        """
        checksum = hashlib.sha256(data).hexdigest()
        same = Batch.objects(user_id=user_id, checksum=checksum)
        still_open: Batch | None = same.filter(status__in=OPEN).first()
        if still_open is not None:
            return still_open
        table = read_table(data, self.limits)
        batch_id = _id_of(user_id, checksum, same.count())
        rows = [
            BatchRow(
                id=row_id_of(batch_id, number),
                batch_id=batch_id,
                user_id=user_id,
                number=number,
                line=line.number,
                cells=list(line.cells),
            )
            for number, line in enumerate(table.lines, 1)
        ]
        BatchRow.objects.insert_all(rows)
        now = self.clock.now()
        batch: Batch = Batch.objects.get_or_insert(
            batch_id,
            user_id=user_id,
            name=name[:100] or "file",
            checksum=checksum,
            kind=table.kind,
            delimiter=table.delimiter,
            heading=list(table.heading),
            columns={column.value: number for column, number in guess(table.heading).items()},
            rows=len(rows),
            created_at=now,
            moved_at=now,
        )
        return batch

    def get(self, batch_id: str, user_id: int) -> Batch:
        """Raises models.base.NotFound, for anybody else's batch too."""
        batch: Batch = Batch.objects.fetch(batch_id)
        if batch.user_id != user_id:
            raise NotFound(kind="batch", id=batch_id)
        return batch

    def latest(self, user_id: int) -> Batch | None:
        """The one that the customer is at, or was last."""
        found: Batch | None = (
            Batch.objects(user_id=user_id, status__ne=BatchState.DROPPED)
            .order_by("-created_at")
            .first()
        )
        return found

    def bought_before(self, batch: Batch) -> Batch | None:
        """An earlier purchase from this very file."""
        found: Batch | None = Batch.objects(
            user_id=batch.user_id, checksum=batch.checksum, status__in=SPENT, id__ne=batch.id
        ).first()
        return found

    def map_column(self, batch: Batch, column: Column, number: int | None) -> None:
        """Say which column of the file is this one; None: no column is."""
        columns = {name: at for name, at in batch.columns.items() if at != number}
        columns.pop(column.value, None)
        if number is not None and 0 <= number < len(batch.heading):
            columns[column.value] = number
        self._change(batch, columns=columns)

    def put_sender(self, batch: Batch, sender: Address) -> None:
        self._change(batch, defaults=dict(batch.defaults) | {"sender": sender.as_dict()})

    def put_weight(self, batch: Batch, typed: str) -> None:
        """For rows that tell none. Raises what `read_weight` raises."""
        read_weight(typed)
        self._change(batch, defaults=dict(batch.defaults) | {"weight": typed})

    def put_sizes(self, batch: Batch, typed: str) -> None:
        """Likewise. Raises what `read_sizes` raises."""
        read_sizes(typed)
        self._change(batch, defaults=dict(batch.defaults) | {"sizes": typed})

    def missing(self, batch: Batch) -> list[Column]:
        """Columns without which no row can be read."""
        has_name = {Column.FIRST_NAME, Column.LAST_NAME} & batch.columns.keys()
        gaps = [column for column in NEEDED if column not in batch.columns]
        return [column for column in gaps if not (column is Column.NAME and has_name)]

    def untold(self, batch: Batch) -> Sequence[str]:
        """What no column tells and the customer has to: `sender`, `weight`, `sizes`."""
        told = {
            "sender": Column.FROM_STREET in batch.columns,
            "weight": bool({Column.WEIGHT, Column.POUNDS, Column.OUNCES} & batch.columns.keys()),
            "sizes": Column.SIZES in batch.columns
            or {Column.LENGTH, Column.WIDTH, Column.HEIGHT} <= batch.columns.keys(),
        }
        return [name for name, known in told.items() if not known and name not in batch.defaults]

    def confirm(self, batch: Batch) -> None:
        """Have the rows checked. Raises ColumnsMissing."""
        missing = self.missing(batch)
        if missing:
            raise ColumnsMissing(columns=missing)
        self._set_going(batch, BatchState.MAPPING, BatchState.CHECKING)

    def sums(self, batch: Batch) -> Sums:
        """Of the rows with a price, in the order of the file, against the balance of now."""
        available = self.ledger.balance(batch.user_id).available
        total = affordable = Money(0)
        rows = afford = cut = repeats = 0
        quoted = BatchRow.objects(batch_id=batch.id, status=RowState.QUOTED).order_by("number")
        twins: list[int] = []
        own = order_prefix(batch.id)
        for row in quoted.only("number", "line", "price", "repeat_of"):
            if row.repeat_of and not batch.with_repeats:
                repeats += 1
                twins += [row.line] if row.repeat_of.startswith(own) else []
                continue
            rows, total = rows + 1, total + row.price
            if total <= available:
                afford, affordable, cut = rows, total, row.number
        return Sums(rows, total, afford, affordable, cut, repeats, tuple(twins))

    def buy(self, batch: Batch, *, all_of_it: bool) -> None:
        """Buy every row, or the first ones that the balance allows.

        Prices that are over are asked for again first, and shown. Raises InsufficientFunds,
        NothingToBuy.
        """
        if batch.status is not BatchState.READY or self._renewed(batch):
            return
        sums = self.sums(batch)
        if not sums.rows:
            raise NothingToBuy
        if not sums.afford or (all_of_it and sums.afford < sums.rows):
            missing = sums.total - self.ledger.balance(batch.user_id).available
            raise InsufficientFunds(missing=max(missing, Money(0)))
        self._set_going(
            batch,
            BatchState.READY,
            BatchState.BUYING,
            set__cut=sums.cut,
            set__wanted=sums.afford,
            set__total=sums.afford_total,
        )

    def want_repeats(self, batch: Batch) -> None:
        """The customer wants again what was bought before."""
        Batch.objects(pk=batch.id, status=BatchState.READY).update_one(set__with_repeats=True)

    def drop(self, batch: Batch) -> None:
        """Forget a batch of which nothing is bought yet."""
        now = self.clock.now()
        Batch.objects.advance(
            batch.id,
            when=(BatchState.MAPPING, BatchState.CHECKING, BatchState.READY),
            to=BatchState.DROPPED,
            at=now,
            unset__next_at=True,
        )

    def shown(self, batch_id: str) -> None:
        """The customer's message has just changed: workers leave it alone for a moment."""
        Batch.objects(pk=batch_id).update_one(set__shown_at=self.clock.now())

    def _renewed(self, batch: Batch) -> bool:
        """Whether some prices are over, and are asked for again."""
        rows = BatchRow.objects(batch_id=batch.id)
        rows.filter(status=RowState.QUOTED, expires_at__lte=self.clock.now() + FRESH_FOR).update(
            set__status=RowState.NEW, set__attempts=0
        )
        # Whoever died in between before has left them like that.
        over = rows.filter(status=RowState.NEW).first() is not None
        if over:
            self._set_going(batch, BatchState.READY, BatchState.CHECKING, inc__renewed=1)
        return over

    def _change(self, batch: Batch, **changes: Any) -> None:
        told = {f"set__{name}": value for name, value in changes.items()}
        if Batch.objects(pk=batch.id, status=BatchState.MAPPING).update_one(**told):
            for name, value in changes.items():
                setattr(batch, name, value)

    def _set_going(
        self, batch: Batch, when: BatchState, to: BatchState, **changes: Any
    ) -> None:  # fmt: skip
        now = self.clock.now()
        going = {"set__next_at": now, "set__shown": "", **changes}
        Batch.objects.advance(batch.id, when=when, to=to, at=now, **going)
        self.jobs.ask(Job.DRIVE_BATCH, batch.id)


def _id_of(user_id: int, checksum: str, number: int) -> str:
    """The same for an update that is handled twice."""
    told = f"{user_id}:{checksum}:{number}"
    return f"B-{hashlib.sha256(told.encode()).hexdigest()[:12].upper()}"


def known_columns(batch: Batch) -> dict[Column, str]:
    """The headings of the columns that are known, without our own."""
    return {
        Column(column): batch.heading[number]
        for column, number in batch.columns.items()
        if batch.heading[number] != REASON
    }
