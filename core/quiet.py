"""Quiet hours: when a customer would rather sleep than hear of a parcel."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Mexico_City",
    "Europe/Madrid",
    "Europe/Moscow",
    "America/Puerto_Rico",
)
"""Those that are offered. Where this machine knows none of them, everything is in UTC."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end`, full hours by the customer's own clock; over midnight as well."""

    begin: int
    end: int

    def over_at(self, moment: datetime, zone: str) -> datetime | None:
        """When they end, in UTC, if they last at this moment; otherwise None."""
        local = moment.astimezone(clock_of(zone))
        if not self._has(local.hour):
            return None
        ends = local.replace(hour=self.end, minute=0, second=0, microsecond=0, fold=0)
        # On the wall clock, not in hours gone by: a night with a change of time ends by it, too.
        return (ends if ends > local else ends + timedelta(days=1)).astimezone(UTC)

    def _has(self, hour: int) -> bool:
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


PRESETS = (QuietHours(21, 7), QuietHours(22, 8), QuietHours(23, 9))


def clock_of(zone: str) -> ZoneInfo:
    """UTC for a zone that nobody chose, or that this machine doesn't know."""
    try:
        return ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
