"""What is said of parcels on their way, and of labels on their way back."""

from datetime import datetime

from botapp.language import DEFAULT, day, gettext as _, hour, local, spoken
from botapp.markup import Html, fill, lines, paragraphs
from botapp.texts.names import rate_name, whom
from botapp.texts.orders import tracking as tracking_line
from core.money import Money
from core.tracking import Scan, TrackingState
from models.order import Order
from models.tracking import Trail
from models.void import Void

SCANS_SHOWN = 6
ARRIVED = frozenset(
    {TrackingState.DELIVERED, TrackingState.RETURN_TO_SENDER, TrackingState.CANCELLED}
)
"""What was expected before is not expected any more."""


def state(state: TrackingState) -> str:
    return {
        TrackingState.UNKNOWN: _("not scanned yet"),
        TrackingState.PRE_TRANSIT: _("announced to the carrier, not scanned yet"),
        TrackingState.ACCEPTED: _("accepted by the carrier"),
        TrackingState.IN_TRANSIT: _("in transit"),
        TrackingState.OUT_FOR_DELIVERY: _("out for delivery"),
        TrackingState.AVAILABLE_FOR_PICKUP: _("waiting to be picked up"),
        TrackingState.DELIVERED: _("delivered"),
        TrackingState.RETURN_TO_SENDER: _("on its way back to the sender"),
        TrackingState.FAILURE: _("could not be delivered"),
        TrackingState.CANCELLED: _("cancelled"),
    }[state]


def track() -> str:
    return _("Track")


def refresh() -> str:
    return _("Ask the carrier")


def to_order() -> str:
    return _("Open order")


def asked_the_carrier() -> Html:
    return fill(_("The carrier is being asked. News come to this chat by themselves."))


def journey(order: Order, trail: Trail | None) -> Html:
    """The tracking screen: the newest scan comes first."""
    known = trail.status if trail else TrackingState.UNKNOWN
    awaited = trail.arrives_at if trail and known not in ARRIVED else None
    scans = trail.scans[-SCANS_SHOWN:] if trail else ()
    return paragraphs(
        lines(
            fill(_("<b>Your parcel to {place}</b>"), place=whom(order.recipient)),
            fill(_("Status: <b>{status}</b>"), status=state(known)),
            fill(_("Expected by {day}"), day=day(awaited)) if awaited else "",
        ),
        lines(*(scan_line(scan) for scan in reversed(scans))),
        tracking_line(order),
    )


def moved(order: Order, now: TrackingState, trail: Trail | None) -> Html:
    """Pushed once for each state worth telling."""
    last = trail.scans[-1] if trail and trail.scans and trail.status is now else None
    return paragraphs(
        fill(
            _("<b>Your parcel to {place}: {state}.</b>"),
            place=whom(order.recipient),
            state=state(now),
        ),
        lines(scan_line(last) if last else "", tracking_line(order)),
    )


def scan_line(scan: Scan) -> Html:
    at = f"{day(local(scan.at))}, {hour(scan.at)}"
    # The carrier's own words are English.
    words = (scan.message[:200] if spoken() == DEFAULT else "") or state(scan.state)
    told = ", ".join(part for part in (words, scan.place[:100]) if part)
    return fill("{at}: {told}", at=at, told=told)


def refund() -> str:
    return _("Refund")


def refund_status() -> str:
    return _("Refund status")


def yes_refund(price: Money) -> str:
    return _("Yes, give it back for {price}").format(price=price)


def ask_refund(order: Order, until: datetime) -> Html:
    """Before anything is sent to the carrier."""
    return paragraphs(
        fill(
            _("<b>Give this label back?</b>\n{rate} to {place}, {price}"),
            rate=rate_name(order.rate),
            place=whom(order.recipient),
            price=order.price,
        ),
        fill(
            _(
                "We ask the carrier to cancel it, and from then on it must not be used. Your money "
                "is back on your balance when the carrier says so; that can take two weeks or "
                "more. A label that was scanned is not taken back."
            )
        ),
        fill(_("It can be given back until {day}."), day=day(until)),
    )


def refund_asked() -> Html:
    return fill(
        _(
            "We are asking the carrier to cancel this label. Please don't use it. You will hear "
            "from me when the carrier has decided."
        )
    )


def void_sent(order: Order) -> Html:
    return fill(
        _(
            "The carrier has taken our request to cancel your label to {place}. When it agrees, "
            "{price} goes back to your balance; that can take two weeks or more."
        ),
        place=whom(order.recipient),
        price=order.price,
    )


def void_refunded(order: Order, balance: Money) -> Html:
    return fill(
        _("<b>Your label to {place} is cancelled.</b> {price} is back: your balance is {balance}."),
        place=whom(order.recipient),
        price=order.price,
        balance=balance,
    )


def void_refused(order: Order, void: Void | None) -> Html:
    told = void.refusal if void and " " in void.refusal else ""
    return paragraphs(
        fill(
            _(
                "<b>The carrier does not take back your label to {place}.</b> It says that it was "
                "used, or that it is too late. You paid {price} for it, and that stays so."
            ),
            place=whom(order.recipient),
            price=order.price,
        ),
        fill(_("The carrier says: {reason}"), reason=told[:300]) if told else "",
    )


def void_in_review(order: Order) -> Html:
    return fill(
        _(
            "The carrier did not decide whether it takes back your label to {place}. A person is "
            "looking into it. You will hear from me."
        ),
        place=whom(order.recipient),
    )


def void_offer(order: Order, until: datetime) -> Html:
    return paragraphs(
        fill(
            _("<b>Your label to {place} was never used?</b>"),
            place=whom(order.recipient),
        ),
        fill(
            _(
                "The carrier has not scanned it. You can give it back until {day}, {hour}, and get "
                "{price} when the carrier agrees. After that it is too late."
            ),
            day=day(local(until)),
            hour=hour(until),
            price=order.price,
        ),
    )
