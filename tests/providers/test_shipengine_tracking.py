"""Where parcels are, by our client of ShipEngine, and by its webhooks."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from core.tracking import Scan, Tracked, TrackingState
from providers.carriers.base import (
    CarrierDown,
    CarrierNews,
    CarrierRefused,
    ForgedNews,
    UnreadableNews,
)
from providers.carriers.shipengine_errors import BrokenAnswer
from providers.carriers.shipengine_tracking import read_tracked
from tests.providers.recorded_shipengine import BOUGHT, CODE, LABEL_ID, connected, error, listed
from tests.providers.signing import published, signed
from tests.providers.stand import KEY, resets, says

LIST = f"GET /shipengine/v1/labels?tracking_number={CODE}"
TRACK = f"GET /shipengine/v1/labels/{LABEL_ID}/track"
WAY = {
    "tracking_number": CODE,
    "tracking_url": None,
    "status_code": "IT",
    "status_detail_code": None,
    "carrier_code": "stamps_com",
    "carrier_id": 1,
    "estimated_delivery_date": "2021-08-09T00:00:00",
    "actual_delivery_date": None,
    "events": [
        {
            "occurred_at": "2021-08-06T08:00:00-05:00",
            "status_code": "IT",
            "description": "",
            "carrier_status_description": "Departed",
            "city_locality": "AUSTIN",
            "state_province": "TX",
            "postal_code": 78756,
            "country_code": "US",
        },
        {
            "occurred_at": "2021-08-05T16:47:00",
            "status_code": "NY",
            "description": "Label made",
            "city_locality": None,
            "state_province": None,
            "postal_code": None,
            "country_code": "CA",
        },
        {"occurred_at": None, "status_code": "AC"},
        None,
    ],
}
TRACKED = Tracked(
    tracking_code=CODE,
    carrier="USPS",
    state=TrackingState.IN_TRANSIT,
    arrives=date(2021, 8, 9),
    scans=(
        Scan(
            TrackingState.PRE_TRANSIT,
            datetime(2021, 8, 5, 16, 47, tzinfo=UTC),
            "Label made",
            "CA",
        ),
        Scan(
            TrackingState.IN_TRANSIT,
            datetime(2021, 8, 6, 13, 0, tzinfo=UTC),
            "Departed",
            "AUSTIN, TX 78756",
        ),
    ),
)
NEWS = {
    "resource_url": f"https://api.shipstation.com/v2/labels/{LABEL_ID}/track",
    "resource_type": "TRACK_EVENT_V2",
    "data": WAY,
}
BODY = json.dumps(NEWS).encode()
STAMP = "2021-08-06T13:00:05Z"


@pytest.fixture
def carrier(stand):
    return connected(stand)


@pytest.fixture
def clock():
    with time_machine.travel(STAMP, tick=False) as clock:
        yield clock


@pytest.mark.parametrize("name", ["shipengine", "shipstation"])
def test_a_parcel_is_tracked_by_the_label_that_it_is_on(stand, name):
    stand.play(says(200, listed(BOUGHT)), says(200, WAY))

    tracked = connected(stand, name).track(CODE, "USPS")

    assert tracked == TRACKED
    paths = [call.partition("labels")[2] for call in stand.calls()]
    assert paths == [f"?tracking_number={CODE}", f"/{LABEL_ID}/track"]


def test_a_parcel_of_somebody_else_is_tracked_by_its_carrier(stand, carrier):
    stand.play(says(200, listed()), says(200, WAY))

    assert carrier.track(CODE, "USPS") == TRACKED
    assert stand.calls() == [
        LIST,
        f"GET /shipengine/v1/tracking?carrier_code=stamps_com&tracking_number={CODE}",
    ]


@pytest.mark.parametrize("code", ["GX", "ma"])
def test_a_label_that_was_only_made_is_not_taken_for_an_accepted_parcel(code):
    """An unused label would have to be paid for: nobody could give it back."""
    made = {"occurred_at": "2021-08-05T16:47:00Z", "status_code": "AC", "event_code": code}
    way = {"tracking_number": CODE, "status_code": "AC", "carrier_status_code": code}

    tracked = read_tracked(way | {"events": [made]})
    seen = read_tracked(way | {"carrier_status_code": "OA", "events": [made]})

    assert tracked.state is tracked.scans[0].state is TrackingState.PRE_TRANSIT
    assert seen.state is TrackingState.ACCEPTED


@pytest.mark.parametrize(("name", "carrier"), [("shipengine", "?"), ("shipstation", "USPS")])
def test_a_parcel_that_nobody_there_follows_is_refused(stand, name, carrier):
    stand.play(says(200, listed()))

    with pytest.raises(CarrierRefused) as caught:
        connected(stand, name).track(CODE, carrier)

    assert caught.value.facts["reason"] == "unknown_tracking_code"
    assert len(stand.asked) == 1


def test_a_tracking_code_that_no_carrier_knows_is_refused(stand, carrier):
    stand.play(says(200, listed()), says(400, error("tracking_not_supported")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.track(CODE, "FedEx")

    assert caught.value.facts["reason"] == "tracking_not_supported"


@pytest.mark.parametrize("act", [resets, says(200, {}), says(500, b""), says(200, b"<html>")])
@pytest.mark.parametrize("labels", [listed(), listed(BOUGHT)])
def test_a_way_that_cannot_be_seen_means_later(stand, carrier, labels, act):
    stand.play(says(200, labels), act)

    with pytest.raises(CarrierDown):
        carrier.track(CODE, "USPS")


@pytest.mark.parametrize(
    ("code", "detail", "state"),
    [
        ("UN", None, TrackingState.UNKNOWN),
        ("NY", None, TrackingState.PRE_TRANSIT),
        ("AC", None, TrackingState.ACCEPTED),
        ("IT", None, TrackingState.IN_TRANSIT),
        ("it", "", TrackingState.IN_TRANSIT),
        ("IT", "OUT_FOR_DELIVERY", TrackingState.OUT_FOR_DELIVERY),
        ("AT", "ATTEMPTED_DELIVERY", TrackingState.OUT_FOR_DELIVERY),
        ("AT", None, TrackingState.OUT_FOR_DELIVERY),
        ("SP", None, TrackingState.AVAILABLE_FOR_PICKUP),
        ("SP", "DELIVERED_TO_PICKUP_POINT", TrackingState.AVAILABLE_FOR_PICKUP),
        ("DE", None, TrackingState.DELIVERED),
        ("DE", "COLLECT_AT_LOCAL_PO", TrackingState.DELIVERED),
        ("EX", None, TrackingState.FAILURE),
        ("EX", "NOT_DELIVERED", TrackingState.FAILURE),
        ("EX", "CARRIER_DELAYS", TrackingState.IN_TRANSIT),
        ("EX", "RETURN_TO_SENDER", TrackingState.RETURN_TO_SENDER),
        ("EX", "CANCELLED", TrackingState.CANCELLED),
        ("DELIVERED", None, TrackingState.DELIVERED),
        ("HUB_SCAN_OUT", "HUB_SCAN_OUT", TrackingState.IN_TRANSIT),
        ("ZZ", None, TrackingState.UNKNOWN),
        ("ZZ", "UNHEARD_OF", TrackingState.UNKNOWN),
        (None, 7, TrackingState.UNKNOWN),
    ],
)
def test_every_code_of_both_services_and_those_of_none_have_a_state(code, detail, state):
    way = {"tracking_number": CODE, "status_code": code, "status_detail_code": detail}

    assert read_tracked(way).state is state


def test_a_parcel_that_arrived_did_so_on_its_day():
    arrived = WAY | {"status_code": "DE", "actual_delivery_date": "2021-08-08T10:00:00Z"}

    assert read_tracked(arrived).arrives == date(2021, 8, 8)
    assert read_tracked(WAY | {"estimated_delivery_date": None}).arrives is None


def test_a_way_without_a_code_is_broken():
    with pytest.raises(BrokenAnswer):
        read_tracked(WAY | {"tracking_number": None})


def test_news_of_a_parcel_are_read_as_documented(stand, carrier, clock):
    stand.play(says(200, {"keys": [published()]}))

    news = [carrier.read_news(BODY, signed(BODY, STAMP)) for _ in range(2)]

    assert news[0] == news[1]
    assert news[0].tracked == TRACKED
    assert (news[0].label_id, news[0].void) == (LABEL_ID, None)
    assert len(news[0].event_id) == 32
    assert stand.calls() == ["GET /shipengine/jwks"]
    assert KEY not in str(stand.asked[0].headers)


def test_news_of_the_older_service_name_no_label(stand, carrier, clock):
    url = f"https://api.shipengine.com/v1/tracking?carrier_code=usps&tracking_number={CODE}"
    body = json.dumps(NEWS | {"resource_type": "API_TRACK", "resource_url": url}).encode()
    stand.play(says(200, {"keys": [published()]}))

    news = carrier.read_news(body, signed(body, STAMP))

    assert (news.tracked, news.label_id) == (TRACKED, "")


def test_news_of_other_things_are_none_for_us(stand, carrier, clock):
    body = json.dumps(NEWS | {"resource_type": "BATCH_PROCESSED_V2", "data": None}).encode()
    stand.play(says(200, {"keys": [published()]}))

    news = carrier.read_news(body, signed(body, STAMP))

    assert news == CarrierNews(event_id=news.event_id)


@pytest.mark.parametrize("missing", ["Key-Id", "Signature", "Timestamp", "X-"])
def test_news_without_a_signature_are_forged_and_nobody_is_asked(stand, carrier, clock, missing):
    headers = {k: v for k, v in signed(BODY, STAMP).items() if missing not in k}

    with pytest.raises(ForgedNews) as caught:
        carrier.read_news(BODY, headers)

    assert caught.value.facts == {"provider": "shipengine", "reason": "unsigned"}
    assert stand.asked == []


@pytest.mark.parametrize(
    ("sent_at", "fresh"),
    [
        ("2021-08-06T12:55:05Z", True),
        ("2021-08-06T13:05:05+00:00", True),
        ("2021-08-06T15:00:05.1234567+02:00", True),
        ("2021-08-06T12:55:04Z", False),
        ("2021-08-06T13:05:06Z", False),
        ("yesterday", False),
        ("1628254805", False),
    ],
)
def test_news_are_refused_when_they_are_over_five_minutes_off(
    stand, carrier, clock, sent_at, fresh
):
    stand.play(*[says(200, {"keys": [published()]})] * fresh)

    if fresh:
        assert carrier.read_news(BODY, signed(BODY, sent_at)).tracked == TRACKED
    else:
        with pytest.raises(ForgedNews) as caught:
            carrier.read_news(BODY, signed(BODY, sent_at))
        assert caught.value.facts["reason"] == "stale"


def test_news_that_were_changed_on_the_way_or_sent_again_under_a_new_time_are_forged(
    stand, carrier, clock
):
    stand.play(says(200, {"keys": [published()]}))
    headers = signed(BODY, STAMP)
    later = headers | {"X-ShipEngine-Timestamp": "2021-08-06T13:00:06Z"}

    for body, told in ((BODY + b" ", headers), (BODY, later)):
        with pytest.raises(ForgedNews) as caught:
            carrier.read_news(body, told)
        assert caught.value.facts["reason"] == "signature"


def test_a_new_key_is_asked_for_once_and_made_up_keys_do_not_have_us_ask_without_end(
    stand, carrier, clock
):
    stand.play(says(200, {"keys": [published(kid="old")]}))
    stand.play(says(200, {"keys": [published(kid="old"), published(kid="new")]}))
    carrier.read_news(BODY, signed(BODY, STAMP, key_id="old"))

    for _ in range(3):
        with pytest.raises(ForgedNews) as caught:
            carrier.read_news(BODY, signed(BODY, STAMP, key_id="new"))
        assert caught.value.facts["reason"] == "unknown_key"
    assert len(stand.asked) == 1
    clock.shift(30)
    news = carrier.read_news(BODY, signed(BODY, STAMP, key_id="new"))

    assert news.tracked == TRACKED
    assert len(stand.asked) == 2


def test_keys_of_other_kinds_are_passed_over(stand, carrier, clock):
    stand.play(says(200, {"keys": [None, {"kty": "EC", "kid": "x"}, published()]}))

    assert carrier.read_news(BODY, signed(BODY, STAMP)).tracked == TRACKED


@pytest.mark.parametrize(
    "act", [resets, says(500, b""), says(200, b"<html>"), says(200, {}), says(200, {"keys": []})]
)
def test_news_wait_while_no_keys_can_be_had_and_few_ask_for_them(stand, carrier, clock, act):
    stand.play(act, says(200, {"keys": [published()]}))

    for _ in range(3):
        with pytest.raises(CarrierDown):
            carrier.read_news(BODY, signed(BODY, STAMP))
    asked = len(stand.asked)
    clock.shift(30)
    news = carrier.read_news(BODY, signed(BODY, STAMP))

    assert (asked, news.tracked) == (1, TRACKED)


def test_known_keys_serve_while_no_others_can_be_had(stand, carrier, clock):
    stand.play(says(200, {"keys": [published()]}), says(500, b""))
    carrier.read_news(BODY, signed(BODY, STAMP))
    clock.shift(30)
    with pytest.raises(CarrierDown):
        carrier.read_news(BODY, signed(BODY, STAMP, key_id="new"))

    assert carrier.read_news(BODY, signed(BODY, STAMP)).tracked == TRACKED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"not json",
        b"{}",
        json.dumps(NEWS | {"data": None}).encode(),
        json.dumps(NEWS | {"data": {"tracking_number": ""}}).encode(),
    ],
)
def test_news_that_are_signed_and_make_no_sense_are_unreadable(stand, carrier, clock, body):
    stand.play(says(200, {"keys": [published()]}))

    with pytest.raises(UnreadableNews):
        carrier.read_news(body, signed(body, STAMP))
