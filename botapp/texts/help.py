"""The help page, and answers to what is often asked."""

from botapp.language import gettext as _
from botapp.markup import Html, bold, fill, paragraphs

Answer = tuple[str, str]
"""The question, and what is told."""


def help_text(contact: str) -> Html:
    """`contact` is a name in Telegram, an address or a page; empty if the shop gave none."""
    return paragraphs(
        fill(_("<b>How it works</b>")),
        fill(
            _(
                "1. Top up your balance.\n"
                "2. Tap New label and paste the address you ship from, then the one you ship to.\n"
                "3. Tell the weight and the size, choose a rate, and pay from your balance.\n"
                "4. The label comes as a PDF to print, 4 by 6 inches, with its tracking number."
            )
        ),
        fill(_("A person answers at {contact}."), contact=contact) if contact else "",
    )


def write_to_us() -> str:
    return _("Write to a person")


def answer(number: int) -> Html:
    question, told = answers()[number]
    return paragraphs(bold(question), fill("{told}", told=told))


def answers() -> list[Answer]:
    """What is often asked, with its answer."""
    return [*_of_money(), *_of_labels(), *_of_the_rest()]


def _of_money() -> list[Answer]:
    return [
        (
            _("When is my money taken?"),
            _(
                "When you press Pay, the price is held. It is taken only when the carrier has "
                "sold the label; if it does not, all of it is back on your balance at once."
            ),
        ),
        (
            _("I paid and see no money"),
            _(
                "A network needs minutes to confirm a payment, at busy times an hour. Open the "
                "invoice and tap Check payment. Whatever arrives is credited, also a part of it "
                "and also late. What is unclear, a person looks into, and tells you here."
            ),
        ),
    ]


def _of_labels() -> list[Answer]:
    return [
        (
            _("How do I print a label?"),
            _(
                "The PDF is 4 by 6 inches: print it at 100% on a label printer. For letter paper, "
                "as a picture, or as ZPL, open the order under /orders and tap Other formats. "
                "Printing again is free."
            ),
        ),
        (
            _("I don't need a label any more"),
            _(
                "Open the order under /orders and tap Refund, as long as the carrier has not "
                "scanned the label and its time is not over: you are shown until when, and asked "
                "once more. The money comes back when the carrier agrees, which can take two "
                "weeks or more."
            ),
        ),
    ]


def _of_the_rest() -> list[Answer]:
    return [
        (
            _("Many labels at once?"),
            _(
                "Send me a .csv or .xlsx file with a row for each parcel, at any time. From a "
                "file in the menu shows how, and has a template to fill in. You see every price "
                "before anything is bought, and get all labels in one PDF."
            ),
        ),
        (
            _("Where is my parcel?"),
            _(
                "I tell you by myself when it moves; /settings changes that. /track shows all of "
                "its way, by the number of the order or the tracking number."
            ),
        ),
        (
            _("The carrier has not answered"),
            _(
                "Then your money is held, and I keep asking until it is certain whether the label "
                "was sold. You get the label or your money, without doing anything."
            ),
        ),
        (
            _("What do you know of me?"),
            _(
                "Your name in Telegram, your addresses, orders and payments. /export sends you "
                "all of it, /forget erases what is saved for later."
            ),
        ),
    ]
