"""Label files: where download links point, or what they carry in themselves."""

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal

from sandbox.carrier import forms
from sandbox.carrier.drawing import LABEL, LETTER
from sandbox.carrier.labels import DRAWN, Sample, pdf
from sandbox.carrier.shapes import BEYOND
from sandbox.carrier.store import Document
from sandbox.shipengine.accounts import ACCOUNTS
from sandbox.shipengine.parcels import SIDES, parcel
from sandbox.shipengine.shapes import zone

FORMATS = ("pdf", "png", "zpl")


def linked(base: str, sold: Document, shipment: Document, *, inline: bool) -> Document:
    """`label_download`: all formats, whichever was asked for; inline only that one."""
    label = sold["label"]
    wanted = label["label_format"]
    if inline:
        content = b64encode(drawn(sold, shipment, wanted)).decode()
        return {"href": f"data:{DRAWN[wanted][0]};base64,{content}"}
    number = label["label_id"].removeprefix("se-")
    links = {name: f"{base}/downloads/10/{sold['token']}/label-{number}.{name}" for name in FORMATS}
    return {"href": links[wanted], **links}


def form_link(base: str, sold: Document, shipment: Document) -> Document | None:
    """`form_download`: None where the carrier needs no customs form."""
    states = {shipment[end]["state_province"] for end in ("ship_from", "ship_to")}
    if BEYOND.isdisjoint(states):
        return None
    number = sold["label"]["label_id"].removeprefix("se-")
    return {"href": f"{base}/downloads/10/{sold['token']}/form-{number}.pdf"}


def drawn_form(sold: Document, shipment: Document, declared: Sequence[Document]) -> bytes:
    things = [
        f"{thing['quantity']} x {thing['description']}, ${thing['value']['amount']:.2f} each"
        for thing in declared
    ]
    return forms.pdf(sold["label"]["tracking_number"], shipment["customs"]["contents"], things)


def drawn(sold: Document, shipment: Document, extension: str) -> bytes:
    sample = _sample(sold["label"], shipment)
    if extension == "pdf":
        return pdf(sample, LETTER if sold["label"]["label_layout"] == "letter" else LABEL)
    return DRAWN[extension][1](sample)


def _sample(label: Document, shipment: Document) -> Sample:
    account = ACCOUNTS[label["carrier_id"]]
    offer = next(one for one in account.offers if one.service.name == label["service_code"])
    measures = parcel(shipment["packages"])
    return Sample(
        carrier=account.carrier,
        letter=offer.letter,
        service=offer.title.replace("®", "").upper(),
        date=label["created_at"][:10],
        pounds=measures["weight"] / 16,
        zone=zone(shipment),
        sizes=_sizes(measures),
        sender=_lines(shipment["ship_from"]),
        recipient=_lines(shipment["ship_to"]),
        tracking_code=label["tracking_number"],
        reference=label["external_shipment_id"] or "",
        shipment_id=label["shipment_id"],
    )


def _lines(address: Document) -> list[str]:
    names = ("name", "company_name", "address_line1", "address_line2", "address_line3")
    city = f"{address['city_locality']} {address['state_province']} {address['postal_code']}"
    return [str(address[name]) for name in names if address[name]] + [city]


def _sizes(measures: dict[str, Decimal]) -> str:
    sides = [measures[side] for side in SIDES]
    return " x ".join(f"{side:g}" for side in sides) + " IN" if all(sides) else ""
