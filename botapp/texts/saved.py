"""What is said of saved addresses, saved parcels and templates."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, bold, code, fill, lines, paragraphs
from botapp.texts.customs import declared
from botapp.texts.label import parcel_line
from botapp.texts.names import address_lines, place
from core.addresses import Address
from core.parcels import Parcel
from models.saved import Kept, SavedAddress, SavedParcel, Template
from services.saved import Kind

_NAME, _PLACE = 22, 18
"""Letters that fit on a button."""


def saved_button() -> str:
    return _("Saved")


def templates_button() -> str:
    return _("Templates")


def show_all(kind: Kind) -> str:
    return _("All saved addresses") if kind is Kind.ADDRESS else _("All saved parcels")


def kind_button(kind: Kind, count: int) -> str:
    told = {
        Kind.ADDRESS: _("Addresses: {count}"),
        Kind.PARCEL: _("Parcels: {count}"),
        Kind.TEMPLATE: _("Templates: {count}"),
    }
    return told[kind].format(count=count)


def title(kept: Kept) -> str:
    """As it stands on a button."""
    if isinstance(kept, SavedAddress):
        return f"{(kept.name or kept.address.name)[:_NAME]}, {place(kept.address)[:_PLACE]}"
    if isinstance(kept, SavedParcel):
        return ": ".join(part for part in (kept.name[:_NAME], parcel_line(kept.parcel)) if part)
    return kept.name


def hub() -> Html:
    return fill(_("<b>What you keep</b>\nTap a kind to use, rename or delete."))


def nothing() -> Html:
    return fill(
        _(
            "<b>Nothing is saved yet.</b> Buy a label and tap Save for next time under it: its "
            "addresses and parcel will wait for you here."
        )
    )


def list_title(kind: Kind) -> Html:
    return fill(
        {
            Kind.ADDRESS: _("<b>Your saved addresses</b>\nThe most used come first."),
            Kind.PARCEL: _("<b>Your saved parcels</b>\nThe most used come first."),
            Kind.TEMPLATE: _("<b>Your templates</b>\nThe most used come first."),
        }[kind]
    )


def nothing_of(kind: Kind) -> Html:
    return fill(
        {
            Kind.ADDRESS: _("You have no saved addresses."),
            Kind.PARCEL: _("You have no saved parcels."),
            Kind.TEMPLATE: _(
                "<b>You have no templates yet.</b> Make a label and tap Save as template: the next "
                "one like it will be filled in for you."
            ),
        }[kind]
    )


def one(kept: SavedAddress | SavedParcel | Template) -> Html:
    named = bold(kept.name) if kept.name else ""
    if isinstance(kept, SavedAddress):
        return paragraphs(named, address_lines(kept.address))
    if isinstance(kept, SavedParcel):
        return paragraphs(named, fill("{parcel}", parcel=parcel_line(kept.parcel)))
    customs = kept.customs
    return paragraphs(
        named,
        _shipment(kept.sender, kept.recipient, kept.parcel),
        declared(customs.contents, customs.items) if customs else "",
    )


def _shipment(sender: Address, recipient: Address, parcel: Parcel) -> Html:
    return paragraphs(
        lines(bold(_("Ship from")), address_lines(sender)),
        lines(bold(_("Ship to")), address_lines(recipient)),
        lines(bold(_("Parcel")), fill("{parcel}", parcel=parcel_line(parcel))),
    )


def use_template() -> str:
    return _("New label from it")


def ship_from_here() -> str:
    return _("Ship from here")


def ship_to_here() -> str:
    return _("Ship to here")


def rename() -> str:
    return _("Rename")


def delete() -> str:
    return _("Delete")


def yes_delete() -> str:
    return _("Yes, delete")


def ask_delete(title: str) -> Html:
    return fill(_("<b>Delete {title}?</b> Labels made with it stay."), title=title)


def deleted() -> Html:
    return fill(_("Deleted."))


def previous() -> str:
    return _("Previous")


def next_page() -> str:
    return _("Next")


def save_button() -> str:
    return _("Save")


def save_sender() -> str:
    return _("Save sender")


def save_recipient() -> str:
    return _("Save recipient")


def save_parcel() -> str:
    return _("Save parcel")


def save_template() -> str:
    return _("Save as template")


def what_to_save(sender: Address, recipient: Address, parcel: Parcel) -> Html:
    return paragraphs(fill(_("<b>Keep for next time</b>")), _shipment(sender, recipient, parcel))


def address_saved(address: Address) -> Html:
    return fill(
        _("Saved: {name}, {place}. Next time it is one tap."),
        name=address.name,
        place=place(address),
    )


def save_for_next_time() -> str:
    return _("Save for next time")


def all_saved() -> Html:
    return fill(_("Both addresses and the parcel are saved. Next time each is one tap."))


def parcel_saved() -> Html:
    return fill(_("The parcel is saved. Next time it is one tap."))


def template_saved(name: str) -> Html:
    return fill(_("Saved as {name}. Use it with {command}."), name=name, command="/templates")


def ask_template_name() -> Html:
    return paragraphs(
        fill(_("<b>What is the template called?</b>")),
        fill(
            _("Send a name of up to 40 letters, for example {example}."), example=code("Weekly box")
        ),
    )


def ask_new_name(title: str) -> Html:
    return fill(_("What is {title} to be called? Send a name of up to 40 letters."), title=title)


def bad_name(facts: Mapping[str, Any]) -> Html:
    reasons = {
        "missing": _("A name needs at least one letter."),
        "too_long": _("That name is too long: at most {limit} letters."),
        "several_lines": _("A name must be on one line."),
        "strange_characters": _("That name has characters that can't be shown."),
    }
    return fill(reasons.get(facts["reason"], reasons["missing"]), limit=facts["limit"])


def name_taken(facts: Mapping[str, Any]) -> Html:
    return fill(
        _("You have a template called {name} already. Please send another name."),
        name=facts["name"],
    )


def too_many_saved(facts: Mapping[str, Any]) -> Html:
    told = {
        Kind.ADDRESS: _("You have {limit} saved addresses, that is all there may be. Delete one."),
        Kind.PARCEL: _("You have {limit} saved parcels, that is all there may be. Delete one."),
        Kind.TEMPLATE: _("You have {limit} templates, that is all there may be. Delete one."),
    }
    return fill(told[Kind(facts["kind"])], limit=facts["limit"])
