"""What EasyPost's shipments have written on their labels."""

from decimal import Decimal

from sandbox.carrier.labels import Sample
from sandbox.carrier.store import Document

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


def sample(shipment: Document) -> Sample:
    """The label of a shipment that was bought."""
    rate = shipment["selected_rate"]
    return Sample(
        carrier=rate["carrier"],
        letter=LETTERS.get(rate["service"], "?"),
        service=NAMES.get(rate["service"], rate["service"].upper()),
        date=shipment["postage_label"]["label_date"][:10],
        pounds=Decimal(str(shipment["parcel"]["weight"])) / 16,
        zone=shipment["usps_zone"],
        sizes=_sizes(shipment["parcel"]),
        sender=_lines(shipment["from_address"]),
        recipient=_lines(shipment["to_address"]),
        tracking_code=shipment["tracking_code"],
        reference=shipment["reference"] or "",
        shipment_id=shipment["id"],
    )


def _lines(address: Document) -> list[str]:
    city = f"{address['city'] or ''} {address['state'] or ''} {address['zip'] or ''}".strip()
    names = ("name", "company", "street1", "street2")
    return [str(address[name]) for name in names if address[name]] + [city]


def _sizes(parcel: Document) -> str:
    sides = [parcel[name] for name in ("length", "width", "height")]
    return " x ".join(f"{side:g}" for side in sides) + " IN" if all(sides) else ""
