"""How far a parcel has come: what scans add up to, in whatever order and however often told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.tracking import Scan, Tracked, TrackingState as State

COURSE = (
    State.UNKNOWN,
    State.PRE_TRANSIT,
    State.CANCELLED,
    State.ACCEPTED,
    State.IN_TRANSIT,
    State.OUT_FOR_DELIVERY,
    State.AVAILABLE_FOR_PICKUP,
    State.FAILURE,
    State.DELIVERED,
    State.RETURN_TO_SENDER,
)
"""A parcel only moves to the right. A cancelled label may still travel, a failed delivery may be
tried again, and what is "delivered" after it was sent back has not reached its recipient."""

WORTH_TELLING = frozenset(COURSE[COURSE.index(State.ACCEPTED) :])
ENDS = frozenset({State.DELIVERED, State.RETURN_TO_SENDER})
MOVING = frozenset({State.ACCEPTED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.FAILURE})
"""Somebody should scan it again soon."""

SCANS_AT_MOST = 100
WATCHED_AT_MOST = timedelta(days=120)
"""After so long without news nobody asks any more: longer than any label can be used."""
SLOWEST = timedelta(hours=24)
_PACE = {State.OUT_FOR_DELIVERY: (1, timedelta(hours=4)), State.ACCEPTED: (2, timedelta(hours=12))}
_PACE[State.IN_TRANSIT] = _PACE[State.ACCEPTED]
_PACE_OF_OTHERS = (4, SLOWEST)
_SILENCE_PER_PAUSE = 4


@dataclass(frozen=True, slots=True)
class Journey:
    """All that is known of a parcel; `scans` are the newest, the oldest of them first."""

    state: State = State.UNKNOWN
    scans: tuple[Scan, ...] = ()
    arrives: date | None = None

    @property
    def last_scan(self) -> Scan | None:
        return self.scans[-1] if self.scans else None


def rank(state: State) -> int:
    return COURSE.index(state)


def is_scanned(state: State) -> bool:
    """Whether the carrier has had it in its hands."""
    return rank(state) >= rank(State.ACCEPTED)


def furthest(states: Iterable[State]) -> State:
    return max(states, key=rank)


def joined(known: Journey, told: Tracked) -> Journey:
    """What is known after a report. Old news, and the same news again, change nothing."""
    scans = _newest({*known.scans, *map(_as_kept, told.scans)})
    state = furthest((known.state, told.state, *(scan.state for scan in told.scans)))
    is_newest = not told.scans or max(scan.at for scan in told.scans) >= scans[-1].at
    return Journey(state, scans, (told.arrives if is_newest else None) or known.arrives)


def pause(state: State, silence: timedelta, shortest: timedelta) -> timedelta:
    """How long to wait before asking again, a quarter of the `silence` since it last moved."""
    times, slowest = _PACE.get(state, _PACE_OF_OTHERS)
    return min(max(silence / _SILENCE_PER_PAUSE, times * shortest), slowest)


def is_over(state: State, silence: timedelta) -> bool:
    """Whether nobody has to ask any more."""
    return state in ENDS or silence > WATCHED_AT_MOST


def is_stalled(state: State, silence: timedelta, patience: timedelta) -> bool:
    """Whether it should have been scanned again by now."""
    return state in MOVING and silence > patience


def moved_at(journey: Journey, otherwise: datetime, now: datetime) -> datetime:
    """When it was last seen; carriers' clocks may be ahead of ours."""
    return min(journey.last_scan.at, now) if journey.last_scan else otherwise


def _as_kept(scan: Scan) -> Scan:
    """Stores keep milliseconds: one that is told more exactly is the same when it is told again."""
    finer = scan.at.microsecond % 1000
    return replace(scan, at=scan.at - timedelta(microseconds=finer)) if finer else scan


def _newest(scans: set[Scan]) -> tuple[Scan, ...]:
    return tuple(sorted(scans, key=_by_time)[-SCANS_AT_MOST:])


def _by_time(scan: Scan) -> tuple[datetime, int, str, str]:
    return scan.at, rank(scan.state), scan.message, scan.place
