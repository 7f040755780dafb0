"""EasyPost's webhooks: who sent them, and what they say."""

import hashlib
import hmac
import json

import pytest

from core.modes import ApiMode
from core.tracking import TrackingState
from providers.carriers import easypost
from providers.carriers.base import CarrierNews, ForgedNews, UnreadableNews, VoidState
from tests.providers.recorded_easypost import RECORDED, answers
from tests.providers.stand import shop_settings

CONTRACTS = RECORDED.parents[1]
VECTOR = json.loads((CONTRACTS / "vectors.json").read_text())["easypost_webhook_hmac"]
BODY = (CONTRACTS / VECTOR["body_file"]).read_bytes().rstrip(b"\n")
SIGNED = {"X-Hmac-Signature": VECTOR["expected"]}
SECRET = "a secret of the shop"


def carrier(secret=SECRET, mode=ApiMode.TEST, **more):
    settings = shop_settings(easypost_test_webhook_secret=secret, **more)
    return easypost.connect(settings, mode)


def read(event):
    """Signed as it should be."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return carrier().read_news(body, {"x-hmac-signature": f"hmac-sha256-hex={digest}"})


def test_the_official_example_is_genuine_and_read():
    news = carrier(VECTOR["secret"]).read_news(BODY, SIGNED)

    assert news.event_id == "evt_1"
    assert (news.tracked.tracking_code, news.tracked.carrier) == ("1", "FedEx")
    assert news.tracked.state is TrackingState.IN_TRANSIT
    assert len(news.tracked.scans) == 7
    assert (news.label_id, news.void) == ("", None)


@pytest.mark.parametrize(
    ("body", "headers", "secret"),
    [
        (BODY + b" ", SIGNED, VECTOR["secret"]),
        (BODY, {}, VECTOR["secret"]),
        (BODY, {"X-Hmac-Signature": ""}, VECTOR["secret"]),
        (BODY, {"X-Hmac-Signature": "hmac-sha256-hex="}, VECTOR["secret"]),
        (BODY, {"X-Hmac-Signature": VECTOR["expected"][16:]}, VECTOR["secret"]),
        (BODY, {"X-Hmac-Signature": VECTOR["expected"][:-1]}, VECTOR["secret"]),
        (BODY, {"X-Hmac-Signature": "é\udcff"}, VECTOR["secret"]),
        (BODY, SIGNED, "another secret"),
        (BODY, SIGNED, None),
    ],
)
def test_what_is_not_signed_with_our_secret_is_forged(body, headers, secret):
    with pytest.raises(ForgedNews) as caught:
        carrier(secret).read_news(body, headers)

    assert caught.value.facts == {"provider": "easypost"}


def test_each_mode_has_its_own_secret():
    other = carrier(
        "of the test mode",
        ApiMode.PRODUCTION,
        easypost_production_key="k",
        easypost_production_webhook_secret=VECTOR["secret"],
    )

    assert other.read_news(BODY, SIGNED).event_id == "evt_1"
    with pytest.raises(ForgedNews):
        carrier("of the test mode").read_news(BODY, SIGNED)


def test_a_refund_names_the_label_whose_void_it_is():
    *_, [refund] = answers("refund_create")
    event = {"id": "evt_2", "description": "refund.successful", "result": refund}

    news = read(event)

    assert news == CarrierNews("evt_2", label_id=refund["shipment_id"], void=VoidState.REFUNDED)


@pytest.mark.parametrize(
    "event",
    [
        {"description": "batch.created", "result": {"id": "batch_1"}},
        {"description": "payment.failed", "result": {"shipment_id": "shp_1"}},
        {"description": "refund.successful", "result": {"shipment_id": None}},
        {"description": "refund.successful"},
        {"description": "tracker.updated", "result": None},
        {"description": None, "result": []},
        {},
    ],
)
def test_other_events_are_known_and_change_nothing(event):
    assert read({"id": "evt_3", **event}) == CarrierNews("evt_3")


@pytest.mark.parametrize(
    "body",
    [
        b"not JSON",
        b"[]",
        b'{"id": NaN}',
        {"description": "tracker.updated"},
        {"id": "evt_4", "description": "tracker.updated", "result": {"id": "trk_1"}},
    ],
)
def test_what_is_signed_and_makes_no_sense_is_unreadable(body):
    with pytest.raises(UnreadableNews):
        read(body)
