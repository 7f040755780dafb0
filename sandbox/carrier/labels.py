"""What a sandbox label looks like: a carrier's 4x6, with SAMPLE plainly across."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.carrier.drawing import (
    BOLD,
    HEIGHT,
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

Document = dict[str, Any]
EDGE = 10
INSIDE = WIDTH - 2 * EDGE
LETTERS = {
    "GroundAdvantage": "G",
    "Priority": "P",
    "Express": "E",
    "Ground": "GND",
    "3DaySelect": "3",
    "2ndDayAir": "2",
    "NextDayAir": "1",
    "FEDEX_GROUND": "GND",
    "FEDEX_EXPRESS_SAVER": "XS",
    "FEDEX_2_DAY": "2D",
    "STANDARD_OVERNIGHT": "SO",
}
NAMES = {
    "GroundAdvantage": "USPS GROUND ADVANTAGE",
    "Priority": "USPS PRIORITY MAIL",
    "Express": "USPS PRIORITY MAIL EXPRESS",
    "Ground": "UPS GROUND",
    "3DaySelect": "UPS 3 DAY SELECT",
    "2ndDayAir": "UPS 2ND DAY AIR",
    "NextDayAir": "UPS NEXT DAY AIR",
    "FEDEX_GROUND": "FEDEX GROUND",
    "FEDEX_EXPRESS_SAVER": "FEDEX EXPRESS SAVER",
    "FEDEX_2_DAY": "FEDEX 2DAY",
    "STANDARD_OVERNIGHT": "FEDEX STANDARD OVERNIGHT",
}


def marks(shipment: Document) -> list[Mark]:
    # Under everything else, so that bars and addresses stay readable.
    sample = Text(WIDTH / 2 + 12, 212, "SAMPLE", 60, BOLD, "centre", 0.86, angle=24)
    return [
        sample,
        *_frame(),
        *_head(shipment),
        *_banner(shipment),
        *_addresses(shipment),
        *_tracking(shipment),
        *_foot(shipment),
    ]


def _frame() -> list[Mark]:
    tall = HEIGHT - 2 * EDGE
    return [
        Box(EDGE, EDGE, INSIDE, 1.5),
        Box(EDGE, HEIGHT - EDGE - 1.5, INSIDE, 1.5),
        Box(EDGE, EDGE, 1.5, tall),
        Box(WIDTH - EDGE - 1.5, EDGE, 1.5, tall),
    ]


def _head(shipment: Document) -> list[Mark]:
    letter = LETTERS.get(shipment["selected_rate"]["service"], "?")
    size = fitted(letter, BOLD, 58, 62)
    pounds = Decimal(str(shipment["parcel"]["weight"])) / 16
    right = WIDTH - EDGE - 8
    return [
        Box(EDGE + 76, EDGE, 1.5, 72),
        Text(EDGE + 38.5, EDGE + 36 + size * 0.365, letter, size, BOLD, "centre"),
        Text(EDGE + 84, EDGE + 18, f"{shipment['selected_rate']['carrier']} POSTAGE", 10, BOLD),
        Text(EDGE + 84, EDGE + 31, "SAMPLE - NOT PAID", 8, BOLD),
        Text(EDGE + 84, EDGE + 43, shipment["postage_label"]["label_date"][:10], 8),
        Text(EDGE + 84, EDGE + 55, f"{pounds:.2f} LB", 8),
        Text(EDGE + 84, EDGE + 66, "Labeldesk sandbox", 6, PLAIN, "left", 0.35),
        Text(right, EDGE + 43, f"ZONE {shipment['usps_zone']}", 8, PLAIN, "right"),
        Text(right, EDGE + 55, _sizes(shipment["parcel"]), 8, PLAIN, "right"),
    ]


def _banner(shipment: Document) -> list[Mark]:
    service = shipment["selected_rate"]["service"]
    name = NAMES.get(service, service.upper())
    size = fitted(name, BOLD, 15, INSIDE - 20)
    return [
        Box(EDGE, EDGE + 72, INSIDE, 26),
        Text(WIDTH / 2, EDGE + 85 + size * 0.365, name, size, BOLD, "centre", 1),
    ]


def _addresses(shipment: Document) -> list[Mark]:
    top = EDGE + 114
    written: list[Mark] = []
    for number, line in enumerate(_lines(shipment["from_address"])):
        size = fitted(line, PLAIN, 7.5, INSIDE - 20)
        written.append(Text(EDGE + 10, top + 10 * number, line, size))
    written.append(Text(EDGE + 10, top + 66, "SHIP", 7, BOLD))
    written.append(Text(EDGE + 10, top + 74, "TO:", 7, BOLD))
    lines = _lines(shipment["to_address"])
    size = min(fitted(line, BOLD, 11.5, INSIDE - 46) for line in lines)
    for number, line in enumerate(lines):
        written.append(Text(EDGE + 36, top + 68 + 14.5 * number, line, size, BOLD))
    return written


def _tracking(shipment: Document) -> list[Mark]:
    carrier, code = shipment["selected_rate"]["carrier"], shipment["tracking_code"]
    top = 268
    return [
        Box(EDGE, top, INSIDE, 4),
        Text(WIDTH / 2, top + 18, f"{carrier} TRACKING #", 9, BOLD, "centre"),
        *barcode(code, EDGE + 22, top + 26, INSIDE - 44, 62),
        Text(WIDTH / 2, top + 102, _grouped(code), 10.5, BOLD, "centre"),
        Box(EDGE, top + 110, INSIDE, 4),
    ]


def _foot(shipment: Document) -> list[Mark]:
    reference = f"REF {shipment['reference']}" if shipment["reference"] else ""
    warning = "SAMPLE - DO NOT MAIL"
    return [
        Text(EDGE + 10, HEIGHT - EDGE - 18, warning, 11, BOLD),
        Text(EDGE + 10, HEIGHT - EDGE - 8, shipment["id"], 5.5, PLAIN, "left", 0.35),
        Text(
            WIDTH - EDGE - 10,
            HEIGHT - EDGE - 18,
            reference,
            fitted(reference, PLAIN, 7, 100) if reference else 7,
            PLAIN,
            "right",
        ),
    ]


def _lines(address: Document) -> list[str]:
    city = f"{address['city'] or ''} {address['state'] or ''} {address['zip'] or ''}".strip()
    names = ("name", "company", "street1", "street2")
    return [str(address[name]) for name in names if address[name]] + [city]


def _sizes(parcel: Document) -> str:
    sides = [parcel[name] for name in ("length", "width", "height")]
    return " x ".join(f"{side:g}" for side in sides) + " IN" if all(sides) else ""


def _grouped(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def pdf(shipment: Document) -> bytes:
    return as_pdf(f"Sample label {shipment['tracking_code']}", marks(shipment))


def png(shipment: Document) -> bytes:
    return as_png(marks(shipment))


def zpl(shipment: Document) -> bytes:
    """What a label printer reads: the essentials only."""
    to = "".join(
        f"^FO60,{320 + 50 * number}^A0N,40^FD{line}^FS"
        for number, line in enumerate(_lines(shipment["to_address"]))
    )
    code = shipment["tracking_code"]
    return f"^XA^FO60,60^A0N,90^FDSAMPLE^FS{to}^FO60,800^BCN,200^FD{code}^FS^XZ".encode()


def epl2(shipment: Document) -> bytes:
    code = shipment["tracking_code"]
    return f'N\nA50,50,0,4,1,1,N,"SAMPLE"\nB50,600,0,1,2,2,150,B,"{code}"\nP1\n'.encode()


DRAWN: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "png": ("image/png", png),
    "zpl": ("application/zpl", zpl),
    "epl2": ("application/epl2", epl2),
}
