"""What is said of orders, and of what became of them."""

from botapp.language import day, gettext as _
from botapp.markup import Html, code, fill, lines, link, paragraphs, unbroken
from botapp.texts.label import parcel_line
from botapp.texts.names import place, rate_name, whom
from core.label_formats import LabelFormat
from core.money import Money
from models.order import Order, OrderState
from services.renewal import CARRIER_SILENT, PRICE_MOVED, SERVICE_GONE


def status(state: OrderState) -> str:
    return {
        OrderState.NEW: _("being bought"),
        OrderState.HELD: _("being bought"),
        OrderState.BUYING: _("being bought"),
        OrderState.BOUGHT: _("bought"),
        OrderState.DONE: _("bought"),
        OrderState.UNKNOWN: _("we are checking with the carrier"),
        OrderState.REVIEW: _("a person is looking into it"),
        OrderState.REJECTED: _("waits for money"),
        OrderState.FAILED: _("refused by the carrier"),
        OrderState.RELEASED: _("not bought, money is back"),
        OrderState.VOID_SENT: _("being cancelled"),
        OrderState.REFUNDED: _("cancelled, money is back"),
        OrderState.VOID_REFUSED: _("bought, could not be cancelled"),
    }[state]


def none_yet() -> Html:
    return fill(_("You have no orders yet. Tap New label to buy your first one."))


def order(order: Order, standing: str = "") -> Html:
    """`standing` tells more of its status, when more is known."""
    told = standing or status(order.status)
    return paragraphs(
        lines(
            fill(_("<b>Order {id}</b>, {day}"), id=order.id, day=day(order.created_at)),
            fill(_("Status: <b>{status}</b>"), status=told),
        ),
        lines(
            fill(_("{rate} for {price}"), rate=rate_name(order.rate), price=order.price),
            _way(order),
            fill("{parcel}", parcel=parcel_line(order.parcel)),
        ),
        tracking(order),
        fill(_("Its addresses and label are erased: we keep them for a time only."))
        if order.is_erased
        else "",
    )


def _way(order: Order) -> Html:
    if order.is_erased:
        return Html()
    return fill(
        _("From {sender} to {name}, {place}"),
        sender=place(order.sender),
        name=order.recipient.name,
        place=place(order.recipient),
    )


def tracking(order: Order) -> Html:
    if not order.tracking_code:
        return Html()
    number = code(order.tracking_code)
    if not order.tracking_url:
        return fill(_("Tracking: {number}"), number=number)
    return fill(
        _("Tracking: {number} ({link})"),
        number=number,
        link=link(order.tracking_url, unbroken(_("follow it"))),
    )


def send_again() -> str:
    """Makes a new label of the same addresses and parcel."""
    return _("Send again")


def label_again() -> str:
    return _("Label again")


def formats() -> str:
    return _("Other formats")


def ask_format(order: Order) -> Html:
    return paragraphs(
        fill(_("<b>The label to {place} again</b>"), place=whom(order.recipient)),
        fill(
            _(
                "In which format? It costs nothing. PDF prints anywhere, PNG is a picture, and "
                "ZPL is for label printers that want it."
            )
        ),
    )


def format_button(made: LabelFormat) -> str:
    """The same in every language."""
    return {
        LabelFormat.PDF_4X6: "PDF 4x6 in",
        LabelFormat.PDF_LETTER: "PDF letter",
        LabelFormat.PNG: "PNG",
        LabelFormat.ZPL: "ZPL",
    }[made]


def format_hint(made: LabelFormat) -> Html:
    """How to print it, for those who do it the first time."""
    return {
        LabelFormat.PDF_4X6: Html(),
        LabelFormat.PDF_LETTER: fill(_("Print it at 100%, then cut the label out.")),
        LabelFormat.PNG: fill(_("Print it at 4 by 6 inches.")),
        LabelFormat.ZPL: fill(_("Send this file to your label printer as it is.")),
    }[made]


def format_refused(order: Order, made: LabelFormat) -> Html:
    return fill(
        _(
            "The carrier does not give your label to {place} as {format}. The PDF prints on any "
            "printer."
        ),
        place=whom(order.recipient),
        format=format_button(made),
    )


def label_is_coming() -> Html:
    return fill(_("Your label is on its way to this chat."))


