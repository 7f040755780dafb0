"""EasyPost: quotes, labels and voids (https://docs.easypost.com/docs/shipments)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote as quoted

from core.addresses import Address
from core.modes import ApiMode
from core.parcels import Parcel
from core.settings import Settings
from core.shipments import Shipment
from providers.carriers.base import (
    Bought,
    CarrierDown,
    CarrierRefused,
    NoFunds,
    PurchaseDoubtful,
    Quoted,
    VoidState,
)
from providers.carriers.easypost_read import (
    BrokenShipment,
    read_bought,
    read_error,
    read_quoted,
    read_void_state,
)
from providers.http import Answer, Door, NotSent, Silent

NAME = "easypost"
OK, CREATED, NO_FUNDS, NOT_FOUND, TOO_MANY = 200, 201, 402, 404, 429
LATER = frozenset({401, 402, 403, 408, 429})
"""Nothing that the asking customer could put right: our key, our funds, their pace."""
UNSETTLED = frozenset(
    {"SHIPMENT.PURCHASE.IN_PROGRESS", "SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.POSTAGE.EXISTS"}
)
"""Refusals that tell of a purchase: on its way, unheard of, or made already."""
MOST_LABEL_BYTES = 10 * 1024 * 1024


def connect(settings: Settings, mode: ApiMode) -> "EasyPost | None":
    """The carrier service in that mode; None when there is no key for it."""
    keys = {
        ApiMode.TEST: settings.easypost_test_key,
        ApiMode.PRODUCTION: settings.easypost_production_key,
    }
    key = keys[mode]
    if key is None:
        return None
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
    seconds = settings.carrier_timeout_seconds
    return EasyPost(Door(NAME, str(settings.easypost_url), headers, seconds=seconds))


@dataclass(frozen=True, slots=True)
class EasyPost:
    """EasyPost under one key; what each call raises is told by the protocol Carrier."""

    door: Door

    @property
    def name(self) -> str:
        return NAME

    def quote(self, shipment: Shipment, *, reference: str) -> Quoted:
        asked = {
            "from_address": _address(shipment.sender),
            "to_address": _address(shipment.recipient),
            "parcel": _parcel(shipment.parcel),
            "options": {"label_format": "PDF"},
            "reference": reference,
        }
        answer = self._ask("POST", "/shipments", {"shipment": asked})
        if answer.status not in {OK, CREATED}:
            raise self._refused(answer)
        try:
            return read_quoted(answer.data)
        except BrokenShipment as error:
            raise self._down(answer) from error

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        path = f"{_path(shipment_id)}/buy"
        try:
            answer = self.door.call("POST", path, body={"rate": {"id": rate_id}})
        except NotSent as error:
            raise CarrierDown(provider=NAME) from error
        except Silent as error:
            raise PurchaseDoubtful(provider=NAME, shipment_id=shipment_id) from error
        if answer.status == TOO_MANY:
            raise self._down(answer)
        bought = self._bought_or_refused(answer, shipment_id)
        if bought is None:
            raise PurchaseDoubtful(provider=NAME, shipment_id=shipment_id)
        return bought

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        known = shipment_id or reference
        answer = self._ask("GET", _path(known))
        if answer.status == NOT_FOUND:
            return None
        if answer.status != OK:
            raise self._down(answer)
        try:
            return read_bought(answer.data, known)
        except BrokenShipment as error:
            raise self._down(answer) from error

    def void(self, label_id: str) -> VoidState:
        answer = self._ask("POST", f"{_path(label_id)}/refund", {})
        if answer.status != OK:
            # An earlier request whose answer was lost may be what stands in the way of this one.
            state = self.void_state(label_id)
            if state in {VoidState.NONE, VoidState.REJECTED}:
                raise self._refused(answer)
            return state
        state = read_void_state(answer.data)
        if state is VoidState.NONE:
            raise self._down(answer)
        return state

    def void_state(self, label_id: str) -> VoidState:
        answer = self._ask("GET", _path(label_id))
        if answer.status != OK:
            raise self._down(answer)
        return read_void_state(answer.data)

    def label_file(self, label_url: str) -> bytes:
        try:
            answer = self.door.fetch(label_url, most_bytes=MOST_LABEL_BYTES)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=NAME) from error
        if answer.status != OK or not answer.content.startswith(b"%PDF"):
            raise self._down(answer)
        return answer.content

    def _bought_or_refused(self, answer: Answer, shipment_id: str) -> Bought | None:
        """None if the answer to a purchase leaves it open. Raises CarrierRefused."""
        try:
            if answer.status == OK:
                return read_bought(answer.data, shipment_id)
            if not _is_refusal(answer):
                return None
            found = self.find(shipment_id, reference="")
        except (BrokenShipment, CarrierDown):
            return None
        if found is None and read_error(answer.data).code not in UNSETTLED:
            raise self._refused(answer)
        return found

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """Ask what may be asked again: whatever is no answer only means: later."""
        try:
            answer = self.door.call(method, path, body=body)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=NAME) from error
        if answer.status in LATER or not (answer.status in {OK, CREATED} or _is_refusal(answer)):
            raise self._down(answer)
        return answer

    def _refused(self, answer: Answer) -> CarrierRefused:
        error = read_error(answer.data)
        reason = error.code or f"HTTP.{answer.status}"
        # Assumption: neither was ever recorded; both are documented for an account that is empty.
        empty = answer.status == NO_FUNDS or error.code == "PAYMENT_REQUIRED"
        kind = NoFunds if empty else CarrierRefused
        return kind(provider=NAME, reason=reason, told=error.told)

    def _down(self, answer: Answer) -> CarrierDown:
        reason = read_error(answer.data).code or f"HTTP.{answer.status}"
        return CarrierDown(provider=NAME, reason=reason)


def _is_refusal(answer: Answer) -> bool:
    """A whole answer in EasyPost's words; a gateway's page of the same status is none."""
    return 400 <= answer.status < 500 and "error" in answer.data  # noqa: PLR2004  4xx


def _path(shipment_id: str) -> str:
    return f"/shipments/{quoted(shipment_id, safe='')}"


def _address(address: Address) -> dict[str, str]:
    fields = {
        "name": address.name,
        "company": address.company,
        "street1": address.street,
        "street2": address.street2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
    }
    return {field: value for field, value in fields.items() if value}


def _parcel(parcel: Parcel) -> dict[str, object]:
    """Inches and ounces."""
    return {
        "length": parcel.length_in,
        "width": parcel.width_in,
        "height": parcel.height_in,
        "weight": parcel.weight_oz,
    }
