"""Orders as their owner sees them: in pages, one by one, by their numbers."""

from collections.abc import Mapping

from botapp.language import day, gettext as _
from botapp.markup import Html, code, fill, lines, paragraphs
from botapp.texts import orders, parcels
from botapp.texts.names import rate_name, whom
from botapp.texts.voids import void_line
from core.tracking import TrackingState
from models.order import Order, OrderState
from models.tracking import Trail
from models.void import Void

TRAVELS = frozenset({OrderState.BOUGHT, OrderState.DONE, OrderState.VOID_REFUSED})
SILENT = frozenset({TrackingState.UNKNOWN, TrackingState.PRE_TRANSIT})


def standing(order: Order, trail: Trail | None) -> str:
    """Where the parcel is, once the carrier has it; until then what became of the order."""
    if trail is None or order.status not in TRAVELS or trail.status in SILENT:
        return orders.status(order.status)
    return parcels.state(trail.status)


def orders_page(shown: Mapping[int, Order], trails: Mapping[str, Trail]) -> Html:
    """Each under the number of its button."""
    return paragraphs(
        fill(_("<b>Your orders</b>")),
        *(_entry(number, order, trails.get(order.id)) for number, order in shown.items()),
        fill(_("Tap a number for its label and more, or send me a tracking number to look it up.")),
    )


def order_page(order: Order, trail: Trail | None, void: Void | None) -> Html:
    return paragraphs(
        orders.order(order, standing(order, trail)), void_line(void) if void else Html()
    )


def ask_number(*, or_tap: bool) -> Html:
    """`or_tap`: some are below."""
    by_number = _("Send me its tracking number or the number of the order.")
    or_below = _("Send me its tracking number or the number of the order, or tap one below.")
    return paragraphs(fill(_("<b>Which parcel?</b>")), fill(or_below if or_tap else by_number))


def parcel_button(order: Order, trail: Trail | None) -> str:
    return f"{order.recipient.name[:24] or order.id} · {standing(order, trail)}"


def _entry(number: int, order: Order, trail: Trail | None) -> Html:
    return lines(
        fill(
            "<b>{number}.</b> {day} · {place}",
            number=number,
            day=day(order.created_at),
            place=whom(order.recipient),
        ),
        fill("{rate} · {price}", rate=rate_name(order.rate), price=order.price),
        fill("<i>{standing}</i>", standing=standing(order, trail)),
        code(order.tracking_code) if order.tracking_code else "",
    )
