"""A label on a letter sheet: nothing lost, nothing scaled that fits."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from services.letter import NoSuchPage, sheet


def label(wide=288, high=432, *, turned=0):
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=(wide, high))
    canvas.drawString(10, high - 20, "9400 1000")
    canvas.setPageRotation(turned)
    canvas.save()
    return drawn.getvalue()


def where(pdf):
    """The sheet's text with the point where it begins, and its size."""
    found = []
    [page] = PdfReader(BytesIO(pdf)).pages
    page.extract_text(
        visitor_text=lambda text, at, text_at, *_: found.append((text.strip(), at, text_at))
    )
    [(text, at, _)] = [each for each in found if each[0]]
    return text, at, (float(page.mediabox.width), float(page.mediabox.height))


def test_the_label_keeps_its_size_at_the_top_of_the_sheet():
    text, at, size = where(sheet(label()))

    assert (text, size) == ("9400 1000", (612, 792))
    assert at[0] == at[3] == 1
    assert (at[4], at[5]) == (162, 324)


def test_a_label_larger_than_the_sheet_is_made_to_fit():
    text, at, _ = where(sheet(label(1224, 1584)))

    assert text == "9400 1000"
    assert at[0] == pytest.approx(540 / 1224)


def test_a_label_that_lies_on_its_side_stays_whole():
    assert where(sheet(label(432, 288, turned=90)))[0] == "9400 1000"


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.4 a label", b"^XA^XZ"])
def test_what_is_no_pdf_makes_no_sheet(broken):
    with pytest.raises(NoSuchPage):
        sheet(broken)
