"""What is said of a parcel's contents, where the customs want to know them."""

from collections.abc import Sequence

from botapp.language import gettext as _
from botapp.markup import Html, bold, code, fill, lines, paragraphs
from botapp.texts.names import weight, whom
from core.customs import ContentsType, CustomsItem
from models.order import Order

EXAMPLE = "2 T-shirts, $30, 1 lb"
LONGER_EXAMPLE = "3 mugs, $24.50, 2 lb 4 oz, made in CN, HS 6912.00"
_SHOWN, _ON_A_BUTTON = 60, 30
"""Letters of a description."""


def contents_name(contents: ContentsType) -> str:
    return {
        ContentsType.MERCHANDISE: _("Merchandise"),
        ContentsType.GIFT: _("Gift"),
        ContentsType.DOCUMENTS: _("Documents"),
        ContentsType.RETURNED_GOODS: _("Returned goods"),
        ContentsType.SAMPLE: _("Sample"),
    }[contents]


def ask_contents() -> Html:
    return paragraphs(
        fill(_("<b>What is in the parcel?</b>")),
        fill(
            _(
                "Parcels to and from US territories and military addresses go through customs, and "
                "the carriers want to know."
            )
        ),
    )


def ask_item(told: int) -> Html:
    ask = _("<b>What else is in it?</b>") if told else _("<b>What exactly is in it?</b>")
    return paragraphs(
        fill(ask),
        fill(
            _(
                "One kind of thing in a message: how many, what it is in English, and the worth "
                "and the weight of all of them together. For example:"
            )
        ),
        code(EXAMPLE),
        fill(_("The country it was made in, if not the US, and its tariff code may follow:")),
        code(LONGER_EXAMPLE),
    )


def so_far(contents: ContentsType, items: Sequence[CustomsItem]) -> Html:
    return paragraphs(
        declared(contents, items),
        fill(_("By going on you confirm that this is true and complete.")),
    )


def declared(contents: ContentsType, items: Sequence[CustomsItem]) -> Html:
    """The part of the customs on every screen that shows it."""
    title = fill(_("Customs: {contents}"), contents=contents_name(contents))
    return lines(bold(title), *(item_line(item) for item in items))


def item_line(item: CustomsItem) -> Html:
    made = _("made in {country}").format(country=item.origin) if item.origin != "US" else ""
    tariff = f"HS {item.tariff}" if item.tariff else ""
    told = [str(item.value), weight(item.weight_oz), made, tariff]
    return fill(
        "{quantity} x {what}: {told}",
        quantity=item.quantity,
        what=item.description[:_SHOWN],
        told=", ".join(part for part in told if part),
    )


def form(order: Order) -> Html:
    """The caption of a customs paper."""
    return fill(
        _(
            "<b>A customs form</b> for your label to {place}. Print it too, sign it, and put it on "
            "the parcel with the label."
        ),
        place=whom(order.recipient),
    )


def add_another() -> str:
    return _("Add another")


def done() -> str:
    return _("Done")


def remove(item: CustomsItem) -> str:
    return _("Remove {what}").format(what=item.description[:_ON_A_BUTTON])


def change(contents: ContentsType) -> str:
    return _("Change: {contents}").format(contents=contents_name(contents))


def edit_contents() -> str:
    return _("Edit contents")
