"""A rate known from an earlier answer gets a shipment of its own, before it is bought."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.money import Money
from models.order import Order, OrderState, OrderStep
from services.rating import Offer, Rating

log = structlog.get_logger()

PRICE_MOVED, SERVICE_GONE, CARRIER_SILENT = "price_moved", "service_gone", "carrier_silent"
"""Why an order ends before anything was bought; each has words in the bot's texts."""
ANSWERED_WITHIN = timedelta(seconds=40)
PAUSE = timedelta(seconds=5)
PATIENCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """`tolerance` is what the shop pays itself when a carrier has become dearer meanwhile."""

    rating: Rating
    tolerance: Money
    clock: Clock

    def renew(self, order: Order) -> Order | None:
        """Ask its provider again and write down, durably, what will be bought.

        The price stays as confirmed. Answers the order with its shipment, or ended; None when
        somebody else went on with it, or when it has to wait. Only for held orders that have
        no shipment: nothing can have been bought for them. Shipments that a crash leaves behind
        cost nothing.
        """
        now = self.clock.now()
        Order.objects(**_unrenewed(order)).update_one(set__next_at=now + ANSWERED_WITHIN)
        try:
            offer = self.rating.again(
                order.provider, order.mode, order.shipment, order.rate, order.quote_id
            )
        except Unavailable as trouble:
            return self._wait(order, trouble)
        except Refusal as refusal:
            return self._end(order, str(refusal.facts.get("told") or refusal.code), str(refusal))
        if offer is None:
            return self._end(order, SERVICE_GONE, "not offered any more")
        cost = offer.rate.cost
        if cost > order.rate.cost + self.tolerance:
            return self._end(order, PRICE_MOVED, f"from {order.rate.cost} to {cost}")
        crash_at("order.before_renewed")
        renewed = self._keep(order, offer)
        crash_at("order.after_renewed")
        return renewed

    def _keep(self, order: Order, offer: Offer) -> Order | None:
        now = self.clock.now()
        return self._move(
            order,
            OrderState.HELD,
            now,
            f"offered anew at {offer.rate.cost}",
            set__shipment_id=offer.shipment_id,
            set__rate_id=offer.rate.rate_id,
            set__reference=offer.reference,
            set__next_at=now + ANSWERED_WITHIN,
        )

    def _wait(self, order: Order, trouble: Unavailable) -> Order | None:
        """Nothing was bought, so nobody has to wait for long with money set aside."""
        now = self.clock.now()
        waited = now - order.created_at
        if waited > PATIENCE:
            return self._end(order, CARRIER_SILENT, str(trouble))
        Order.objects(**_unrenewed(order)).update_one(set__next_at=now + max(waited / 4, PAUSE))
        return None

    def _end(self, order: Order, refusal: str, note: str) -> Order | None:
        now = self.clock.now()
        log.info("order_not_renewed", order_id=order.id, refusal=refusal, why=note)
        return self._move(
            order, OrderState.FAILED, now, note, set__refusal=refusal, set__next_at=now
        )

    def _move(
        self, order: Order, to: OrderState, at: datetime, note: str, **changes: Any
    ) -> Order | None:
        moved: Order | None = Order.objects.advance(
            order.id,
            when=OrderState.HELD,
            to=to,
            at=at,
            guard={"fence": order.fence, "shipment_id": ""},
            push__timeline=OrderStep(at=at, state=to, by="worker", note=note),
            **changes,
        )
        return moved


def _unrenewed(order: Order) -> dict[str, Any]:
    return {
        "pk": order.id,
        "status": OrderState.HELD,
        "fence": order.fence,
        "shipment_id": "",
    }
