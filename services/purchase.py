"""How an order's label is bought: the steps that touch the carrier, and how long they wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Doubtful, Refusal, Unavailable
from models.order import Order, OrderState
from providers.carriers.base import Bought, Carrier, NoFunds
from services.ports import Carriers

log = structlog.get_logger()

ABSENT_ENOUGH = 2
PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
ATTEMPTS_AT_MOST = 30
FUNDS_PAUSE = timedelta(minutes=1)
LONGEST_FUNDS_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`lease` outlasts the carrier's whole HTTP time-out; "not found" counts after `settle`.

    Carrier services that take longer, or less, to know what they sold are named in `settle_of`.
    An order waits `funds` long for money in our own account at the carrier service.
    """

    lease: timedelta
    settle: timedelta
    review_after: timedelta
    funds: timedelta
    settle_of: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Each step answers the moved order, or None: nothing more to do for now."""

    carriers: Carriers
    patience: Patience
    clock: Clock

    def buy(self, order: Order) -> Order | None:
        """Take the fence durably, then send the purchase: once, under this fence."""
        now = self.clock.now()
        mine = Order.objects.move(
            order,
            OrderState.BUYING,
            at=now,
            inc__fence=1,
            inc__attempts=1,
            set__bought_after=now,
            set__lease_until=now + self.patience.lease,
            set__next_at=now + self.patience.lease,
        )
        if mine is None:
            return None
        crash_at("order.before_purchase")
        try:
            bought = self._carrier(mine).buy(mine.shipment_id, _rate_id(mine))
        except NoFunds as empty:
            return self._unfunded(mine, empty)
        except Refusal as refusal:
            return self._refused(mine, refusal)
        except Unavailable as trouble:
            return self._not_sent(mine, trouble)
        except Doubtful as doubt:
            return self.doubt(mine, str(doubt))
        crash_at("order.after_purchase")
        recorded = self.record(mine, bought)
        if recorded is None:
            self._came_too_late(mine, bought)
        return recorded

    def check_lease(self, order: Order) -> Order | None:
        """A buyer that has not come back by the end of its lease leaves a doubtful purchase."""
        if order.lease_until is not None and self.clock.now() < order.lease_until:
            return None
        return self.doubt(order, "the buyer did not come back")

    def doubt(self, order: Order, why: str) -> Order | None:
        log.warning("label_purchase_doubtful", order_id=order.id, why=why)
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order, OrderState.UNKNOWN, at=now, note=why, set__next_at=now
        )
        return moved

    def ask(self, order: Order) -> Order | None:
        """Ask the carrier what became of the purchase. Never buys."""
        now = self.clock.now()
        sent_at = order.bought_after or order.created_at
        if now > sent_at + self.patience.review_after:
            return self._review(order, "no answer in time")
        try:
            found = self.find(order)
        except (Unavailable, Refusal) as trouble:
            self._ask_later(order, str(trouble))
            return None
        if found is not None:
            return self.record(order, found)
        if now < sent_at + self.patience.settle_of.get(order.provider, self.patience.settle):
            self._ask_later(order, "not found yet")
            return None
        return self._absent(order)

    def find(self, order: Order) -> Bought | None:
        """What the carrier service sold for this order, if anything. Raises as it does."""
        return self._carrier(order).find(order.shipment_id, reference=_reference(order))

    def record(
        self, order: Order, bought: Bought, *, by: str = "worker", **changes: int
    ) -> Order | None:
        """The label exists: write down all that is known of it."""
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order,
            OrderState.BOUGHT,
            at=now,
            by=by,
            note=bought.tracking_code,
            set__label_id=bought.label_id,
            set__tracking_code=bought.tracking_code,
            set__tracking_url=bought.tracking_url,
            set__label_url=bought.label_url,
            set__form_urls=list(bought.form_urls),
            set__cost=bought.cost,
            set__next_at=now,
            **changes,
        )
        return moved

    def _came_too_late(self, order: Order, bought: Bought) -> None:
        """Somebody went on without this answer. A label nobody is charged for is cancelled.

        If the carrier does not take that, the nightly comparison finds the label and tells of it.
        """
        now: Order = Order.objects.fetch(order.id)
        if now.status not in {OrderState.FAILED, OrderState.RELEASED}:
            return
        log.error("label_after_release", order_id=order.id, tracking_code=bought.tracking_code)
        try:
            self._carrier(order).void(bought.label_id)
        except (Refusal, Unavailable) as trouble:
            log.warning("late_label_not_voided", order_id=order.id, why=str(trouble))

    def _refused(self, order: Order, refusal: Refusal) -> Order | None:
        """Only the first call can be sure that no earlier one bought; later ones ask first."""
        if order.attempts > 1:
            return self.doubt(order, str(refusal))
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order,
            OrderState.FAILED,
            at=now,
            note=str(refusal),
            set__refusal=str(refusal.facts.get("told") or refusal.code),
            set__next_at=now,
        )
        return moved

    def _unfunded(self, order: Order, empty: NoFunds) -> Order | None:
        """Our own account is empty, and nothing was bought: the order waits for it to be filled."""
        now = self.clock.now()
        if now > order.created_at + self.patience.funds:
            return self._refused(order, empty)
        log.error("carrier_account_empty", order_id=order.id, provider=order.provider)
        pause = min(FUNDS_PAUSE * 2 ** min(order.unfunded, 10), LONGEST_FUNDS_PAUSE)
        Order.objects.move(
            order,
            OrderState.HELD,
            at=now,
            note=str(empty),
            inc__unfunded=1,
            set__next_at=now + pause,
        )
        return None

    def _not_sent(self, order: Order, trouble: Unavailable) -> Order | None:
        """Surely nothing was bought: the order waits in the state it came from."""
        now = self.clock.now()
        if order.attempts - order.unfunded >= ATTEMPTS_AT_MOST:
            return self._review(order, str(trouble))
        pause = min(PAUSE * 2 ** min(order.attempts, 10), LONGEST_PAUSE)
        Order.objects.move(
            order, OrderState.HELD, at=now, note=str(trouble), set__next_at=now + pause
        )
        return None

    def _review(self, order: Order, why: str) -> Order | None:
        """Due at once: the customer is still to be told."""
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order, OrderState.REVIEW, at=now, note=why, set__next_at=now
        )
        return moved

    def _absent(self, order: Order) -> Order | None:
        """Not found after the settle window; twice means that it was not bought."""
        if order.absent + 1 < ABSENT_ENOUGH:
            self._ask_later(order, "not found", inc__absent=1)
            return None
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order,
            OrderState.FAILED,
            at=now,
            note="the carrier has no such label",
            inc__absent=1,
            set__refusal="not_bought",
            set__next_at=now,
        )
        return moved

    def _ask_later(self, order: Order, why: str, **changes: int) -> None:
        """Stay where we are; growing pauses, and no line in the timeline for each question."""
        pause = min(PAUSE * 2 ** min(order.asked, 10), LONGEST_PAUSE)
        log.info("label_purchase_still_doubtful", order_id=order.id, why=why)
        Order.objects(pk=order.id, status=order.status, fence=order.fence).update_one(
            set__next_at=self.clock.now() + pause, inc__asked=1, **changes
        )

    def _carrier(self, order: Order) -> Carrier:
        return self.carriers.get(order.provider, order.mode)


def _rate_id(order: Order) -> str:
    """Orders of before rates had other ids than their provider's name it only there."""
    return order.rate_id or order.rate.rate_id


def _reference(order: Order) -> str:
    """Orders of before each provider had a reference of its own were known by their quote."""
    return order.reference or order.quote_id
