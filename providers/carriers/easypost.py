"""EasyPost: addresses, quotes, labels, voids, tracking (https://docs.easypost.com/docs)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urldefrag

import structlog
from pydantic import SecretStr

from core.addresses import Address
from core.label_formats import LabelFormat
from core.modes import ApiMode
from core.money import Money
from core.settings import Settings
from core.shipments import Shipment
from core.tracking import Tracked
from providers.carriers import easypost_books as books, easypost_news
from providers.carriers.base import (
    Bought,
    CarrierDown,
    CarrierNews,
    CarrierRefused,
    Checked,
    PurchaseDoubtful,
    Quoted,
    Sold,
    VoidState,
)
from providers.carriers.easypost_addresses import UNVERIFIED, read_checked, read_unverified
from providers.carriers.easypost_calls import (
    CREATED,
    NAME,
    NOT_FOUND,
    OK,
    TOO_MANY,
    Calls,
    down,
    is_refusal,
    read_error,
    refused,
    shipment_path,
)
from providers.carriers.easypost_read import (
    BrokenShipment,
    label_urls,
    read_bought,
    read_quoted,
    read_rates,
    read_void_state,
)
from providers.carriers.easypost_tracking import BrokenTracker, read_tracked
from providers.carriers.easypost_write import write_address, write_shipment
from providers.http import Answer, Door, NotSent, Silent

UNSETTLED = frozenset(
    {"SHIPMENT.PURCHASE.IN_PROGRESS", "SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.POSTAGE.EXISTS"}
)
"""Refusals that tell of a purchase: on its way, unheard of, or made already."""
UNKNOWN_CARRIER = frozenset({"TRACKER.UNSUPPORTED_CARRIER", "TRACKER.CARRIER_CODE_MISMATCH"})
"""Rates may name an account at a carrier, as UPSDAP, where trackers want the carrier itself."""
MOST_LABEL_BYTES = 10 * 1024 * 1024
BEGINNINGS = {
    LabelFormat.PDF_4X6: b"%PDF",
    LabelFormat.PNG: b"\x89PNG\r\n\x1a\n",
    LabelFormat.ZPL: b"^XA",
}
CONVERSIONS = {LabelFormat.PDF_4X6: "PDF", LabelFormat.ZPL: "ZPL", LabelFormat.PNG: "PNG"}
PAGE_SIZE = 100
MOST_PAGES = 1_000
LATEST_PURCHASE = timedelta(days=1)
"""Their list goes by when a shipment was quoted; no quote of ours is bought later than this."""

log = structlog.get_logger()


def connect(settings: Settings, mode: ApiMode) -> "EasyPost | None":
    """The carrier service in that mode; None when there is no key for it."""
    key, secret = {
        ApiMode.TEST: (settings.easypost_test_key, settings.easypost_test_webhook_secret),
        ApiMode.PRODUCTION: (
            settings.easypost_production_key,
            settings.easypost_production_webhook_secret,
        ),
    }[mode]
    if key is None:
        return None
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
    seconds = settings.carrier_timeout_seconds
    return EasyPost(Door(NAME, str(settings.easypost_url), headers, seconds=seconds), secret)


@dataclass(frozen=True, slots=True)
class EasyPost:
    """EasyPost under one key; what each call raises is told by the protocol Carrier."""

    door: Door
    webhook_secret: SecretStr | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def account(self) -> str:
        return self.door.account

    @property
    def calls(self) -> Calls:
        return Calls(self.door)

    def check(self, address: Address, *, strict: bool = False) -> Checked:
        asked = {"address": write_address(address), "verify_strict" if strict else "verify": True}
        answer = self.calls.ask("POST", "/addresses", body=asked)
        if answer.status < 400:  # noqa: PLR2004  success
            return read_checked(answer.data, address)
        error = read_error(answer.data)
        if error.code != UNVERIFIED:
            raise refused(answer)
        return read_unverified(error.details)

    def quote(self, shipment: Shipment, *, reference: str) -> Quoted:
        asked = {"shipment": write_shipment(shipment, reference)}
        answer = self.calls.must("POST", "/shipments", body=asked)
        try:
            return read_quoted(answer.data)
        except BrokenShipment as error:
            raise down(answer) from error

    def requote(self, shipment_id: str) -> Quoted:
        answer = self.calls.must("POST", f"{shipment_path(shipment_id)}/rerate", body={})
        try:
            return read_rates(answer.data, shipment_id)
        except BrokenShipment as error:
            raise down(answer) from error

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        path = f"{shipment_path(shipment_id)}/buy"
        try:
            answer = self.door.call("POST", path, body={"rate": {"id": rate_id}})
        except NotSent as error:
            raise CarrierDown(provider=NAME) from error
        except Silent as error:
            raise PurchaseDoubtful(provider=NAME, shipment_id=shipment_id) from error
        if answer.status == TOO_MANY:
            raise down(answer)
        bought = self._bought_or_refused(answer, shipment_id)
        if bought is None:
            raise PurchaseDoubtful(provider=NAME, shipment_id=shipment_id)
        return bought

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        known = shipment_id or reference
        answer = self.calls.ask("GET", shipment_path(known))
        if answer.status == NOT_FOUND:
            return None
        if answer.status != OK:
            raise down(answer)
        try:
            return read_bought(answer.data, known)
        except BrokenShipment as error:
            raise down(answer) from error

    def void(self, label_id: str) -> VoidState:
        answer = self.calls.ask("POST", f"{shipment_path(label_id)}/refund", body={})
        if answer.status != OK:
            # An earlier request whose answer was lost may be what stands in the way of this one.
            state = self.void_state(label_id)
            if state in {VoidState.NONE, VoidState.REJECTED}:
                raise refused(answer)
            return state
        state = read_void_state(answer.data)
        if state is VoidState.NONE:
            raise down(answer)
        return state

    def void_state(self, label_id: str) -> VoidState:
        return read_void_state(self._shipment(label_id).data)

    def track(self, tracking_code: str, carrier: str) -> Tracked:
        asked = {"tracking_code": tracking_code}
        named = asked | ({"carrier": carrier} if carrier else {})
        answer = self.calls.ask("POST", "/trackers", body={"tracker": named})
        if carrier and read_error(answer.data).code in UNKNOWN_CARRIER:
            answer = self.calls.ask("POST", "/trackers", body={"tracker": asked})
        if answer.status not in {OK, CREATED}:
            raise refused(answer)
        try:
            return read_tracked(answer.data)
        except BrokenTracker as error:
            raise down(answer) from error

    def balance(self) -> Money | None:
        answer = self.calls.ask("GET", "/users")
        if answer.status != OK:
            raise down(answer)
        return books.read_balance(answer.data)

    def statement(self, since: datetime, until: datetime) -> Iterator[Sold]:
        for raw in self._listed(since - LATEST_PURCHASE, until):
            try:
                sold = books.read_sold(raw)
            except BrokenShipment:
                log.warning("statement_line_unreadable", provider=NAME, shipment_id=raw.get("id"))
                continue
            if since <= sold.bought_at < until:
                yield sold

    def label_file(self, label_url: str) -> bytes:
        url, shipment_id = urldefrag(label_url)
        try:
            url = self._converted(shipment_id, LabelFormat.PDF_4X6) if shipment_id else url
        except CarrierRefused as refusal:
            # It was bought as what can be converted: whoever refuses that has to be asked again.
            raise CarrierDown(provider=NAME, reason=refusal.facts["reason"]) from refusal
        return self._file(url, LabelFormat.PDF_4X6)

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:
        if wanted not in CONVERSIONS:
            raise CarrierRefused(provider=NAME, reason="LABEL_FORMAT", told="")
        url = label_urls(self._shipment(label_id).data).get(wanted)
        return self._file(url or self._converted(label_id, wanted), wanted)

    def read_news(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        return easypost_news.read_news(body, headers, self.webhook_secret)

    def _bought_or_refused(self, answer: Answer, shipment_id: str) -> Bought | None:
        """None if the answer to a purchase leaves it open. Raises CarrierRefused."""
        try:
            if answer.status == OK:
                return read_bought(answer.data, shipment_id)
            if not is_refusal(answer):
                return None
            found = self.find(shipment_id, reference="")
        except (BrokenShipment, CarrierDown):
            return None
        if found is None and read_error(answer.data).code not in UNSETTLED:
            raise refused(answer)
        return found

    def _shipment(self, shipment_id: str) -> Answer:
        answer = self.calls.ask("GET", shipment_path(shipment_id))
        if answer.status != OK:
            raise down(answer)
        return answer

    def _listed(self, since: datetime, until: datetime) -> Iterator[Mapping[str, object]]:
        """What was bought of all that was quoted between the two, page by page, newest first."""
        params = {
            "purchased": "true",
            "page_size": str(PAGE_SIZE),
            "start_datetime": since.isoformat(),
            "end_datetime": until.isoformat(),
        }
        for _ in range(MOST_PAGES):
            answer = self.calls.ask("GET", "/shipments", params=params)
            try:
                page, has_more = books.read_page(answer.data)
            except BrokenShipment as error:
                raise down(answer) from error
            yield from page
            if not page or not has_more:
                return
            params = {**params, "before_id": str(page[-1].get("id"))}
        raise CarrierDown(provider=NAME, reason="a list without an end")

    def _converted(self, shipment_id: str, wanted: LabelFormat) -> str:
        """The address of the label in another format, made now if it was not before."""
        path = f"{shipment_path(shipment_id)}/label"
        answer = self.calls.must("GET", path, params={"file_format": CONVERSIONS[wanted]})
        url = label_urls(answer.data).get(wanted)
        if url is None:
            raise down(answer)
        return url

    def _file(self, url: str, wanted: LabelFormat) -> bytes:
        try:
            answer = self.door.fetch(url, most_bytes=MOST_LABEL_BYTES)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=NAME) from error
        if answer.status != OK or not answer.content.lstrip().startswith(BEGINNINGS[wanted]):
            raise down(answer)
        return answer.content
