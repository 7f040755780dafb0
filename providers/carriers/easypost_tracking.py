"""How far a parcel is, as EasyPost tells it (https://docs.easypost.com/docs/trackers)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from core.tracking import Scan, Tracked, TrackingState
from providers.exact_json import text

HOME = frozenset({"", "US", "USA"})
TAKEN_OVER = frozenset({"received_at_origin_facility"})
"""Details of `in_transit` that mean: the carrier has it, and has not moved it yet."""


class BrokenTracker(ValueError):
    """An answer that lacks what every tracker has."""


def read_tracked(raw: Mapping[str, Any]) -> Tracked:
    """Raises BrokenTracker. Scans without a time are left out; those at one time keep order."""
    tracking_code = text(raw.get("tracking_code"))
    if not tracking_code or "status" not in raw:
        raise BrokenTracker
    details = raw.get("tracking_details")
    listed = details if isinstance(details, list) else []
    scans = [scan for each in listed if (scan := _scan(_mapping(each))) is not None]
    return Tracked(
        tracking_code=tracking_code,
        carrier=text(raw.get("carrier")),
        state=_state(raw),
        arrives=_arrival(raw),
        scans=tuple(sorted(scans, key=lambda scan: scan.at)),
    )


def read_time(raw: Any) -> datetime | None:
    """UTC; a time without a zone is taken for UTC, as all of EasyPost's are."""
    try:
        at = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def read_date(raw: Any) -> date | None:
    try:
        return date.fromisoformat(text(raw)[:10])
    except ValueError:
        return None


def _state(raw: Mapping[str, Any]) -> TrackingState:
    """Of a tracker or of one scan. What we have no word for, `error` too, is unknown."""
    status = text(raw.get("status"))
    if status == TrackingState.IN_TRANSIT and text(raw.get("status_detail")) in TAKEN_OVER:
        return TrackingState.ACCEPTED
    return TrackingState(status) if status in set(TrackingState) else TrackingState.UNKNOWN


def _scan(raw: Mapping[str, Any]) -> Scan | None:
    at = read_time(raw.get("datetime"))
    if at is None:
        return None
    message = text(raw.get("message")) or text(raw.get("description"))
    return Scan(_state(raw), at, message, _place(_mapping(raw.get("tracking_location"))))


def _place(raw: Mapping[str, Any]) -> str:
    """As `HOUSTON, TX 77063`; the country only where it is not the United States."""
    city, state, zip_, country = (
        text(raw.get(field)) for field in ("city", "state", "zip", "country")
    )
    parts = (city, f"{state} {zip_}".strip(), "" if country.upper() in HOME else country)
    return ", ".join(part for part in parts if part)


def _arrival(raw: Mapping[str, Any]) -> date | None:
    """The day at the recipient's door, which may be another one than in UTC."""
    local = _mapping(raw.get("carrier_detail")).get("est_delivery_date_local")
    return read_date(local) or read_date(raw.get("est_delivery_date"))


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
