"""One look at a parcel: ask the carrier, tell what is new, say when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from core import journeys
from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.jobs import Job
from core.tracking import Tracked
from models.order import Order, OrderState
from models.outbox import NoteKind
from models.tracking import Trail, learnt
from models.void import Void
from services.attempts import DEATHS_AT_MOST
from services.following import OFFERED_BEFORE
from services.outbox import Outbox
from services.ports import Carriers, Jobs
from services.voiding import OPEN

log = structlog.get_logger()

LEASE = timedelta(seconds=150)
"""Longer than any task may run: after this, whoever was looking has ended."""
NEWS_FOR = timedelta(days=3)
"""Older moves are shown to whoever looks, but nobody is told of them any more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`shortest` is the least pause between two looks; without a scan for `patience` it stalled."""

    shortest: timedelta
    patience: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Only the hand whose turn it is writes down what it saw."""

    carriers: Carriers
    outbox: Outbox
    jobs: Jobs
    clock: Clock
    pace: Pace

    def drive(self, order_id: str) -> None:
        """Look at one parcel, if it is due, and tell what is new. Safe to call at any time."""
        trail = self._claim(order_id)
        if trail is None:
            return
        if trail.unended > DEATHS_AT_MOST:
            log.error("parcel_given_up", order_id=trail.id, why="kills_its_worker")
            self._write(trail, set__problem="kills_its_worker", unset__next_at=True)
            return
        self._tell(trail)
        try:
            tracked = self._ask(trail)
        except (Refusal, Unavailable) as trouble:
            log.info("parcel_not_tracked", order_id=trail.id, why=str(trouble))
            self._rest(trail, trail.next_at, problem=str(trouble))
            return
        seen = self._learn(trail, tracked)
        if seen is not None:
            crash_at("tracking.after_scan")
            self._tell(seen)
            self._offer(seen)
            self._rest(seen, trail.next_at)

    def _ask(self, trail: Trail) -> Tracked:
        carrier = self.carriers.get(trail.provider, trail.mode)
        return carrier.track(trail.tracking_code, trail.carrier)

    def _claim(self, order_id: str) -> Trail | None:
        now = self.clock.now()
        claimed: Trail | None = Trail.objects(pk=order_id, next_at__lte=now).modify(
            new=True, set__next_at=now + LEASE, inc__turn=1, inc__unended=1
        )
        return claimed

    def _learn(self, trail: Trail, tracked: Tracked) -> Trail | None:
        """Write down what is known now; None when another hand took the turn."""
        before, now = trail.journey, self.clock.now()
        after = journeys.joined(before, tracked)
        if journeys.is_scanned(after.state) and not journeys.is_scanned(before.state):
            self._note_scanned(trail)
        moved = after.state is not before.state
        otherwise = now if moved else trail.moved_at
        return self._write(
            trail,
            set__moved_at=journeys.moved_at(after, otherwise, now),
            set__looked_at=now,
            **learnt(after),
        )

    def _note_scanned(self, trail: Trail) -> None:
        """A label that travels although its void was asked for: the carrier is asked again soon."""
        now = self.clock.now()
        void: Void | None = Void.objects(pk=trail.id, scanned_at=None).modify(
            new=True, set__scanned_at=now
        )
        if void is not None and void.status in OPEN:
            Void.objects(pk=void.id, status__in=OPEN).update_one(set__next_at=now)
            self.jobs.ask(Job.DRIVE_VOID, void.id)

    def _tell(self, trail: Trail) -> None:
        """Say where it is, once a state; the note is written before it counts as told."""
        if trail.told is trail.status:
            return
        is_news = self.clock.now() - trail.moved_at <= NEWS_FOR
        if is_news and trail.status in journeys.WORTH_TELLING:
            note_id = f"{NoteKind.PARCEL_MOVED}:{trail.id}:{trail.status}"
            state = trail.status.value
            self._say(note_id, trail, NoteKind.PARCEL_MOVED, state=state)
            crash_at("tracking.after_note")
        self._write(trail, set__told=trail.status)

    def _offer(self, trail: Trail) -> None:
        """Before the window closes: once a label, if the carrier never had it."""
        now = self.clock.now()
        if trail.offer_at is None or now < trail.offer_at:
            return
        until = trail.offer_at + OFFERED_BEFORE
        is_unused = not journeys.is_scanned(trail.status) and now < until
        if is_unused and Order.objects.fetch(trail.id).status is OrderState.DONE:
            note_id = f"{NoteKind.VOID_OFFER}:{trail.id}"
            self._say(note_id, trail, NoteKind.VOID_OFFER, until=until.isoformat())
        self._write(trail, unset__offer_at=True)
        trail.offer_at = None

    def _rest(self, trail: Trail, lease: datetime | None, *, problem: str = "") -> None:
        """Say when to look again, unless somebody woke it since the lease, and if it stalled."""
        now = self.clock.now()
        silence, shortest = now - trail.moved_at, self.pace.shortest
        is_over = journeys.is_over(trail.status, silence)
        stalls = journeys.is_stalled(trail.status, silence, self.pace.patience) and not is_over
        changes: dict[str, Any] = {}
        if stalls is not (trail.stalled_at is not None):
            changes = {"set__stalled_at": now} if stalls else {"unset__stalled_at": True}
            changes["unset__seen_at"] = True
        self._write(trail, set__problem=problem, set__unended=0, **changes)
        pause = shortest if problem else journeys.pause(trail.status, silence, shortest)
        offer_in = (trail.offer_at or now + pause) - now
        next_look = {"set__next_at": now + min(pause, max(offer_in, shortest))}
        Trail.objects(pk=trail.id, turn=trail.turn, next_at=lease).update_one(
            **({"unset__next_at": True} if is_over else next_look)
        )

    def _write(self, trail: Trail, **changes: Any) -> Trail | None:
        written: Trail | None = Trail.objects(pk=trail.id, turn=trail.turn).modify(
            new=True, **changes
        )
        return written

    def _say(self, note_id: str, trail: Trail, kind: NoteKind, **facts: str) -> None:
        self.outbox.put(note_id, trail.user_id, kind, order_id=trail.id, **facts)
        self.outbox.hurry(note_id)
