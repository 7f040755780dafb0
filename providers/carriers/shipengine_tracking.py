"""How far a parcel is, by ShipEngine's two-letter and long codes."""

from collections.abc import Mapping
from typing import Any

from core.tracking import Scan, Tracked, TrackingState
from providers.carriers.shipengine_errors import BrokenAnswer, entries, mapping
from providers.carriers.shipengine_labels import read_moment
from providers.carriers.shipengine_names import carrier_name
from providers.carriers.shipengine_read import read_date
from providers.exact_json import text

LETTERS = {
    "UN": TrackingState.UNKNOWN,
    "NY": TrackingState.PRE_TRANSIT,
    "AC": TrackingState.ACCEPTED,
    "IT": TrackingState.IN_TRANSIT,
    "AT": TrackingState.OUT_FOR_DELIVERY,
    "SP": TrackingState.AVAILABLE_FOR_PICKUP,
    "DE": TrackingState.DELIVERED,
    "EX": TrackingState.FAILURE,
}
_MEANT = {
    TrackingState.PRE_TRANSIT: """SHIPMENT_CREATED AWAITING_PICKUP_DROP_OFF AWAITING_DESPATCH
        COLLECTION_REQUESTED NOT_YET_RECEIVED_BY_CARRIER ELEC_ADVICE_RECD_BY_CARRIER""",
    TrackingState.ACCEPTED: """DROPPED_OFF PICKED_UP RECEIVED_BY_CARRIER COLLECTION_MADE
        DESPATCHED RECD_BY_CARRIER_NO_ELEC_ADVICE""",
    TrackingState.IN_TRANSIT: """IN_TRANSIT HUB_SCAN_IN HUB_SCAN_OUT HUB_PROCESSING
        RECEIVED_LOCAL_DELIVERY_DEPOT SUB_CONTRACTOR_EVENT SUB_CONTRACTOR_RECEIVED
        CUSTOMS_CLEARED CUSTOMS_PROCESSING HELD_BY_CUSTOMS HELD_BY_EXPORT_CUSTOMS
        HELD_BY_IMPORT_CUSTOMS INCORRECT_DECLARATION DUTY_NOT_PAID CARRIER_DELAYS
        DELAYED_NOT_CARRIER HELD_BY_CARRIER HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING
        ADDRESS_QUERY MISROUTED MISSORTED ROUTING_ERROR PARCEL_REPACKED PARCEL_REDIRECTED
        PARCEL_REDIRECTED_BY_CARRIER DELIVERY_SCHEDULED DELIVERY_RESCHEDULED
        NO_ACCESS_TO_RECIPIENTS_ADDRESS UNSPECIFIED_EXCEPTION""",
    TrackingState.OUT_FOR_DELIVERY: """OUT_FOR_DELIVERY ATTEMPTED_DELIVERY CUSTOMER_CARDED
        ATTEMPTED_DELIVERY_2ND ATTEMPTED_DELIVERY_3RD ATTEMPTED_DELIVERY_FINAL""",
    TrackingState.AVAILABLE_FOR_PICKUP: """AWAITING_COLLECTION_FROM_PICKUP_POINT
        COLLECT_AT_LOCAL_PO CUSTOMER_TO_COLLECT_FROM_CARRIER DELIVERED_TO_PICKUP_POINT
        DELIVERED_TO_LOCKER_COLLECTION_POINT""",
    TrackingState.DELIVERED: """DELIVERED DELIVERED_DAMAGED DELIVERED_IN_PART
        DELIVERED_SPECIFIED_SAFE_PLACE DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION
        DELIVERED_TO_NEIGHBOUR DELIVERED_TO_PO_BOX DELIVERED_TO_RECEPTION PROOF_OF_DELIVERY
        PARCEL_COLLECTED_FROM_PICKUP_POINT POST_TRANSIT_STATUS""",
    TrackingState.RETURN_TO_SENDER: """RETURN_TO_SENDER UNDELIVERABLE_RETURNED_TO_SENDER
        REFUSED_BY_CUSTOMER NOT_COLLECTED_FROM_PICKUP_POINT""",
    TrackingState.CANCELLED: "CANCELLED CANCELLED_BEFORE_DESPATCH",
}
DETAILS = {code: state for state, codes in _MEANT.items() for code in codes.split()}
"""They tell more than two letters: an exception is mostly a delay, seldom the end of the way."""

ANNOUNCED = frozenset({"GX", "MA"})
"""USPS's codes for a label that was made and has not been seen yet: they come as "accepted", too.

Source: help.shipengine.com, Tracking Webhooks, its example of Stamps.com.
"""


def read_tracked(raw: Mapping[str, Any]) -> Tracked:
    """Raises BrokenAnswer. A scan without a time is left out; unknown codes are unknown."""
    tracking_code = text(raw.get("tracking_number"))
    if not tracking_code:
        raise BrokenAnswer
    state = _state(raw)
    delivered_at = raw.get("actual_delivery_date") if state is TrackingState.DELIVERED else None
    scans = filter(None, map(_scan, map(mapping, entries(raw.get("events")))))
    return Tracked(
        tracking_code=tracking_code,
        carrier=carrier_name(raw),
        state=state,
        arrives=read_date(delivered_at) or read_date(raw.get("estimated_delivery_date")),
        scans=tuple(sorted(scans, key=lambda scan: scan.at)),
    )


def _state(raw: Mapping[str, Any]) -> TrackingState:
    """The newer service's specification puts long codes where its answers have two letters."""
    code, detail = text(raw.get("status_code")).upper(), text(raw.get("status_detail_code"))
    by_code = LETTERS.get(code) or DETAILS.get(code, TrackingState.UNKNOWN)
    if by_code is TrackingState.ACCEPTED and ANNOUNCED & _carriers_own(raw):
        by_code = TrackingState.PRE_TRANSIT
    if by_code is TrackingState.DELIVERED:
        return by_code
    return DETAILS.get(detail.upper(), by_code)


def _carriers_own(raw: Mapping[str, Any]) -> set[str]:
    return {text(raw.get(name)).upper() for name in ("event_code", "carrier_status_code")}


def _scan(event: Mapping[str, Any]) -> Scan | None:
    at = read_moment(event.get("occurred_at"))
    if at is None:
        return None
    told = ("description", "carrier_status_description", "status_description")
    message = next(filter(None, (text(event.get(name)) for name in told)), "")
    return Scan(state=_state(event), at=at, message=message, place=_place(event))


def _place(event: Mapping[str, Any]) -> str:
    """`AUSTIN, TX 78756`; a postal code may come as a number, a field as null."""
    state, code = text(event.get("state_province")), text(event.get("postal_code"))
    country = text(event.get("country_code"))
    parts = (
        text(event.get("city_locality")),
        f"{state} {code}".strip(),
        country if country != "US" else "",
    )
    return ", ".join(filter(None, parts))
