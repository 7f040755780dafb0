"""Parcels on their way, as our EasyPost client reads them."""

import json
from datetime import UTC, date, datetime

import pytest

from core.tracking import Scan, TrackingState
from providers.carriers.base import CarrierDown, CarrierRefused
from providers.carriers.easypost_tracking import read_time, read_tracked
from tests.providers.recorded_easypost import RECORDED, answers, error, exchanges
from tests.providers.stand import resets, says

(TRACKER,) = answers("tracker_create")


def test_a_parcel_is_asked_for_as_recorded_and_read_whole(stand, carrier):
    stand.play(says(200, TRACKER))

    tracked = carrier.track("EZ1000000001", "")

    (recorded,) = exchanges("tracker_create")
    assert stand.calls() == ["POST /easypost/v2/trackers"]
    assert stand.asked[0].json == json.loads(recorded["request"]["body"])
    assert (tracked.tracking_code, tracked.carrier) == ("EZ1000000001", "USPS")
    assert (tracked.state, tracked.arrives) == (TrackingState.PRE_TRANSIT, date(2025, 3, 6))
    assert tracked.scans == (
        Scan(
            TrackingState.PRE_TRANSIT,
            datetime(2025, 2, 6, 19, 48, 26, tzinfo=UTC),
            "Pre-Shipment Info Sent to USPS",
            "",
        ),
        Scan(
            TrackingState.PRE_TRANSIT,
            datetime(2025, 2, 7, 8, 25, 26, tzinfo=UTC),
            "Shipping Label Created",
            "HOUSTON, TX 77063",
        ),
    )


def test_a_known_carrier_is_named(stand, carrier):
    stand.play(says(200, TRACKER))

    carrier.track("EZ1000000001", "USPS")

    assert stand.asked[0].json["tracker"]["carrier"] == "USPS"


def test_the_official_webhook_body_is_read_to_the_door():
    sample = json.loads((RECORDED.parent / "tracking-webhook.json").read_text())

    tracked = read_tracked(sample["result"])

    assert (tracked.state, tracked.arrives) == (TrackingState.DELIVERED, date(2014, 11, 27))
    # Its last scan bears an earlier time than the one before.
    assert [scan.state for scan in tracked.scans] == [
        TrackingState.DELIVERED,
        TrackingState.PRE_TRANSIT,
        TrackingState.IN_TRANSIT,
        TrackingState.IN_TRANSIT,
        TrackingState.IN_TRANSIT,
        TrackingState.OUT_FOR_DELIVERY,
    ]
    assert tracked.scans[2].place == "SOUTH SAN FRANCISCO, CA"


@pytest.mark.parametrize(
    ("status", "detail", "state"),
    [
        ("unknown", "unknown", TrackingState.UNKNOWN),
        ("pre_transit", "label_created", TrackingState.PRE_TRANSIT),
        ("in_transit", "received_at_origin_facility", TrackingState.ACCEPTED),
        ("in_transit", "arrived_at_facility", TrackingState.IN_TRANSIT),
        ("in_transit", "weather_delay", TrackingState.IN_TRANSIT),
        ("in_transit", None, TrackingState.IN_TRANSIT),
        ("out_for_delivery", "out_for_delivery", TrackingState.OUT_FOR_DELIVERY),
        (
            "available_for_pickup",
            "arrived_at_pickup_location",
            TrackingState.AVAILABLE_FOR_PICKUP,
        ),
        ("delivered", "arrived_at_destination", TrackingState.DELIVERED),
        ("return_to_sender", "return", TrackingState.RETURN_TO_SENDER),
        ("failure", "lost", TrackingState.FAILURE),
        ("cancelled", "cancelled", TrackingState.CANCELLED),
        ("error", "status_update", TrackingState.UNKNOWN),
        ("a_new_one", "unheard_of", TrackingState.UNKNOWN),
        (None, None, TrackingState.UNKNOWN),
    ],
)
def test_every_status_of_theirs_has_a_state_of_ours(status, detail, state):
    tracked = read_tracked(TRACKER | {"status": status, "status_detail": detail})

    assert tracked.state is state


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2025-03-06T19:48:26Z", datetime(2025, 3, 6, 19, 48, 26, tzinfo=UTC)),
        ("2025-03-06T19:48:26", datetime(2025, 3, 6, 19, 48, 26, tzinfo=UTC)),
        ("2025-03-06T14:48:26-05:00", datetime(2025, 3, 6, 19, 48, 26, tzinfo=UTC)),
        ("2024-08-02T19:26:52.000Z", datetime(2024, 8, 2, 19, 26, 52, tzinfo=UTC)),
        ("yesterday", None),
        (None, None),
        (1_700_000_000, None),
    ],
)
def test_times_are_read_as_utc(told, at):
    assert read_time(told) == at


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ({"city": "BERLIN", "state": None, "zip": "10115", "country": "DE"}, "BERLIN, 10115, DE"),
        ({"city": "KENLY", "state": "NC", "zip": "27542", "country": "US"}, "KENLY, NC 27542"),
        ({"city": None, "state": None, "zip": "32837", "country": "US"}, "32837"),
        (None, ""),
    ],
)
def test_places_are_written_as_people_write_them(location, place):
    scan = TRACKER["tracking_details"][0] | {"tracking_location": location}

    assert read_tracked(TRACKER | {"tracking_details": [scan]}).scans[0].place == place


def test_scans_are_sorted_and_those_without_a_time_left_out():
    early, late = TRACKER["tracking_details"]
    scans = [
        late,
        early,
        early | {"datetime": None},
        "odd",
        early | {"message": "", "description": "x"},
    ]

    tracked = read_tracked(TRACKER | {"tracking_details": scans})

    assert [scan.message for scan in tracked.scans] == [early["message"], "x", late["message"]]
    assert read_tracked(TRACKER | {"tracking_details": None}).scans == ()


def test_the_day_of_arrival_is_the_recipients():
    local = {"carrier_detail": {"est_delivery_date_local": "2024-08-05"}}

    assert read_tracked(TRACKER | local).arrives == date(2024, 8, 5)
    assert read_tracked(TRACKER | {"est_delivery_date": None}).arrives is None


@pytest.mark.parametrize("code", ["TRACKER.UNSUPPORTED_CARRIER", "TRACKER.CARRIER_CODE_MISMATCH"])
def test_a_carrier_that_trackers_do_not_know_by_that_name_is_left_out(stand, carrier, code):
    stand.play(says(422, error(code)), says(200, TRACKER))

    tracked = carrier.track("EZ1000000001", "UPSDAP")

    assert tracked.tracking_code == "EZ1000000001"
    assert [asked.json["tracker"].get("carrier") for asked in stand.asked] == ["UPSDAP", None]


def test_a_code_that_belongs_to_no_carrier_is_refused_at_once(stand, carrier):
    stand.play(says(422, error("TRACKER.UNSUPPORTED_CARRIER")))

    with pytest.raises(CarrierRefused):
        carrier.track("EZ1", "")

    assert len(stand.asked) == 1


def test_a_parcel_that_nobody_can_follow_is_refused(stand, carrier):
    stand.play(says(422, error("TRACKER.CREATE.ERROR", "Unable to create tracker")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.track("?", "USPS")

    assert caught.value.facts["reason"] == "TRACKER.CREATE.ERROR"


@pytest.mark.parametrize(
    "act", [resets, says(500, {}), says(200, {}), says(200, {"tracking_code": "EZ1"})]
)
def test_a_parcel_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.track("EZ1", "")
