"""What scans add up to: the same, in whatever order and however often they are told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from core.journeys import (
    COURSE,
    ENDS,
    SCANS_AT_MOST,
    SLOWEST,
    WATCHED_AT_MOST,
    WORTH_TELLING,
    Journey,
    is_over,
    is_scanned,
    is_stalled,
    joined,
    moved_at,
    pause,
    rank,
)
from core.tracking import Scan, Tracked, TrackingState as State

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

scans = st.builds(
    Scan,
    state=st.sampled_from(State),
    at=st.integers(0, 400).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    message=st.sampled_from(["", "Arrived", "Out for delivery"]),
    place=st.sampled_from(["", "HOUSTON, TX"]),
)
reports = st.builds(
    Tracked,
    tracking_code=st.just("9400"),
    carrier=st.just("USPS"),
    state=st.sampled_from(State),
    arrives=st.none(),
    scans=st.lists(scans, max_size=5).map(tuple),
)


def test_a_scan_that_was_kept_less_exactly_than_it_is_told_is_one_scan():
    exactly = Scan(State.IN_TRANSIT, NOON + timedelta(microseconds=477_123), "Arrived", "")
    first = told(report(State.IN_TRANSIT, exactly))

    again = joined(first, report(State.IN_TRANSIT, exactly))

    assert again == first
    assert [each.at for each in first.scans] == [NOON + timedelta(milliseconds=477)]


def told(*reports):
    journey = Journey()
    for report in reports:
        journey = joined(journey, report)
    return journey


def report(state, *scans, arrives=None):
    return Tracked("9400", "USPS", state, arrives, scans)


def scan(state, hours, message=""):
    return Scan(state, NOON + timedelta(hours=hours), message, "")


@given(st.lists(reports, max_size=6), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_the_same_news_ends_in_the_same_journey(news, chance):
    shuffled = [*news, *chance.choices(news, k=len(news))] if news else []
    chance.shuffle(shuffled)

    assert told(*shuffled) == told(*news)


@given(st.lists(scans, min_size=1, max_size=12), st.data())
def test_scans_told_one_by_one_or_all_at_once_are_the_same_journey(made, data):
    together = report(State.UNKNOWN, *made)
    apart = [report(State.UNKNOWN, one) for one in data.draw(st.permutations(made))]

    assert told(*apart) == told(together)


@given(st.lists(reports, max_size=6), reports)
def test_no_news_ever_moves_a_parcel_back(news, late):
    before = told(*news)

    after = joined(before, late)

    assert rank(after.state) >= rank(before.state)
    assert set(before.scans) <= set(after.scans)


@given(st.lists(scans, min_size=SCANS_AT_MOST, max_size=SCANS_AT_MOST + 30, unique=True), st.data())
def test_only_the_newest_scans_are_kept_and_still_the_order_does_not_matter(made, data):
    cut = data.draw(st.integers(0, len(made)))

    halves = [report(State.UNKNOWN, *made[cut:]), report(State.UNKNOWN, *made[:cut])]

    assert told(*halves) == told(report(State.UNKNOWN, *made))
    assert len(told(*halves).scans) == SCANS_AT_MOST


@pytest.mark.parametrize(
    ("states", "end"),
    [
        ((State.IN_TRANSIT, State.PRE_TRANSIT), State.IN_TRANSIT),
        ((State.OUT_FOR_DELIVERY, State.IN_TRANSIT), State.OUT_FOR_DELIVERY),
        ((State.FAILURE, State.DELIVERED), State.DELIVERED),
        ((State.RETURN_TO_SENDER, State.DELIVERED), State.RETURN_TO_SENDER),
        ((State.CANCELLED, State.IN_TRANSIT), State.IN_TRANSIT),
        ((State.PRE_TRANSIT, State.CANCELLED), State.CANCELLED),
        ((State.DELIVERED, State.UNKNOWN), State.DELIVERED),
    ],
)
def test_a_parcel_stands_where_it_came_furthest(states, end):
    assert told(*(report(state) for state in states)).state is end


def test_a_scan_beyond_the_reported_state_counts():
    journey = told(report(State.IN_TRANSIT, scan(State.DELIVERED, 1)))

    assert journey.state is State.DELIVERED
    assert journey.last_scan == scan(State.DELIVERED, 1)


def test_an_old_report_does_not_bring_back_an_old_date_of_arrival():
    new = report(State.IN_TRANSIT, scan(State.IN_TRANSIT, 5), arrives=date(2026, 11, 6))
    old = report(State.ACCEPTED, scan(State.ACCEPTED, 1), arrives=date(2026, 11, 4))

    assert told(new, old).arrives == date(2026, 11, 6)
    assert told(old, new).arrives == date(2026, 11, 6)
    assert told(new, report(State.IN_TRANSIT)).arrives == date(2026, 11, 6)


def test_every_state_has_its_place_in_the_course():
    assert sorted(COURSE) == sorted(State)
    assert {state for state in State if is_scanned(state)} == WORTH_TELLING


@pytest.mark.parametrize(
    ("state", "silence", "expected"),
    [
        (State.UNKNOWN, timedelta(0), 4 * HOUR),
        (State.PRE_TRANSIT, 2 * DAY, 12 * HOUR),
        (State.PRE_TRANSIT, 9 * DAY, 24 * HOUR),
        (State.IN_TRANSIT, HOUR, 2 * HOUR),
        (State.IN_TRANSIT, DAY, 6 * HOUR),
        (State.IN_TRANSIT, 9 * DAY, 12 * HOUR),
        (State.OUT_FOR_DELIVERY, HOUR, HOUR),
        (State.OUT_FOR_DELIVERY, 2 * DAY, 4 * HOUR),
    ],
)
def test_the_longer_nothing_moved_the_seldomer_it_is_asked_about(state, silence, expected):
    assert pause(state, silence, HOUR) == expected


@given(st.sampled_from(State), st.timedeltas(timedelta(0), WATCHED_AT_MOST))
def test_nobody_is_asked_in_haste_nor_forgotten(state, silence):
    assert HOUR <= pause(state, silence, HOUR) <= SLOWEST
    assert pause(state, silence, HOUR) <= pause(state, silence + DAY, HOUR)


def test_delivered_and_returned_parcels_and_old_silence_are_not_asked_about():
    assert {state for state in State if is_over(state, HOUR)} == ENDS
    assert all(is_over(state, WATCHED_AT_MOST + HOUR) for state in State)


def test_only_what_travels_can_stall():
    stalled = {state for state in State if is_stalled(state, 6 * DAY, 5 * DAY)}

    assert stalled == {
        State.ACCEPTED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.FAILURE
    }  # fmt: skip
    assert not any(is_stalled(state, 5 * DAY, 5 * DAY) for state in State)


def test_a_carriers_clock_that_is_ahead_is_not_believed():
    ahead = told(report(State.IN_TRANSIT, scan(State.IN_TRANSIT, 9)))

    assert moved_at(ahead, NOON - DAY, NOON) == NOON
    assert moved_at(Journey(), NOON - DAY, NOON) == NOON - DAY
