"""ShipEngine v1 and ShipStation API v2: one service under two names and addresses.

Described at https://www.shipengine.com/docs and https://docs.shipstation.com.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from core.addresses import Address
from core.clock import Clock, SystemClock
from core.label_formats import LabelFormat
from core.modes import ApiMode
from core.money import Money
from core.settings import Settings
from core.shipments import Shipment
from core.tracking import Tracked
from providers.carriers.base import (
    Bought,
    CarrierNews,
    CarrierRefused,
    Checked,
    Quoted,
    Sold,
    Verdict,
    VoidState,
)
from providers.carriers.shipengine_accounts import Accounts
from providers.carriers.shipengine_ask import address_body, shipment_body
from providers.carriers.shipengine_books import statement
from providers.carriers.shipengine_errors import OK, BrokenAnswer, mapping
from providers.carriers.shipengine_files import Files
from providers.carriers.shipengine_line import Line
from providers.carriers.shipengine_names import CODES
from providers.carriers.shipengine_news import Keys, NewsReader
from providers.carriers.shipengine_purchase import Purchases
from providers.carriers.shipengine_read import read_checked, read_quoted
from providers.carriers.shipengine_tracking import read_tracked
from providers.carriers.shipengine_void import Voids, track
from providers.http import Answer, Door

SHIPENGINE, SHIPSTATION = "shipengine", "shipstation"


def connect(settings: Settings, mode: ApiMode) -> "ShipEngine | None":
    """ShipEngine v1 in that mode; None when there is no key for it."""
    return _connect(SHIPENGINE, settings, mode)


def connect_shipstation(settings: Settings, mode: ApiMode) -> "ShipEngine | None":
    """ShipStation API v2 in that mode; None when there is no key for it."""
    return _connect(SHIPSTATION, settings, mode)


def _connect(name: str, settings: Settings, mode: ApiMode) -> "ShipEngine | None":
    """Each of the two has the same settings under its own name."""
    key: SecretStr | None = getattr(settings, f"{name}_{mode}_key")
    if key is None:
        return None
    clock, seconds = SystemClock(), settings.carrier_timeout_seconds
    shown = {"API-Key": key.get_secret_value()}
    line = Line(Door(name, str(getattr(settings, f"{name}_url")), shown, seconds=seconds))
    published = Door(name, str(settings.shipengine_keys_url), {}, seconds=seconds)
    only: tuple[str, ...] = getattr(settings, f"{name}_carrier_ids")
    return ShipEngine(
        line=line,
        accounts=Accounts(name, lambda: line.ask("GET", "/carriers").data, only, clock),
        news=NewsReader(Keys(published, clock), clock, name),
        clock=clock,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipEngine:
    """One of the two under one key; what each call raises is told by the protocol Carrier."""

    line: Line
    accounts: Accounts
    news: NewsReader
    clock: Clock

    @property
    def name(self) -> str:
        return self.line.name

    @property
    def account(self) -> str:
        """The carriers that we ask through it belong to it: other ones, other prices."""
        return ",".join([self.line.door.account, *self.accounts.only])

    def check(self, address: Address, *, strict: bool = False) -> Checked:
        """The newer service can't check addresses: there every one stays unchecked.

        With `strict`, doubts count as undeliverable: the service has no stricter question.
        """
        if self.name == SHIPSTATION:
            return Checked(Verdict.UNCHECKED, None, ())
        answer = self.line.ask("POST", "/addresses/validate", body=[address_body(address)])
        if answer.status != OK:
            raise self.line.refused(answer)
        if not answer.entries:
            raise self.line.down(answer)
        checked = read_checked(mapping(answer.entries[0]), address)
        if strict and checked.verdict is Verdict.DOUBTFUL:
            return Checked(Verdict.UNDELIVERABLE, checked.suggestion, checked.remarks)
        return checked

    def quote(self, shipment: Shipment, *, reference: str) -> Quoted:
        return self._rates({"shipment": shipment_body(shipment, reference)})

    def requote(self, shipment_id: str) -> Quoted:
        return self._rates({"shipment_id": shipment_id})

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        return Purchases(self.line).buy(shipment_id, rate_id)

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        return Purchases(self.line).find(shipment_id, reference=reference)

    def void(self, label_id: str) -> VoidState:
        return Voids(self.line, self.clock).ask(label_id)

    def void_state(self, label_id: str) -> VoidState:
        return Voids(self.line, self.clock).state(label_id)

    def track(self, tracking_code: str, carrier: str) -> Tracked:
        """By the label that it is on; a parcel of somebody else's only where they follow those."""
        labels = self.line.labels(tracking_number=tracking_code)
        if labels:
            return track(self.line, labels[0])
        code = CODES.get(carrier)
        if code is None or self.name == SHIPSTATION:
            raise CarrierRefused(provider=self.name, reason="unknown_tracking_code", told="")
        params = {"carrier_code": code, "tracking_number": tracking_code}
        answer = self.line.ask("GET", "/tracking", params=params)
        if answer.status != OK:
            raise self.line.refused(answer)
        return self._tracked(answer)

    def balance(self) -> Money | None:
        """The lowest of all prepaid accounts: labels are bought from each account's own money."""
        balances = [each.balance for each in self.accounts.fresh() if each.balance is not None]
        return min(balances, default=None)

    def statement(self, since: datetime, until: datetime) -> Iterator[Sold]:
        return statement(self.line, since, until, self.clock.now())

    def label_file(self, label_url: str) -> bytes:
        return Files(self.line).fetch(label_url, LabelFormat.PDF_4X6)

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:
        return Files(self.line).label_in(label_id, wanted)

    def read_news(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        return self.news.read(body, headers)

    def _rates(self, asked: Mapping[str, object]) -> Quoted:
        options = {"carrier_ids": self.accounts.ids(), "package_types": ["package"]}
        answer = self.line.ask("POST", "/rates", body={"rate_options": options, **asked})
        if answer.status != OK:
            raise self.line.refused(answer)
        try:
            return read_quoted(answer.data)
        except BrokenAnswer as error:
            raise self.line.down(answer) from error

    def _tracked(self, answer: Answer) -> Tracked:
        try:
            return read_tracked(answer.data)
        except BrokenAnswer as error:
            raise self.line.down(answer) from error
