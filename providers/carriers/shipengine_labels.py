"""ShipEngine's labels in our words: pure readers, proved on its recordings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

from core.label_formats import LabelFormat
from providers.carriers.base import Bought, Sold, VoidState
from providers.carriers.shipengine_errors import BrokenAnswer, mapping
from providers.carriers.shipengine_names import carrier_name
from providers.carriers.shipengine_read import read_money
from providers.exact_json import text

REFUND_TAKES = timedelta(days=28)
"""How long USPS looks for scans of a voided label before it pays: three to four weeks.

Source: help.shipengine.com, Voiding Labels. Other carriers pay at once, or bill no unused label.
"""
REFUNDS = {
    "request_scheduled": VoidState.SUBMITTED,
    "pending": VoidState.SUBMITTED,
    "approved": VoidState.REFUNDED,
    "rejected": VoidState.REJECTED,
    "excluded": VoidState.NOT_APPLICABLE,
}
FILES = {LabelFormat.PDF_4X6: "pdf", LabelFormat.PNG: "png", LabelFormat.ZPL: "zpl"}
"""A letter page is a layout, which is chosen at purchase and cannot be had later."""


class Making(Enum):
    """How far a purchase is."""

    MADE = auto()
    VOIDED = auto()
    UNDER_WAY = auto()
    FAILED = auto()


_MAKING = {
    "completed": Making.MADE,
    "voided": Making.VOIDED,
    "processing": Making.UNDER_WAY,
    "error": Making.FAILED,
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label of theirs. Its readers raise BrokenAnswer for what every label has."""

    raw: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.label_id or not self.shipment_id:
            raise BrokenAnswer

    @property
    def label_id(self) -> str:
        return text(self.raw.get("label_id"))

    @property
    def shipment_id(self) -> str:
        return text(self.raw.get("shipment_id"))

    @property
    def tracking_code(self) -> str:
        return text(self.raw.get("tracking_number"))

    @property
    def making(self) -> Making:
        """A status that nobody knows is a label all the same when a parcel can travel on it."""
        known = _MAKING.get(text(self.raw.get("status")))
        if known is Making.MADE and self.raw.get("voided") is True:
            return Making.VOIDED
        return known or (Making.MADE if self.tracking_code else Making.UNDER_WAY)

    def bought(self, rate_id: str = "") -> Bought:
        """A label does not say at which rate it was bought: empty unless we just asked for it."""
        form = _url(mapping(self.raw.get("form_download")).get("href"))
        return Bought(
            shipment_id=self.shipment_id,
            rate_id=rate_id,
            label_id=self.label_id,
            tracking_code=self.tracking_code,
            tracking_url=_url(self.raw.get("tracking_url")),
            label_url=self.file(LabelFormat.PDF_4X6) or self._any_file(),
            cost=read_money(self.raw.get("shipment_cost")),
            form_urls=(form,) if form else (),
        )

    def sold(self, now: datetime) -> Sold:
        bought_at = read_moment(self.raw.get("created_at"))
        if bought_at is None:
            raise BrokenAnswer
        return Sold(
            shipment_id=self.shipment_id,
            label_id=self.label_id,
            reference=text(self.raw.get("external_shipment_id")),
            tracking_code=self.tracking_code,
            cost=read_money(self.raw.get("shipment_cost")),
            void=self.void(now),
            bought_at=bought_at,
        )

    def void(self, now: datetime) -> VoidState:
        """What is told of a refund; otherwise when the carrier would have paid it by now.

        The service says only that a label is void, never that money came back.
        """
        if self.refund_told is not None:
            return self.refund_told
        if self.making is not Making.VOIDED:
            return VoidState.NONE
        voided_at = read_moment(self.raw.get("voided_at")) or now
        waits = self.pays_late and now < voided_at + REFUND_TAKES
        return VoidState.SUBMITTED if waits else VoidState.REFUNDED

    @property
    def refund_told(self) -> VoidState | None:
        """What the service itself says of the refund, if it does."""
        return REFUNDS.get(text(mapping(self.raw.get("refund_details")).get("refund_status")))

    @property
    def pays_late(self) -> bool:
        """USPS pays only for what it has not scanned, and takes its time to look."""
        return carrier_name(self.raw) == "USPS"

    def file(self, wanted: LabelFormat) -> str:
        """Where the label is in that format; empty when it is not offered."""
        return _url(mapping(self.raw.get("label_download")).get(FILES.get(wanted, "")))

    def _any_file(self) -> str:
        return _url(mapping(self.raw.get("label_download")).get("href"))


def read_moment(raw: Any) -> datetime | None:
    """An aware moment in UTC. A time without a zone is theirs, which is UTC."""
    try:
        moment = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _url(raw: Any) -> str:
    url = text(raw, most=2000)
    return url if url.startswith(("https://", "http://")) else ""
