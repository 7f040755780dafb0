"""A small canvas of 4x6 inches in points, put on PDF or PNG alike."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 288, 432
LABEL, LETTER = (WIDTH, HEIGHT), (612, 792)
LETTER_MARGIN = 36
DOTS_A_POINT = 300 / 72
PLAIN, BOLD = "Vera", "VeraBd"
_FONTS = Path(reportlab.__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Text:
    """`y` is the baseline, counted from the top; `grey` runs from black 0 to white 1."""

    x: float
    y: float
    text: str
    size: float
    font: str = PLAIN
    anchor: str = "left"
    grey: float = 0
    angle: float = 0


@dataclass(frozen=True, slots=True)
class Box:
    """From its top left corner."""

    x: float
    y: float
    width: float
    height: float
    grey: float = 0


Mark = Text | Box


def text_width(text: str, font: str, size: float) -> float:
    _register()
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, font: str, size: float, room: float) -> float:
    """The largest size up to `size` at which the text fits into the room."""
    width = text_width(text, font, size)
    return size if width <= room else size * room / width


def barcode(value: str, x: float, y: float, width: float, height: float) -> list[Mark]:
    """Code 128 bars; one letter of reportlab's pattern is one bar or gap and its width."""
    code = Code128(value, quiet=0)
    code.validate()
    code.encode()
    pattern: str = code.decompose()
    steps = [(sign.isupper(), ord(sign.upper()) - ord("A") + 1) for sign in pattern]
    module = width / sum(step for _, step in steps)
    bars: list[Mark] = []
    for is_bar, step in steps:
        if is_bar:
            bars.append(Box(x, y, step * module, height))
        x += step * module
    return bars


def as_pdf(title: str, marks: list[Mark], page: tuple[int, int] = LABEL) -> bytes:
    """The same bytes for the same marks, so that checksums hold. Larger pages have a margin."""
    _register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=page, invariant=1)
    canvas.setTitle(title)
    if page != LABEL:
        canvas.translate(LETTER_MARGIN, page[1] - HEIGHT - LETTER_MARGIN)
    for mark in marks:
        if isinstance(mark, Box):
            canvas.setFillGray(mark.grey)
            y = HEIGHT - mark.y - mark.height
            canvas.rect(mark.x, y, mark.width, mark.height, stroke=0, fill=1)
        else:
            _write(canvas, mark)
    canvas.save()
    return out.getvalue()


def as_png(marks: list[Mark]) -> bytes:
    size = (round(WIDTH * DOTS_A_POINT), round(HEIGHT * DOTS_A_POINT))
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for mark in marks:
        if isinstance(mark, Text):
            _paint(image, mark)
            continue
        left, top = round(mark.x * DOTS_A_POINT), round(mark.y * DOTS_A_POINT)
        right = round((mark.x + mark.width) * DOTS_A_POINT) - 1
        bottom = round((mark.y + mark.height) * DOTS_A_POINT) - 1
        draw.rectangle((left, top, max(left, right), max(top, bottom)), fill=_ink(mark.grey))
    out = BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


def _write(canvas: Canvas, text: Text) -> None:
    canvas.saveState()
    canvas.setFillGray(text.grey)
    canvas.setFont(text.font, text.size)
    canvas.translate(text.x, HEIGHT - text.y)
    canvas.rotate(text.angle)
    put = {"left": canvas.drawString, "right": canvas.drawRightString}
    put.get(text.anchor, canvas.drawCentredString)(0, 0, text.text)
    canvas.restoreState()


def _paint(image: Image.Image, text: Text) -> None:
    font = _font(text.font, round(text.size * DOTS_A_POINT))
    x, y = round(text.x * DOTS_A_POINT), round(text.y * DOTS_A_POINT)
    anchor = {"left": "ls", "right": "rs"}.get(text.anchor, "ms")
    stencil = Image.new("L", image.size, 0)
    ImageDraw.Draw(stencil).text((x, y), text.text, font=font, fill=255, anchor=anchor)
    if text.angle:
        stencil = stencil.rotate(text.angle, center=(x, y))
    image.paste(_ink(text.grey), (0, 0, *image.size), stencil)


def _ink(grey: float) -> int:
    return round(grey * 255)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)


@cache
def _register() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
