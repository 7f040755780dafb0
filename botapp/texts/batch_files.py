"""What is said of the files that begin a batch, and of those that it sends by itself."""

from botapp.language import gettext as _
from botapp.markup import Html, fill, paragraphs
from botapp.texts.batches import labels, rows
from core.money import Money
from core.tables import TableKind
from models.batch import Batch


def how_to() -> Html:
    return paragraphs(
        fill(_("<b>Many labels at once</b>")),
        fill(
            _(
                "Send me a .csv or .xlsx file here, as your shop exports it: one row for each "
                "parcel, and a first row that names the columns. For example:"
            )
        ),
        fill("<code>{heading}</code>", heading="Name, Address, City, State, ZIP, Weight, Sizes"),
        fill(_("Or fill in a template. You see every price before anything is bought.")),
    )


def template_button(kind: TableKind) -> str:
    return _("Template ({kind})").format(kind=kind.upper())


def template_caption() -> Html:
    return fill(
        _(
            "Fill in a row for each parcel and send me the file back. Leave empty what you don't "
            "need; the example row is never bought."
        )
    )


def checked_caption(batch: Batch) -> Html:
    return fill(_("<b>{name} is checked.</b> Have a look at the prices."), name=batch.name)


def rest_caption(count: int) -> Html:
    return fill(
        _(
            "{rows} left over: the last column says why. Mend what is wrong, keep the heading, "
            "and send me the file back."
        ),
        rows=rows(count),
    )


def labels_caption(count: int, total: Money) -> Html:
    return fill(
        _("<b>{labels}</b> for {total}, one on each page, in the order of your file."),
        labels=labels(count),
        total=total,
    )


def tracking_caption() -> Html:
    return fill(_("The tracking numbers, row by row."))
