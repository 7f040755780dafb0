"""What a sandbox label looks like: a carrier's 4x6, with SAMPLE plainly across."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sandbox.carrier.drawing import (
    BOLD,
    HEIGHT,
    LABEL,
    PLAIN,
    WIDTH,
    Box,
    Mark,
    Text,
    as_pdf,
    as_png,
    barcode,
    fitted,
)

EDGE = 10
INSIDE = WIDTH - 2 * EDGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is written on a label; `sender` and `recipient` line by line."""

    carrier: str
    letter: str
    service: str
    date: str
    pounds: Decimal
    zone: int | None
    sizes: str
    sender: list[str]
    recipient: list[str]
    tracking_code: str
    reference: str
    shipment_id: str


def marks(sample: Sample) -> list[Mark]:
    # Under everything else, so that bars and addresses stay readable.
    across = Text(WIDTH / 2 + 12, 212, "SAMPLE", 60, BOLD, "centre", 0.86, angle=24)
    return [
        across,
        *_frame(),
        *_head(sample),
        *_banner(sample),
        *_addresses(sample),
        *_tracking(sample),
        *_foot(sample),
    ]


def _frame() -> list[Mark]:
    tall = HEIGHT - 2 * EDGE
    return [
        Box(EDGE, EDGE, INSIDE, 1.5),
        Box(EDGE, HEIGHT - EDGE - 1.5, INSIDE, 1.5),
        Box(EDGE, EDGE, 1.5, tall),
        Box(WIDTH - EDGE - 1.5, EDGE, 1.5, tall),
    ]


def _head(sample: Sample) -> list[Mark]:
    size = fitted(sample.letter, BOLD, 58, 62)
    right = WIDTH - EDGE - 8
    return [
        Box(EDGE + 76, EDGE, 1.5, 72),
        Text(EDGE + 38.5, EDGE + 36 + size * 0.365, sample.letter, size, BOLD, "centre"),
        Text(EDGE + 84, EDGE + 18, f"{sample.carrier} POSTAGE", 10, BOLD),
        Text(EDGE + 84, EDGE + 31, "SAMPLE - NOT PAID", 8, BOLD),
        Text(EDGE + 84, EDGE + 43, sample.date, 8),
        Text(EDGE + 84, EDGE + 55, f"{sample.pounds:.2f} LB", 8),
        Text(EDGE + 84, EDGE + 66, "Labeldesk sandbox", 6, PLAIN, "left", 0.35),
        Text(right, EDGE + 43, f"ZONE {sample.zone}", 8, PLAIN, "right"),
        Text(right, EDGE + 55, sample.sizes, 8, PLAIN, "right"),
    ]


def _banner(sample: Sample) -> list[Mark]:
    size = fitted(sample.service, BOLD, 15, INSIDE - 20)
    return [
        Box(EDGE, EDGE + 72, INSIDE, 26),
        Text(WIDTH / 2, EDGE + 85 + size * 0.365, sample.service, size, BOLD, "centre", 1),
    ]


def _addresses(sample: Sample) -> list[Mark]:
    top = EDGE + 114
    written: list[Mark] = []
    for number, line in enumerate(sample.sender):
        size = fitted(line, PLAIN, 7.5, INSIDE - 20)
        written.append(Text(EDGE + 10, top + 10 * number, line, size))
    written.append(Text(EDGE + 10, top + 66, "SHIP", 7, BOLD))
    written.append(Text(EDGE + 10, top + 74, "TO:", 7, BOLD))
    size = min(fitted(line, BOLD, 11.5, INSIDE - 46) for line in sample.recipient)
    for number, line in enumerate(sample.recipient):
        written.append(Text(EDGE + 36, top + 68 + 14.5 * number, line, size, BOLD))
    return written


def _tracking(sample: Sample) -> list[Mark]:
    code = sample.tracking_code
    top = 268
    return [
        Box(EDGE, top, INSIDE, 4),
        Text(WIDTH / 2, top + 18, f"{sample.carrier} TRACKING #", 9, BOLD, "centre"),
        *barcode(code, EDGE + 22, top + 26, INSIDE - 44, 62),
        Text(WIDTH / 2, top + 102, _grouped(code), 10.5, BOLD, "centre"),
        Box(EDGE, top + 110, INSIDE, 4),
    ]


def _foot(sample: Sample) -> list[Mark]:
    reference = f"REF {sample.reference}" if sample.reference else ""
    warning = "SAMPLE - DO NOT MAIL"
    return [
        Text(EDGE + 10, HEIGHT - EDGE - 18, warning, 11, BOLD),
        Text(EDGE + 10, HEIGHT - EDGE - 8, sample.shipment_id, 5.5, PLAIN, "left", 0.35),
        Text(
            WIDTH - EDGE - 10,
            HEIGHT - EDGE - 18,
            reference,
            fitted(reference, PLAIN, 7, 100) if reference else 7,
            PLAIN,
            "right",
        ),
    ]


def _grouped(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def pdf(sample: Sample, page: tuple[int, int] = LABEL) -> bytes:
    return as_pdf(f"Sample label {sample.tracking_code}", marks(sample), page)


def png(sample: Sample) -> bytes:
    return as_png(marks(sample))


def zpl(sample: Sample) -> bytes:
    """What a label printer reads: the essentials only."""
    to = "".join(
        f"^FO60,{320 + 50 * number}^A0N,40^FD{line}^FS"
        for number, line in enumerate(sample.recipient)
    )
    code = sample.tracking_code
    return f"^XA^FO60,60^A0N,90^FDSAMPLE^FS{to}^FO60,800^BCN,200^FD{code}^FS^XZ".encode()


def epl2(sample: Sample) -> bytes:
    code = sample.tracking_code
    return f'N\nA50,50,0,4,1,1,N,"SAMPLE"\nB50,600,0,1,2,2,150,B,"{code}"\nP1\n'.encode()


DRAWN: dict[str, tuple[str, Callable[[Sample], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "png": ("image/png", png),
    "zpl": ("application/zpl", zpl),
    "epl2": ("application/epl2", epl2),
}
