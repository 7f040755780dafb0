"""A bought label's way, forward or back: what an order's page shows of it, and its buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal, Unavailable
from models import ledger as entries
from models.order import Order, OrderState
from models.void import VoidStage
from services.adjustments import REFUNDABLE, Adjustments
from services.ledger import Cause, account_of
from services.order_reviews import OrderReviews
from services.stalls import Stalls
from services.tracking import Tracking
from services.voiding import OPEN
from services.voids import Obstacle, Voids
from webapp.admin import voids
from webapp.admin.parcels import state_badge
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import ReadOnlyView

LONGEST_REASON = 300
WHY_NOT = {
    "reason_missing": "Say why: the reason stays with the order.",
    "not_in_hand": "There is nothing to decide or to ask any more.",
    "not_refundable": "Only the label of a finished order is refunded. This is how it stands now.",
    "order_not_in_review": "Somebody has gone on with this order already.",
    "label_not_found": "The carrier service knows of no label of this order.",
    "label_found": "The carrier service has sold this label: take it instead.",
    "nothing_held": "No money is held for this order.",
    "refunded_before": "This label was refunded before: a label is refunded once.",
}
OBSTACLES = {
    Obstacle.NOT_BOUGHT: "There is no label to give back.",
    Obstacle.WINDOW_OVER: "The carrier does not take it back any more: its window is over.",
    Obstacle.SCANNED: "The carrier has scanned it: a used label is not taken back.",
    Obstacle.REFUNDED: "It was refunded by hand already.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelServices:
    """Who may be asked about a bought label."""

    voids: Voids
    tracking: Tracking
    stalls: Stalls
    adjustments: Adjustments
    reviews: OrderReviews


class LabelActions(ReadOnlyView):
    """The pages of orders add what these need."""

    _of_label: LabelServices

    def of_label(self, order: Order) -> dict[str, Any]:
        """What the template shows of its parcel and of its void."""
        void = self._of_label.voids.of(order.id)
        obstacle = self._of_label.voids.obstacle(order)
        may_ask = void is None and obstacle in {None, Obstacle.REFUNDED}
        trail = self._of_label.tracking.of(order.id)
        return {
            "trail": trail,
            "is_stalled": trail is not None and trail.stalled_at and not trail.seen_at,
            "can_refund": can_refund(order) and has_role(FINANCE),
            "in_review": order.status is OrderState.REVIEW and has_role(FINANCE),
            "void": void,
            "until": self._of_label.voids.until(order) if order.tracking_code else None,
            "can_void": may_ask,
            "can_check_void": void is not None and void.status in OPEN,
            "can_decide": void is not None
            and void.status is VoidStage.REVIEW
            and has_role(FINANCE),
            "was_used": void is not None and void.scanned_at and not void.seen_at,
            "why_no_void": OBSTACLES[obstacle] if obstacle and void is None else "",
            "longest_reason": LONGEST_REASON,
            "state_badge": state_badge,
            "void_badge": voids.badge,
            "void_told": voids.told,
        }

    @expose("/<record_id>/void", methods=("POST",))
    def void(self, record_id: str) -> Response:
        told = "A worker asks the carrier now. The customer hears how it ends."
        return self._act(record_id, self._of_label.voids.ask_for, told)

    @expose("/<record_id>/void/check", methods=("POST",))
    def check_void(self, record_id: str) -> Response:
        told = "A worker asks the carrier now. Reload in a moment."
        return self._act(record_id, self._look, told)

    @expose("/<record_id>/void/grant", methods=("POST",))
    def grant_void(self, record_id: str) -> Response:
        return self._decide(record_id, grant=True)

    @expose("/<record_id>/void/deny", methods=("POST",))
    def deny_void(self, record_id: str) -> Response:
        return self._decide(record_id, grant=False)

    @expose("/<record_id>/void/seen", methods=("POST",))
    def close_void(self, record_id: str) -> Response:
        return self._act(
            record_id, self._of_label.voids.note_seen, "Noted. The alert ends by itself."
        )

    @expose("/<record_id>/track", methods=("POST",))
    def track(self, record_id: str) -> Response:
        order: Order = Order.objects.fetch(record_id)
        sold = order.tracking_code and order.status is not OrderState.RELEASED
        if sold and not order.is_erased:
            self._of_label.tracking.look(order)
            flash("A worker asks the carrier now. Reload in a moment.", "success")
        return self._back(record_id)

    @expose("/<record_id>/track/seen", methods=("POST",))
    def take_stalled(self, record_id: str) -> Response:
        return self._act(
            record_id, self._of_label.stalls.note_seen, "Noted. The alert ends by itself."
        )

    @expose("/<record_id>/refund", methods=("POST",))
    def refund(self, record_id: str) -> Response:
        insist(*FINANCE)
        told = "The price is back on the balance. The customer is told, with your reason."
        return self._act(record_id, self._of_label.adjustments.refund_label, told)

    @expose("/<record_id>/review/ask", methods=("POST",))
    def ask_again(self, record_id: str) -> Response:
        insist(*FINANCE)
        told = "The carrier has sold it. A worker goes on: reload in a moment."
        return self._act(record_id, self._of_label.reviews.ask_again, told)

    @expose("/<record_id>/review/give_back", methods=("POST",))
    def give_back(self, record_id: str) -> Response:
        insist(*FINANCE)
        told = "The money goes back. The customer is told."
        return self._act(record_id, self._of_label.reviews.give_back, told)

    def _look(self, order_id: str, cause: Cause) -> None:
        self._of_label.voids.look_again(order_id, by=cause.by)

    def _decide(self, record_id: str, *, grant: bool) -> Response:
        insist(*FINANCE)
        told = "The price goes back." if grant else "The price stays."
        return self._act(
            record_id,
            lambda order_id, cause: self._of_label.voids.decide(order_id, cause, grant=grant),
            f"{told} The customer is told.",
        )

    def _act(self, record_id: str, act: Callable[[str, Cause], Any], told: str) -> Response:
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        try:
            act(record_id, Cause(f"operator:{acting()}", reason))
            flash(told, "success")
        except Unavailable as trouble:
            flash(f"The carrier service does not answer now: {trouble.code}.", "error")
        except Refusal as refusal:
            why = OBSTACLES.get(refusal.facts.get("reason", "")) or WHY_NOT.get(refusal.code)
            flash(why or refusal.code.replace("_", " "), "error")
        return self._back(record_id)

    def _back(self, record_id: str) -> Response:
        return redirect(url_for(".details_view", record_id=record_id))


def can_refund(order: Order) -> bool:
    """By hand: nothing else gives its price back, and nothing has."""
    if order.status not in REFUNDABLE:
        return False
    account = account_of(order.user_id, order.price.currency)
    return entries.certain_entry(account, f"refund:{order.id}") is None
