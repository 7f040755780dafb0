"""QR codes as pictures that a phone's camera reads off another screen."""

import io

import segno

PIXELS = 10
"""Each module's width: large enough to survive the messenger's compression."""


def picture(address: str) -> bytes:
    """A PNG with the quiet border that scanners need."""
    png = io.BytesIO()
    segno.make(address, error="m", micro=False).save(png, kind="png", scale=PIXELS, border=4)
    return png.getvalue()
