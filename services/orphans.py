"""Orphans: labels that nobody pays for are voided once, or are an operator's."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.clock import Clock
from core.errors import Refusal, Unavailable
from models.orphan import Orphan, OrphanState
from providers.carriers.base import Carrier, Sold, VoidState
from services import carrier_services
from services.audits import Audits, ReasonMissing
from services.ledger import Cause
from services.ports import Carriers

log = structlog.get_logger()

NOT_OURS = "we know no quote of this reference: another shop's, or lost here; it is not voided"
NEVER_TAKEN = "the carrier knows of no void"
HOPED_FOR = timedelta(days=60)
"""A lost one is asked about for so long: an operator may have had it voided there."""


class NotLost(Refusal):
    """Only what waits for an operator is closed by one. Facts: `orphan_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    carriers: Carriers
    audits: Audits
    clock: Clock

    def note(self, service: str, sold: Sold, *, order_id: str, ours: bool) -> bool:
        """Write it down, once; True if it was not known. Only `ours` are voided."""
        now, status = self.clock.now(), OrphanState.LOSS
        if ours:
            status = OrphanState.FOUND if sold.void is VoidState.NONE else OrphanState.SENT
        return bool(
            Orphan.objects.insert_if_absent(
                orphan_id(service, sold),
                service=service,
                label_id=sold.label_id,
                order_id=order_id,
                reference=sold.reference,
                tracking_code=sold.tracking_code,
                cost=sold.cost,
                status=status,
                problem="" if ours else NOT_OURS,
                found_at=now,
                moved_at=now,
            )
        )

    def settle(self, service: str) -> None:
        """Ask how far each void is, and send those that are to be sent. Safe at any time."""
        carrier = carrier_services.opened(self.carriers, service)
        for orphan in _of(service, OrphanState.SENT):
            self._look(carrier, orphan)
        hoped_for = self.clock.now() - HOPED_FOR
        for orphan in _of(service, OrphanState.LOSS, found_at__gte=hoped_for):
            self._look(carrier, orphan)
        for orphan in _of(service, OrphanState.FOUND):
            self._void(carrier, orphan)

    def close(self, orphan_id: str, cause: Cause) -> None:
        """An operator has seen to it: its cost is lost, or came back by another way.

        Raises ReasonMissing, NotLost.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        waiting = (OrphanState.LOSS, OrphanState.FOUND)
        now = self.clock.now()
        closed = Orphan.objects.advance(orphan_id, when=waiting, to=OrphanState.CLOSED, at=now)
        if closed is None:
            raise NotLost(orphan_id=orphan_id)
        self.audits.record(cause.by, "close orphan", orphan_id, cause.reason)

    def _void(self, carrier: Carrier, orphan: Orphan) -> None:
        """Whoever moves it sends it; what became of an answer that was lost is asked later."""
        mine = self._move(orphan, OrphanState.SENT, problem=orphan.problem)
        if mine is None:
            return
        try:
            said = carrier.void(orphan.label_id)
        except Refusal as refusal:
            self._move(mine, OrphanState.LOSS, problem=_told(refusal))
        except Unavailable as trouble:
            self._move(mine, OrphanState.FOUND, problem=str(trouble))
        else:
            self._hear(mine, said)

    def _look(self, carrier: Carrier, orphan: Orphan) -> None:
        try:
            said = carrier.void_state(orphan.label_id)
        except (Unavailable, Refusal) as trouble:
            log.warning("orphan_void_unknown", orphan_id=orphan.id, why=str(trouble))
            return
        self._hear(orphan, said)

    def _hear(self, orphan: Orphan, said: VoidState) -> None:
        if said is VoidState.REFUNDED:
            self._move(orphan, OrphanState.VOIDED)
        elif said is VoidState.SUBMITTED:
            self._move(orphan, OrphanState.SENT)
        elif orphan.status is OrphanState.LOSS:
            return
        elif said is VoidState.NONE:
            self._move(orphan, OrphanState.FOUND, problem=NEVER_TAKEN)
        else:
            self._move(orphan, OrphanState.LOSS, problem=f"the void is {said}")

    def _move(self, orphan: Orphan, to: OrphanState, *, problem: str = "") -> Orphan | None:
        """None if somebody else has moved it meanwhile."""
        if to is OrphanState.LOSS:
            log.error("orphan_lost", orphan_id=orphan.id, cost=str(orphan.cost), why=problem)
        moved: Orphan | None = Orphan.objects.advance(
            orphan.id, when=orphan.status, to=to, at=self.clock.now(), set__problem=problem
        )
        return moved


def orphan_id(service: str, sold: Sold) -> str:
    return f"{service}:{sold.label_id}"


def _of(service: str, status: OrphanState, **more: object) -> list[Orphan]:
    return list(Orphan.objects(service=service, status=status, **more))


def _told(refusal: Refusal) -> str:
    return str(refusal.facts.get("told") or refusal.facts.get("reason") or refusal.code)
