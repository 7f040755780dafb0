"""The labels of a batch, put together in as few PDFs as can be sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import structlog
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from core.money import Money
from models.batch import Batch, RowState
from services.batch_files import rows_of
from services.labels import Labels

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sheets:
    """Some labels of a batch in one PDF, and what they cost together."""

    pdf: bytes
    labels: int
    price: Money


@dataclass(frozen=True, slots=True)
class LabelSheets:
    """`largest` is how many bytes one file may have."""

    labels: Labels
    largest: int

    def parts(self, batch: Batch) -> Iterator[Sheets]:
        """All labels of the batch, in the order of the file, in as few files as can be sent.

        A merged file is no larger than its labels together. A label that can't be merged is a file
        of its own, as the carrier made it. Raises what `Labels.pdf` raises.
        """
        pages: list[bytes] = []
        price = Money(0)
        for row in rows_of(batch, RowState.BOUGHT):
            label = self.labels.pdf(row.order_id)
            if not _is_readable(label):
                log.error("label_not_merged", order_id=row.order_id)
                yield Sheets(label, 1, row.price or Money(0))
                continue
            if pages and sum(map(len, pages)) + len(label) > self.largest:
                yield Sheets(_merged(pages), len(pages), price)
                pages, price = [], Money(0)
            pages.append(label)
            price += row.price or Money(0)
        if pages:
            yield Sheets(_merged(pages), len(pages), price)


def _is_readable(label: bytes) -> bool:
    try:
        return bool(PdfReader(BytesIO(label)).pages)
    except PyPdfError:
        return False


def _merged(labels: Sequence[bytes]) -> bytes:
    writer = PdfWriter()
    for label in labels:
        writer.append(PdfReader(BytesIO(label)), import_outline=False)
    writer.compress_identical_objects()
    merged = BytesIO()
    writer.write(merged)
    return merged.getvalue()
