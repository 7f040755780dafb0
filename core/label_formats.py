"""The formats that a bought label may be had in."""

from enum import StrEnum


class LabelFormat(StrEnum):
    """What a label is printed from."""

    PDF_4X6 = "pdf_4x6"
    PDF_LETTER = "pdf_letter"
    PNG = "png"
    ZPL = "zpl"
