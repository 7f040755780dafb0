"""What is said of labels that were begun and are not bought yet."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill, lines
from botapp.texts.names import place
from core.addresses import Address

_NAME, _PLACE = 20, 20
"""Letters that fit on a button."""


def unfinished() -> Html:
    return fill(_("<b>Your unfinished labels</b>\nTap one to go on with it."))


def none_unfinished() -> Html:
    return fill(_("You have no unfinished labels. What you have bought is under Orders."))


def title(sender: Address, recipient: Address) -> str:
    """Where it goes; as long as nobody knows that, where it comes from."""
    known, told = (recipient, _("To {name}")) if recipient.name else (sender, _("From {name}"))
    parts = [told.format(name=known.name[:_NAME]), place(known)[:_PLACE] if known.city else ""]
    return ", ".join(part for part in parts if part)


def kept_for_later(recipient: Address) -> Html:
    if not recipient.city:
        return fill(_("Your unfinished label is kept. It waits in the menu."))
    return fill(
        _("Your unfinished label to {place} is kept. It waits in the menu."),
        place=place(recipient),
    )


def all_unfinished(count: int) -> str:
    return _("Unfinished: {count}").format(count=count)


def bring_back() -> str:
    """After a label was cancelled."""
    return _("Bring the label back")


def was_cancelled(*, kept: bool) -> Html:
    """Of a label that somebody wants to buy; `kept` if it can be brought back."""
    return lines(
        fill(_("That label was cancelled before it was bought.")),
        fill(_("To have it after all, tap Bring the label back in the menu.")) if kept else "",
    )


def undo() -> str:
    return _("Undo")


def too_many_unfinished(facts: Mapping[str, Any]) -> Html:
    return fill(
        _("You have {limit} unfinished labels. Please go on with one or cancel one first."),
        limit=facts["limit"],
    )
