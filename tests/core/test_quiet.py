"""Quiet hours end in the morning of the customer's own clock."""

from datetime import UTC, datetime

import pytest

from core.quiet import PRESETS, ZONES, QuietHours, clock_of

NIGHT = QuietHours(22, 8)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "over"),
    [
        ("2026-07-02T02:00", "America/New_York", "2026-07-02T12:00"),
        ("2026-07-02T11:59", "America/New_York", "2026-07-02T12:00"),
        ("2026-07-02T12:00", "America/New_York", None),
        ("2026-07-02T01:59", "America/New_York", None),
        ("2026-07-02T02:00", "America/Los_Angeles", None),
        ("2026-07-02T05:00", "America/Los_Angeles", "2026-07-02T15:00"),
        ("2026-03-08T04:00", "America/New_York", "2026-03-08T12:00"),
        ("2026-11-01T03:00", "America/New_York", "2026-11-01T13:00"),
        ("2026-12-31T23:00", "UTC", "2027-01-01T08:00"),
    ],
)
def test_they_last_over_midnight_and_over_a_change_of_time(moment, zone, over):
    assert NIGHT.over_at(at(moment), zone) == (at(over) if over else None)


def test_they_may_lie_within_one_day():
    siesta = QuietHours(13, 16)

    assert siesta.over_at(at("2026-07-02T13:30"), "UTC") == at("2026-07-02T16:00")
    assert siesta.over_at(at("2026-07-02T16:00"), "UTC") is None


def test_every_zone_that_is_offered_is_known_and_another_is_utc():
    assert [str(clock_of(zone)) for zone in ZONES] == list(ZONES)
    assert str(clock_of("Mars/Olympus")) == str(clock_of("../etc")) == str(clock_of("")) == "UTC"
    assert all(hours.over_at(at("2026-07-02T03:00"), "UTC") for hours in PRESETS)
