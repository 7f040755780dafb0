"""What is said of the files and messages that a batch sends by itself."""

from botapp.language import gettext as _
from botapp.markup import Html, fill
from botapp.texts.batches import labels, rows
from core.money import Money
from models.batch import Batch


def checked_caption(batch: Batch) -> Html:
    return fill(_("<b>{name} is checked.</b> Have a look at the prices."), name=batch.name)


def rest_caption(count: int) -> Html:
    return fill(
        _(
            "{rows} to mend: the last column says why. Change the cells, keep the heading, and "
            "send me the file back."
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
