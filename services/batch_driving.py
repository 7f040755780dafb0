"""The worker's side of batches: a slice at a time, from wherever the last one ended or died."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.jobs import Job
from models.batch import UNDECIDED, WORKING, Batch, BatchRow, BatchState, RowState
from models.outbox import NoteKind
from services.addresses import Addresses
from services.attempts import KillsItsWorker, counted
from services.batch_buying import Buying
from services.batch_checking import Checking
from services.batch_files import MISTAKEN, NOT_BOUGHT
from services.labels import Labels
from services.orders import Orders
from services.outbox import Outbox
from services.ports import Board, Jobs
from services.quotes import ShopClosed

log = structlog.get_logger()

PER_SWEEP = 50
SLICE = 16
"""Rows that are checked, or labels that are fetched, before others have their turn."""
EDITED_EVERY = timedelta(seconds=3)
CLOSED_PAUSE = timedelta(seconds=30)
ASKED_AGAIN = timedelta(seconds=10)
PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
FETCHED_WITHIN = timedelta(minutes=10)
NOW = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDriving:
    """A step answers how long to pause before the next, or None when there is none."""

    checking: Checking
    buying: Buying
    labels: Labels
    outbox: Outbox
    board: Board
    jobs: Jobs
    clock: Clock
    lease: timedelta

    @classmethod
    def of(
        cls, orders: Orders, *, addresses: Addresses, labels: Labels, board: Board, lease: float
    ) -> Self:
        """Over the shop's own services; `lease` in seconds."""
        quotes, outbox, clock = orders.quotes, orders.outbox, orders.clock
        return cls(
            checking=Checking(quotes=quotes, addresses=addresses, clock=clock),
            buying=Buying(quotes=quotes, orders=orders, outbox=outbox, clock=clock),
            labels=labels,
            outbox=outbox,
            board=board,
            jobs=orders.jobs,
            clock=clock,
            lease=timedelta(seconds=lease),
        )

    def drive(self, batch_id: str) -> None:
        """Do the next slice. Safe to call at any time, any number of times."""
        batch = Batch.objects.take(batch_id, self.clock.now(), self.lease)
        if batch is None:
            return
        try:
            with counted(batch):
                pause = self._step(batch)
        except KillsItsWorker as alarm:
            log.warning("batch_stopped", batch_id=batch_id, why=str(alarm))
            pause = self._stop(batch)
        except ShopClosed:
            pause = CLOSED_PAUSE
        self._let_go(batch, pause)

    def resume(self) -> None:
        """Have driven what is due: the sweep behind every lost job and every crash."""
        now = self.clock.now()
        for batch_id in Batch.objects.due(now, PER_SWEEP):
            Batch.objects(pk=batch_id, next_at__lte=now).update_one(
                set__next_at=now + ASKED_AGAIN, max__wakes=1
            )
            self.jobs.ask(Job.DRIVE_BATCH, batch_id)

    def _let_go(self, batch: Batch, pause: timedelta | None) -> None:
        """A customer who has set it going meanwhile found the lease taken: it goes on at once."""
        now = self.clock.now()
        counts = {state.value: rows for state, rows in BatchRow.objects.tally(batch.id).items()}
        went = {"set__counts": counts, "set__went_at": now} if counts != batch.counts else {}
        later = {"unset__next_at": True} if pause is None else {"set__next_at": now + pause}
        mine = Batch.objects(pk=batch.id, lease_until=batch.lease_until)
        rests = mine.filter(next_at=batch.next_at).update_one(
            unset__lease_until=True, **went, **later
        )
        if not rests:
            mine.update_one(unset__lease_until=True)
        if not rests or pause == NOW:
            self.jobs.ask(Job.DRIVE_BATCH, batch.id)

    def _step(self, batch: Batch) -> timedelta | None:
        steps: dict[BatchState, Callable[[Batch], timedelta | None]] = {
            BatchState.CHECKING: self._check,
            BatchState.BUYING: self._buy,
            BatchState.TRAILING: self._trail,
        }
        step = steps.get(batch.status)
        pause = step(batch) if step else None
        return self._show(Batch.objects.fetch(batch.id), pause)

    def _check(self, batch: Batch) -> timedelta | None:
        rows = BatchRow.objects(batch_id=batch.id, status=RowState.NEW).order_by("number")
        slice_ = list(rows.limit(SLICE))
        if slice_:
            tried = max(row.attempts for row in slice_)
            return NOW if self.checking.check(batch, slice_) else PAUSE * 2**tried
        self.checking.mark_twins(batch)
        bad = BatchRow.objects(batch_id=batch.id, status=RowState.BAD)
        # After the first check only a row that had a price comes back anew.
        if (bad.filter(price__ne=None) if batch.renewed else bad).first():
            about = f"checked:{batch.renewed}"
            self._tell(batch, NoteKind.BATCH_REST, about, states=[*MISTAKEN])
        Batch.objects.advance(
            batch.id,
            when=BatchState.CHECKING,
            to=BatchState.READY,
            at=self.clock.now(),
            set__shown="",
        )
        return None

    def _buy(self, batch: Batch) -> timedelta | None:
        moved = self.buying.buy(batch)
        fetched = self._fetch(batch)
        if moved or fetched:
            return NOW
        if self.buying.wanted(batch) or self.buying.waits(batch) or self._unfetched(batch):
            return PAUSE
        return self._finish(batch)

    def _fetch(self, batch: Batch) -> bool:
        """Bring some labels into our store; True when some were brought."""
        rows = BatchRow.objects(batch_id=batch.id, status=RowState.BOUGHT, kept=False)
        with ThreadPoolExecutor(4, thread_name_prefix="labels") as pool:
            return any([*pool.map(self._keep, list(rows.limit(SLICE)))])

    def _keep(self, row: BatchRow) -> bool:
        try:
            self.labels.pdf(row.order_id)
        except (Unavailable, Refusal) as trouble:
            log.warning("batch_label_not_fetched", row_id=row.id, why=trouble.code)
            return False
        BatchRow.objects(pk=row.id).update_one(set__kept=True)
        return True

    def _unfetched(self, batch: Batch) -> bool:
        """What can't be fetched for long is fetched, or waited for, when the PDF is made."""
        if self.clock.now() > batch.moved_at + FETCHED_WITHIN:
            return False
        rows = BatchRow.objects(batch_id=batch.id, status=RowState.BOUGHT, kept=False)
        return rows.first() is not None

    def _finish(self, batch: Batch) -> timedelta | None:
        self.buying.leave_the_rest(batch)
        crash_at("batch.before_notes")
        left = BatchRow.objects.tally(batch.id)
        if left[RowState.BOUGHT]:
            self._tell(batch, NoteKind.BATCH_LABELS)
            self._tell(batch, NoteKind.BATCH_TRACKING)
        if any(left[state] for state in NOT_BOUGHT):
            self._tell(batch, NoteKind.BATCH_REST, "bought", states=[*NOT_BOUGHT])
        crash_at("batch.after_notes")
        to = BatchState.TRAILING if any(left[each] for each in UNDECIDED) else BatchState.DONE
        Batch.objects.advance(
            batch.id, when=BatchState.BUYING, to=to, at=self.clock.now(), set__shown=""
        )
        return PAUSE if to is BatchState.TRAILING else None

    def _trail(self, batch: Batch) -> timedelta | None:
        """Orders that nobody knew of, or that a person looks into, are told of one by one."""
        self.buying.follow(batch, late=True)
        now = self.clock.now()
        if self._undecided(batch):
            return min(PAUSE * 30 + (now - batch.moved_at) / 4, LONGEST_PAUSE)
        Batch.objects.advance(batch.id, when=BatchState.TRAILING, to=BatchState.DONE, at=now)
        return None

    def _stop(self, batch: Batch) -> timedelta | None:
        """Nothing more is begun; what is ordered is followed as single labels are."""
        self.buying.leave_the_rest(batch)
        undecided = self._undecided(batch)
        to = BatchState.TRAILING if undecided else BatchState.STOPPED
        self._tell(batch, NoteKind.BATCH_STOPPED)
        Batch.objects.advance(batch.id, when=WORKING, to=to, at=self.clock.now(), set__wakes=0)
        return PAUSE if undecided else None

    def _undecided(self, batch: Batch) -> bool:
        return bool(BatchRow.objects(batch_id=batch.id, status__in=UNDECIDED).first())

    def _show(self, batch: Batch, pause: timedelta | None) -> timedelta | None:
        """One message, edited no more often than that; where it comes to rest is shown for sure."""
        now = self.clock.now()
        rests = batch.status not in WORKING
        if rests and batch.shown == batch.status.value:
            return pause
        due = batch.shown_at + EDITED_EVERY if batch.shown_at else now
        if now < due:
            return due - now if rests else pause
        mine = Batch.objects(pk=batch.id, shown_at=batch.shown_at).update_one(
            set__shown_at=now, set__shown=batch.status.value
        )
        if mine and not self._put_up(batch) and batch.status is BatchState.READY:
            self._tell(batch, NoteKind.BATCH_CHECKED, str(batch.renewed))
        return pause

    def _put_up(self, batch: Batch) -> bool:
        try:
            return self.board.show(batch.id)
        except Unavailable as trouble:
            log.info("batch_not_shown", batch_id=batch.id, why=trouble.code)
            return False

    def _tell(self, batch: Batch, kind: NoteKind, about: str = "", **facts: list[str]) -> None:
        note_id = ":".join(part for part in (kind.value, batch.id, about) if part)
        self.outbox.put(note_id, batch.user_id, kind, batch_id=batch.id, **facts)
        self.outbox.hurry(note_id)
