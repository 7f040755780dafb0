"""Stalled parcels that an operator has taken in hand: nobody is alerted of them again."""

from dataclasses import dataclass

from core.clock import Clock
from models.tracking import Trail
from services.audits import Audits, ReasonMissing
from services.ledger import Cause
from services.voids import NotInHand


@dataclass(frozen=True, slots=True)
class Stalls:
    audits: Audits
    clock: Clock

    def note_seen(self, order_id: str, cause: Cause) -> None:
        """Set its alert aside until the parcel moves; if it stalls again, that is a new one.

        Raises ReasonMissing, NotInHand.
        """
        if not cause.reason.strip():
            raise ReasonMissing
        waits = Trail.objects(pk=order_id, stalled_at__ne=None, seen_at=None)
        if not waits.update_one(set__seen_at=self.clock.now()):
            raise NotInHand(order_id=order_id)
        self.audits.record(cause.by, "take stalled parcel", order_id, cause.reason)
