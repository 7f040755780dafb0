"""Outsiders that answer at once: what is measured is the product, not the world."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.addresses import Address
from core.jobs import Job
from core.label_formats import LabelFormat
from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from core.tracking import Tracked, TrackingState
from models.outbox import Note
from providers.carriers.base import (
    Bought,
    CarrierDown,
    CarrierNews,
    Checked,
    Quoted,
    Sold,
    UnreadableNews,
    Verdict,
    VoidState,
)

PDF = b"%PDF-1.4\n" + b"a label" * 6_000
"""As long as a label is."""


@dataclass(frozen=True, slots=True)
class InstantCarrier:
    """Sells everything at once, in both modes."""

    name: str = "easypost"
    account: str = "ours"

    def get(self, name: str, mode: ApiMode) -> "InstantCarrier":  # noqa: ARG002  one for all
        return self

    def names(self, mode: ApiMode) -> list[str]:  # noqa: ARG002  likewise
        return [self.name]

    def quote(
        self,
        shipment: Shipment,  # noqa: ARG002  nobody asks for rates here
        *,
        reference: str,  # noqa: ARG002  likewise
    ) -> Quoted:
        raise CarrierDown(provider=self.name)

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        return Bought(
            shipment_id=shipment_id,
            rate_id=rate_id,
            label_id=shipment_id,
            tracking_code=f"9400{shipment_id}",
            tracking_url="http://track",
            label_url="http://label",
            cost=Money(700),
        )

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:  # noqa: ARG002  all sold
        return self.buy(shipment_id, "rate")

    def void(self, label_id: str) -> VoidState:  # noqa: ARG002  nothing bought has to be
        return VoidState.SUBMITTED

    def void_state(self, label_id: str) -> VoidState:  # noqa: ARG002  likewise
        return VoidState.NONE

    def label_file(self, label_url: str) -> bytes:  # noqa: ARG002  all are alike
        return PDF

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:  # noqa: ARG002  likewise
        return PDF

    def check(self, address: Address, *, strict: bool = False) -> Checked:  # noqa: ARG002  all good
        return Checked(Verdict.VERIFIED, None, ())

    def requote(self, shipment_id: str) -> Quoted:  # noqa: ARG002  nobody asks for rates here
        raise CarrierDown(provider=self.name)

    def track(self, tracking_code: str, carrier: str) -> Tracked:
        return Tracked(tracking_code, carrier, TrackingState.UNKNOWN, None, ())

    def balance(self) -> Money | None:
        return None

    def statement(self, since: datetime, until: datetime) -> Iterator[Sold]:  # noqa: ARG002  no books
        return iter(())

    def read_news(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:  # noqa: ARG002  no news
        raise UnreadableNews(provider=self.name)


@dataclass(frozen=True, slots=True)
class NoJobs:
    """Nobody is woken: whoever measures does the work."""

    def ask(self, job: Job, subject_id: str = "") -> None:
        """Forget it."""

    def nudge(self, job: Job) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class Flags:
    """A cache as near as can be."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str, *, seconds: int) -> None:  # noqa: ARG002  for ever
        self.kept[name] = value


@dataclass(frozen=True, slots=True)
class Silence:
    """A messenger that is never asked."""

    def deliver(self, note: Note) -> int:  # noqa: ARG002  see above
        return 0
