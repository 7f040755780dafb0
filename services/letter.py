"""A label on a sheet of letter paper, as large as it is: to print on any printer and cut out."""

from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from core.errors import Refusal

WIDTH, HEIGHT, MARGIN = 612, 792, 36
"""In points, 72 an inch. Printers leave the outermost half an inch white."""


class NoSuchPage(Refusal):
    """There is no page of a PDF in these bytes."""


def sheet(pdf: bytes) -> bytes:
    """Each page of the label at the top of a sheet, smaller only if it would not fit.

    Raises NoSuchPage.
    """
    try:
        # Pages are turned upright in a file of their own: pypdf changes no others.
        pages = list(PdfWriter(clone_from=PdfReader(BytesIO(pdf))).pages)
        writer = PdfWriter()
        for page in pages:
            _lay(page, writer.add_blank_page(WIDTH, HEIGHT))
    except PyPdfError as error:
        raise NoSuchPage from error
    if not pages:
        raise NoSuchPage
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _lay(page: PageObject, paper: PageObject) -> None:
    page.transfer_rotation_to_content()
    box = page.mediabox
    wide, high = float(box.width), float(box.height)
    scale = min(1, (WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left, top = (WIDTH - wide * scale) / 2, HEIGHT - MARGIN - high * scale
    way = Transformation().translate(-float(box.left), -float(box.bottom)).scale(scale)
    paper.merge_transformed_page(page, way.translate(left, top))
