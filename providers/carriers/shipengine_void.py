"""Cancelling labels at ShipEngine, and what has become of it."""

from dataclasses import dataclass

from core.clock import Clock
from core.tracking import Tracked, TrackingState
from providers.carriers.base import CarrierDown, CarrierRefused, VoidState, VoidUnclear
from providers.carriers.shipengine_errors import OK, BrokenAnswer, read_errors
from providers.carriers.shipengine_labels import Label
from providers.carriers.shipengine_line import Line, segment
from providers.carriers.shipengine_tracking import read_tracked
from providers.exact_json import text
from providers.http import Answer

ALREADY = "label_already_voided"
LAST_WORDS = frozenset({"label_already_used", "label_not_found_within_void_period"})
"""Reasons that decide. All others, and errors of every kind, may mean only that it did not work."""
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
        if state is not VoidState.NONE:
            return state
        if answer.data.get("reason_code") == ALREADY:
            return VoidState.SUBMITTED
        raise self._refused(answer)

    def state(self, label_id: str) -> VoidState:
        """Where nobody says whether USPS has paid: not for a void label that was scanned."""
        label = self.line.label(label_id)
        state = label.void(self.clock.now())
        is_guess = state is VoidState.REFUNDED and label.refund_told is None
        if is_guess and label.pays_late and self._was_used(label):
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
            return VoidUnclear(**self.line.refused(answer).facts)
        reason = text(answer.data.get("reason_code")) or "unspecified"
        told = text(answer.data.get("message")) or read_errors(answer.data).told
        kind = CarrierRefused if reason in LAST_WORDS else VoidUnclear
        return kind(provider=self.line.name, reason=reason, told=told)


def track(line: Line, label: Label) -> Tracked:
    """How far the label's parcel is. Raises CarrierDown."""
    answer = line.get(f"/labels/{segment(label.label_id)}/track")
    try:
        return read_tracked(answer.data)
    except BrokenAnswer as error:
        raise line.down(answer) from error
