"""Why a row of a batch was not bought, in the customer's language."""

import re
from html import unescape

from botapp.markup import Html
from botapp.refusals import words
from botapp.texts import batches as texts
from botapp.texts.refused import SENTENCES
from models.batch import Batch, BatchRow, RowState
from services.batch_checking import sheet_of
from services.batch_rows import read_row

FIRST_SHOWN = 5
LONGEST_SHOWN = 300
MOST_SHOWN = 1_200
"""Letters of all of them together: a message has room for little more."""


def reasons(row: BatchRow, batch: Batch) -> list[Html]:
    """Everything that is wrong with it."""
    if row.refusal in SENTENCES:
        return [SENTENCES[row.refusal](dict(row.told))]
    if row.status is RowState.BAD:
        problems = read_row(row.cells, sheet_of(batch)).problems
        return [
            texts.of_sender(words(each.refusal)) if each.of_sender else words(each.refusal)
            for each in problems
        ]
    return [texts.left_out()]


def plain_reasons(row: BatchRow, batch: Batch) -> str:
    """For a cell of a file."""
    told = " ".join(reasons(row, batch))
    return unescape(re.sub(r"<[^>]+>", "", told)).replace("\n", " ")


def first_mistakes(batch: Batch) -> list[Html]:
    """Lines for the chat, as many as it has room for; a line is whole or not there."""
    bad = BatchRow.objects(batch_id=batch.id, status=RowState.BAD).order_by("number")
    shown: list[Html] = []
    for row in bad.limit(FIRST_SHOWN):
        told = reasons(row, batch)
        while len(told) > 1 and sum(map(len, told)) > LONGEST_SHOWN:
            told.pop()
        line = texts.row_line(row.line, told)
        if len(unescape("".join([*shown, line]))) > MOST_SHOWN:
            break
        shown.append(line)
    return shown
