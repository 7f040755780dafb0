"""What is said on the way to a label: addresses, parcel, confirmation."""

from collections.abc import Collection
from decimal import Decimal

from botapp.label_draft import Side
from botapp.language import gettext as _
from botapp.markup import Html, bold, code, fill, lines, paragraphs
from botapp.texts.customs import declared
from botapp.texts.names import address_lines, field_name, less, place, sizes, taker, weight
from core.addresses import Address
from core.customs import Customs
from core.limits import Fix
from core.parcels import Parcel

EXAMPLE = "Jane Doe\n388 Townsend St Apt 20\nSan Francisco, CA 94107\n415-555-0132"


def paste_prompt(side: Side) -> Html:
    if side is Side.SENDER:
        ask = fill(_("<b>Where do you ship from?</b>"))
    else:
        ask = fill(_("<b>Where does it go?</b>"))
    both = fill(_("You can also send both addresses at once, and the weight and size with them."))
    return paragraphs(
        ask,
        fill(_("Send the whole address in one message, for example:")),
        code(EXAMPLE),
        both if side is Side.SENDER else "",
    )


def by_field() -> str:
    return _("Field by field")


def same_sender(name: str, address: Address) -> str:
    return _("{name}, {place}").format(name=name[:24], place=place(address)[:24])


def no_address_found() -> Html:
    return fill(_("I could not find an address in that. You can also enter it field by field."))


def ask_field(side: Side, field: str, known: Address) -> Html:
    """Under what is known already, so that nobody wonders what became of it."""
    whose = _("Ship from") if side is Side.SENDER else _("Ship to")
    city = _("I don't know the ZIP {zip}. Which city is it? Or send me the right ZIP.")
    asks = {
        "name": _("Full name?"),
        "company": _("Company? Skip it if there is none."),
        "street": _("Street and number? For example: 388 Townsend St"),
        "street2": _("Apartment, suite or floor? Skip it if there is none."),
        "city": city if known.zip and not known.city else _("City?"),
        "state": _("State? For example: CA"),
        "zip": _("ZIP code? It tells me the city and the state."),
        "phone": _("Phone? Carriers use it for trouble with the delivery."),
        "email": _("E-mail?"),
    }
    return paragraphs(lines(bold(whose), address_lines(known)), fill(asks[field], zip=known.zip))


def skip() -> str:
    return _("Skip")


def leave_empty() -> str:
    """In the place of `skip` where something was told before, which goes then."""
    return _("Leave empty")


def looks_right() -> str:
    return _("Looks right")


def edit() -> str:
    return _("Edit")


def paste_again() -> str:
    return _("Paste again")


def use_place(city: str, state: str) -> str:
    return _("Use {city}, {state}").format(city=city[:40], state=state)


def check_address(
    side: Side,
    address: Address,
    doubtful: Collection[str],
    by_zip: tuple[str, str] | None = None,
    wrong: str | None = None,
) -> Html:
    """What `by_zip` puts right is no doubt besides. `wrong`: it can't be used like that."""
    whose = _("Ship from") if side is Side.SENDER else _("Ship to")
    unclear = set(doubtful) - {"city", "state", "zip"} if by_zip else doubtful
    names = ", ".join(field_name(field) for field in sorted(unclear))
    doubt = fill(_("Please have a second look at: {names}."), names=names) if names else ""
    return paragraphs(
        lines(bold(whose), address_lines(address)),
        doubt,
        _elsewhere(address.zip, *by_zip) if by_zip else "",
        fill(_("Is this right?")) if wrong is None else wrong,
    )


def check_pair(
    sender: Address,
    recipient: Address,
    doubts: Collection[tuple[Side, str]],
    *,
    asks_parcel: bool,
    wrong: str = "",
) -> Html:
    """Both addresses of one message; a doubt is a side and a field of it."""
    whose = {Side.SENDER: _("from: {field}"), Side.RECIPIENT: _("to: {field}")}
    names = ", ".join(whose[side].format(field=field_name(field)) for side, field in doubts)
    ask = (
        fill(
            _("Is this right? Then send the weight and the size, for example {example}."),
            example=code("2 lb 10x8x4"),
        )
        if asks_parcel
        else fill(_("Is this right?"))
    )
    return paragraphs(
        lines(bold(_("Ship from")), address_lines(sender)),
        lines(bold(_("Ship to")), address_lines(recipient)),
        fill(_("Please have a second look at: {names}."), names=names) if names else "",
        wrong or ask,
    )


def swap() -> str:
    return _("Swap")


def _elsewhere(zip_code: str, city: str, state: str) -> Html:
    told = _("The ZIP {zip} belongs to {city}, {state}.")
    return fill(told, zip=zip_code[:5], city=city, state=state)


def which_field(side: Side, address: Address) -> Html:
    whose = _("Ship from") if side is Side.SENDER else _("Ship to")
    return paragraphs(
        lines(bold(whose), address_lines(address)), fill(_("What would you like to change?"))
    )


def ask_weight() -> Html:
    return paragraphs(
        fill(_("<b>How heavy is the parcel?</b>")),
        fill(
            _("For example {first}, {second} or {third}, with its packing."),
            first=code("2 lb"),
            second=code("1 lb 4 oz"),
            third=code("35 oz"),
        ),
        fill(_("Weight and size in one message work too: {example}"), example=code("2 lb 10x8x4")),
    )


def ask_sizes(ounces: Decimal | None) -> Html:
    told = fill(_("Weight: {weight}."), weight=weight(ounces)) if ounces else ""
    return paragraphs(
        told,
        fill(_("<b>How large is it?</b>")),
        fill(
            _("Length, width and height in inches, for example {example}."), example=code("10x8x4")
        ),
    )


def parcel_noted(ounces: Decimal | None, inches: tuple[Decimal, Decimal, Decimal] | None) -> Html:
    """It was told before it was asked for."""
    told = [weight(ounces)] if ounces else []
    return fill(
        _("Noted for the parcel: {told}."),
        told=", ".join([*told, *([sizes(inches)] if inches else [])]),
    )


def confirm(
    sender: Address,
    recipient: Address,
    parcel: Parcel,
    fix: Fix | None = None,
    customs: Customs | None = None,
) -> Html:
    return paragraphs(
        fill(_("<b>Please check everything</b>")),
        lines(bold(_("Ship from")), address_lines(sender)),
        lines(bold(_("Ship to")), address_lines(recipient)),
        lines(bold(_("Parcel")), fill("{parcel}", parcel=parcel_line(parcel))),
        declared(customs.contents, customs.items) if customs else "",
        cheaper_with(fix) if fix else "",
    )


def cheaper_with(fix: Fix) -> Html:
    """What may be had for a little less of the parcel, before anybody is asked for rates."""
    return fill(
        _("{less}, and {taker} takes it too, which is often cheaper."),
        less=less(fix),
        taker=taker(fix),
    )


def parcel_line(parcel: Parcel) -> str:
    return f"{weight(parcel.weight_oz)}, {sizes(parcel.sizes_in)}"


def get_rates() -> str:
    return _("Get rates")


def edit_sender() -> str:
    return _("Edit from")


def edit_recipient() -> str:
    return _("Edit to")


def edit_weight() -> str:
    return _("Edit weight")


def edit_sizes() -> str:
    return _("Edit size")


def asking_carriers() -> Html:
    return fill(_("Asking the carriers…"))
