"""Buying from ShipEngine, which may sell twice whoever asks twice, and finding what was bought."""

from dataclasses import dataclass

import structlog

from providers.carriers.base import Bought, CarrierDown, CarrierRefused, PurchaseDoubtful
from providers.carriers.shipengine_ask import LABEL
from providers.carriers.shipengine_errors import (
    NOT_FOUND,
    OK,
    BrokenAnswer,
    is_refusal,
    kept_out,
    read_errors,
)
from providers.carriers.shipengine_labels import Label, Making
from providers.carriers.shipengine_line import Line, segment
from providers.exact_json import text
from providers.http import Answer, NotSent, Silent

IDLE = frozenset({"pending", "cancelled"})
"""While a shipment says anything else, a label that is not listed yet may still turn up."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Purchases:
    """What each call raises is told by the protocol Carrier."""

    line: Line

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        path = f"/labels/rates/{segment(rate_id)}"
        try:
            answer = self.line.door.call("POST", path, body=LABEL)
        except NotSent as error:
            raise CarrierDown(provider=self.line.name) from error
        except Silent as error:
            raise PurchaseDoubtful(provider=self.line.name, shipment_id=shipment_id) from error
        if kept_out(answer):
            raise self.line.down(answer)
        bought = self._bought_or_refused(answer, shipment_id, rate_id)
        if bought is None:
            raise PurchaseDoubtful(provider=self.line.name, shipment_id=shipment_id)
        return bought

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        """A label that is void is no purchase: whoever asks was never charged for it."""
        known = shipment_id or self._shipment("", reference)[0]
        if not known:
            return None
        labels = self.line.labels(shipment_id=known)
        by_making = {label.making: label for label in reversed(labels)}
        if Making.UNDER_WAY in by_making:
            raise CarrierDown(provider=self.line.name, reason="processing")
        if Making.MADE in by_making:
            return self._only_one(labels)
        if Making.VOIDED in by_making:
            return None
        if self._is_busy(known, reference):
            raise CarrierDown(provider=self.line.name, reason="shipment_busy")
        return None

    def _bought_or_refused(self, answer: Answer, shipment_id: str, rate_id: str) -> Bought | None:
        """None if the answer to a purchase leaves it open. Raises CarrierRefused.

        One look at the shipment, and no more: both must end within the buyer's lease.
        """
        try:
            if answer.status == OK:
                label = Label(answer.data)
                if label.shipment_id != shipment_id:
                    return None
                if label.making is Making.MADE:
                    return label.bought(rate_id)
                refused = label.making is Making.FAILED
            else:
                refused = is_refusal(answer) and read_errors(answer.data).decided
            open_still = not refused or self._is_busy(shipment_id, "")
        except (BrokenAnswer, CarrierDown):
            return None
        if not open_still:
            raise self._refused(answer)
        return None

    def _refused(self, answer: Answer) -> CarrierRefused:
        if answer.status == OK:
            return CarrierRefused(provider=self.line.name, reason="label_error", told="")
        return self.line.refused(answer)

    def _only_one(self, labels: list[Label]) -> Bought:
        """The first of them. A second label for one shipment is one that nobody ordered."""
        made = [label for label in labels if label.making is Making.MADE]
        first, *others = sorted(made, key=lambda label: text(label.raw.get("created_at")))
        if others:
            orphans = [label.label_id for label in others]
            log.error("label_sold_twice", shipment_id=first.shipment_id, orphans=orphans)
        try:
            return first.bought()
        except BrokenAnswer as error:
            raise CarrierDown(provider=self.line.name, reason="unreadable_label") from error

    def _is_busy(self, shipment_id: str, reference: str) -> bool:
        known, status = self._shipment(shipment_id, reference)
        return bool(known) and status not in IDLE

    def _shipment(self, shipment_id: str, reference: str) -> tuple[str, str]:
        """Its id and status; both empty when there is none."""
        path = f"/shipments/{segment(shipment_id)}"
        if not shipment_id:
            path = f"/shipments/external_shipment_id/{segment(reference)}"
        answer = self.line.ask("GET", path)
        if answer.status == NOT_FOUND:
            return "", ""
        if answer.status != OK or not text(answer.data.get("shipment_id")):
            raise self.line.down(answer)
        return text(answer.data["shipment_id"]), text(answer.data.get("shipment_status"))
