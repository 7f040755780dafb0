"""What is said of messages that the customer edits."""

from botapp.language import gettext as _
from botapp.markup import Html, fill


def changed() -> Html:
    return fill(_("Changed, as in your edited message."))


def new_price() -> Html:
    return fill(_("The price may change with it: please get rates again."))


def not_changed() -> Html:
    return fill(_("Nothing was changed."))


def too_late() -> Html:
    return fill(
        _(
            "That message can't change anything any more. This is where you are; the buttons "
            "change what can still be changed."
        )
    )
