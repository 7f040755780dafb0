"""What the carriers think of an address, in words."""

from botapp.label_draft import Side
from botapp.language import gettext as _
from botapp.markup import Html, bold, fill, lines, paragraphs
from botapp.texts.names import address_lines
from core.addresses import Address
from services.addresses import Opinion, Standing

REMARKS = 5


def checking() -> Html:
    return fill(_("Checking the address…"))


def unchecked() -> Html:
    return fill(_("The address could not be checked just now. It goes on as you wrote it."))


def verdict(side: Side, address: Address, opinion: Opinion) -> Html:
    told = {
        Standing.CORRECTED: _("The carrier writes this address differently."),
        Standing.DOUBTFUL: _("The carrier is not sure about this address."),
        Standing.UNDELIVERABLE: _("The carrier can't deliver to this address. Please correct it."),
    }
    whose = _("Ship from") if side is Side.SENDER else _("Ship to")
    suggestion = opinion.suggestion
    return paragraphs(
        fill(told.get(opinion.standing, _("Is this right?"))),
        lines(*(_remark(remark) for remark in opinion.remarks[:REMARKS])),
        lines(bold(whose), address_lines(address)),
        lines(bold(_("Corrected")), address_lines(suggestion)) if suggestion else "",
    )


def _remark(told: str) -> Html:
    """The carrier's own words, which are English."""
    return fill(_("The carrier says: {reason}"), reason=told[:200])


def use_corrected() -> str:
    return _("Use corrected")


def keep_mine() -> str:
    return _("Keep mine")


def edit() -> str:
    return _("Edit")