def label_ready(
    order: Order, balance: Money, *, again: bool, made: LabelFormat = LabelFormat.PDF_4X6
) -> Html:
    """The caption of the file."""
    head = _("<b>Your label once more</b>") if again else _("<b>Your label is ready</b>")
    return lines(
        fill(head),
        fill(
            _("{rate} to {name}, {place}"),
            rate=rate_name(order.rate),
            name=order.recipient.name,
            place=place(order.recipient),
        ),
        format_hint(made),
        tracking(order),
        fill(_("Your balance: <b>{balance}</b>"), balance=balance),
    )


def checking(order: Order) -> Html:
    return fill(
        _(
            "The carrier has not answered about your label to {place} yet. We are checking with "
            "the carrier, your money is held. You will hear from me, there is nothing to do."
        ),
        place=whom(order.recipient),
    )


def refused(order: Order, balance: Money) -> Html:
    return paragraphs(
        fill(
            _("<b>The carrier did not sell the label</b> ({rate} to {place})."),
            rate=rate_name(order.rate),
            place=whom(order.recipient),
        ),
        _why(order),
        fill(
            _("{price} is back on your balance of {balance}."), price=order.price, balance=balance
        ),
    )


def _why(order: Order) -> Html:
    """In our words where we ended it, otherwise in the carrier's, which may be a mere code."""
    ours = {
        PRICE_MOVED: _(
            "It has become dearer than what you confirmed, so nothing was bought. Ask for rates "
            "again to see today's price."
        ),
        SERVICE_GONE: _("It is not offered any more. Ask for rates again to see what is."),
        CARRIER_SILENT: _("The carrier does not answer. Please ask for rates again later."),
    }
    if order.refusal in ours:
        return fill(ours[order.refusal])
    is_told = " " in order.refusal
    return lines(
        fill(_("The carrier says: {reason}"), reason=order.refusal[:300]) if is_told else "",
        fill(_("To change something or take another rate, open the order and tap Send again.")),
    )


def waits(order: Order) -> Html:
    return fill(
        _(
            "Your label to {place} takes a little longer: we have to fill our own account at the "
            "carrier first. Your {price} is held; the label comes by itself, or your money back."
        ),
        place=whom(order.recipient),
        price=order.price,
    )


def review(order: Order) -> Html:
    return fill(
        _(
            "We could not find out yet whether the carrier sold your label to {place}. A person "
            "is looking into it; your {price} stays held until we know."
        ),
        place=whom(order.recipient),
        price=order.price,
    )


def credited(amount: Money, balance: Money) -> Html:
    return fill(
        _("<b>{amount} has arrived.</b> Your balance is {balance}."), amount=amount, balance=balance
    )


def overpaid(amount: Money, asked: Money, balance: Money) -> Html:
    return fill(
        _(
            "<b>{amount} has arrived</b>, more than the {asked} of your invoice. All of it is "
            "yours: your balance is {balance}."
        ),
        amount=amount,
        asked=asked,
        balance=balance,
    )


def underpaid(amount: Money, asked: Money, missing: Money, balance: Money) -> Html:
    return fill(
        _(
            "<b>{amount} has arrived</b>, {missing} of the {asked} is still missing. Your balance "
            "is {balance}. If you send the rest to the same invoice, it is added too."
        ),
        amount=amount,
        asked=asked,
        missing=missing,
        balance=balance,
    )


def rest_arrived(amount: Money, total: Money, balance: Money) -> Html:
    return fill(
        _(
            "<b>{amount} more has arrived</b>, that makes {total} for this invoice. Your balance "
            "is {balance}."
        ),
        amount=amount,
        total=total,
        balance=balance,
    )


def arrived_late(amount: Money, balance: Money) -> Html:
    return fill(
        _(
            "<b>{amount} has arrived</b>, after the invoice had expired. It is credited all the "
            "same: your balance is {balance}."
        ),
        amount=amount,
        balance=balance,
    )


def resolved(amount: Money, balance: Money) -> Html:
    return fill(
        _(
            "<b>We have looked into your payment:</b> {amount} has arrived and is credited. Your "
            "balance is {balance}."
        ),
        amount=amount,
        balance=balance,
    )
