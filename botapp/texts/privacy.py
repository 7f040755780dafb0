"""What is said of the customer's own data."""

from botapp.language import gettext as _
from botapp.markup import Html, fill, lines, paragraphs


def export_button() -> str:
    return _("Export my data")


def forget_button() -> str:
    return _("Forget my data")


def export_is_coming() -> Html:
    return fill(_("I am packing your data. The file comes to this chat by itself."))


def export_caption() -> Html:
    return fill(
        _(
            "<b>Your data</b>: all that this shop knows of you, as JSON files, with your "
            "statement as CSV. The labels themselves are under /orders."
        )
    )


def ask_forget() -> Html:
    return paragraphs(
        fill(_("<b>Forget your data?</b>")),
        lines(
            fill(
                _(
                    "<b>Erased at once:</b> saved addresses and parcels, templates, unfinished "
                    "labels, rates that you did not buy, our copy of your messages, and the rows "
                    "of finished files."
                )
            ),
            fill(
                _(
                    "<b>Kept:</b> your balance with every entry of it, payments, and your orders: "
                    "they prove what was paid. Their addresses are needed for refunds and "
                    "tracking, and are erased some months after delivery."
                )
            ),
        ),
        fill(_("This can't be undone. Orders and files that are being bought go on.")),
    )


def yes_forget() -> str:
    return _("Yes, erase them")


def forgotten() -> Html:
    return fill(_("Erased. Your balance and your orders are as they were."))
