"""Cancelling labels at ShipEngine, and what has become of it."""

from dataclasses import dataclass

from core.clock import Clock
from core.tracking import Tracked, TrackingState
from providers.carriers.base import CarrierDown, CarrierRefused, VoidState
from providers.carriers.shipengine_errors import OK, BrokenAnswer, read_errors
from providers.carriers.shipengine_labels import Label
from providers.carriers.shipengine_line import Line, segment
from providers.carriers.shipengine_tracking import read_tracked
from providers.exact_json import text
from providers.http import Answer

ALREADY = "label_already_voided"
UNUSED = frozenset({TrackingState.UNKNOWN, TrackingState.PRE_TRANSIT, TrackingState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Voids:
    """What each call raises is told by the protocol Carrier."""

    line: Line
    clock: Clock

    def ask(self, label_id: str) -> VoidState:
        """A refusal comes with status 200 and `approved: false`."""
        answer = self.line.ask("PUT", f"/labels/{segment(label_id)}/void")
        approved = answer.data.get("approved") if answer.status == OK else False
        if approved is True:
            return self._after_approval(label_id)
        if approved is not False:
            raise self.line.down(answer)
        # An earlier request whose answer was lost may be what stands in the way of this one.
        state = self.state(label_id)
        if state not in {VoidState.NONE, VoidState.REJECTED}:
            return state
        if state is VoidState.NONE and answer.data.get("reason_code") == ALREADY:
            return VoidState.SUBMITTED
        raise self._refused(answer)

    def state(self, label_id: str) -> VoidState:
        """USPS never says that it will not pay: a void label that was scanned is rejected."""
        label = self.line.label(label_id)
        state = label.void(self.clock.now())
        if state is VoidState.REFUNDED and label.pays_late and self._was_used(label):
            return VoidState.REJECTED
        return state

    def _after_approval(self, label_id: str) -> VoidState:
        try:
            state = self.state(label_id)
        except CarrierDown:
            return VoidState.SUBMITTED
        return VoidState.SUBMITTED if state is VoidState.NONE else state

    def _was_used(self, label: Label) -> bool:
        return track(self.line, label).state not in UNUSED

    def _refused(self, answer: Answer) -> CarrierRefused:
        if answer.status != OK:
            return self.line.refused(answer)
        reason = text(answer.data.get("reason_code")) or "unspecified"
        told = text(answer.data.get("message")) or read_errors(answer.data).told
        return CarrierRefused(provider=self.line.name, reason=reason, told=told)


def track(line: Line, label: Label) -> Tracked:
    """How far the label's parcel is. Raises CarrierDown."""
    answer = line.get(f"/labels/{segment(label.label_id)}/track")
    try:
        return read_tracked(answer.data)
    except BrokenAnswer as error:
        raise line.down(answer) from error
