"""Carriers' news over HTTP: kept when they are true, refused when not, never believed."""

import hashlib
import hmac
import json

import pytest
from pydantic import SecretStr

from core.jobs import Job
from core.modes import ApiMode
from models.notice import Notice
from models.tracking import Trail
from providers.carriers import easypost
from providers.carriers.base import CarrierDown
from providers.carriers.configured import CarrierNotConfigured
from tests.shop import BUYER

SECRET = "sécret"
PATH = "/webhooks/carriers/easypost"


class SignedOnlyInProduction:
    """One of our two accounts has a webhook; the other has a secret of its own."""

    def __init__(self, carrier, settings):
        self.carrier = carrier
        secrets = {
            "easypost_test_key": SecretStr("t"),
            "easypost_test_webhook_secret": SecretStr("another"),
            "easypost_production_key": SecretStr("p"),
            "easypost_production_webhook_secret": SecretStr(SECRET),
        }
        changed = settings.model_copy(update=secrets)
        self.real = {mode: easypost.connect(changed, mode) for mode in ApiMode}

    def get(self, name, mode):
        if name != "easypost":
            raise CarrierNotConfigured(name=name, mode=mode)
        self.carrier.read_news = self.real[mode].read_news
        return self.carrier


@pytest.fixture
def order(shop, settings, app):
    shop.credit(2_500)
    placed = shop.place()
    shop.work()
    carriers = SignedOnlyInProduction(shop.carrier, settings)
    object.__setattr__(shop.tracking, "carriers", carriers)
    return shop.orders.get(placed.id)


def event(order, status="in_transit", **changes):
    tracker = {
        "object": "Tracker",
        "tracking_code": order.tracking_code,
        "carrier": "USPS",
        "status": status,
        "tracking_details": [],
    }
    told = {"id": "evt_1", "description": "tracker.updated", "result": tracker}
    return json.dumps(told | changes).encode()


def signed(body, secret):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}


def post(stranger, body, headers, path=PATH):
    return stranger.client.post(path, data=body, headers=headers, content_type="application/json")


def as_sent(body):
    """EasyPost's key is the normalised secret."""
    return signed(body, "se\u0301cret")


def test_signed_news_are_kept_before_they_are_answered_and_a_worker_looks(stranger, order, shop):
    body = event(order)

    answer = post(stranger, body, as_sent(body))

    assert (answer.status_code, answer.text) == (200, "ok")
    [kept] = Notice.objects
    assert (kept.source, kept.provider_id, kept.body) == ("carriers", order.tracking_code, body)
    assert shop.jobs.asked == [(Job.READ_CARRIER_NEWS, "")]
    shop.work()
    assert shop.carrier.tracked == [order.tracking_code]
    assert Trail.objects.get().status == "unknown"


def test_the_same_news_again_are_one_notice(stranger, order, shop):
    body = event(order)

    answers = [post(stranger, body, as_sent(body)).status_code for _ in range(3)]
    shop.work()

    assert answers == [200] * 3
    assert Notice.objects.count() == 1
    assert len(shop.carrier.tracked) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hmac-Signature": ""},
        {"X-Hmac-Signature": "hmac-sha256-hex="},
        {"X-Hmac-Signature": "hmac-sha256-hex=" + "0" * 64},
        {"X-Hmac-Signature": "é"},
    ],
)
def test_forged_news_are_refused_and_leave_nothing(stranger, order, shop, headers):
    answer = post(stranger, event(order, "delivered"), headers)

    assert (answer.status_code, answer.text) == (403, "forged_news\n")
    assert Notice.objects.count() == 0
    assert shop.jobs.asked == []


def test_a_signature_of_another_body_is_forged(stranger, order):
    answer = post(stranger, event(order, "delivered"), as_sent(event(order)))

    assert answer.status_code == 403
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'"evt"', b"\xff"])
def test_signed_garbage_is_refused_as_unreadable(stranger, order, body):
    answer = post(stranger, body, as_sent(body))

    assert (answer.status_code, answer.text) == (400, "unreadable_news\n")
    assert Notice.objects.count() == 0


def test_a_carrier_that_we_do_not_use_is_not_found(stranger, order):
    body = event(order)

    answer = post(stranger, body, as_sent(body), path="/webhooks/carriers/pigeon")

    assert (answer.status_code, answer.text) == (404, "carrier_not_configured\n")


def test_news_that_are_nothing_to_us_are_kept_and_answered(stranger, order, shop):
    body = event(order, description="batch.created", result={"id": "batch_1"})

    assert post(stranger, body, as_sent(body)).status_code == 200
    shop.work()
    assert shop.carrier.tracked == []


def test_news_of_a_refund_move_no_money_by_themselves(stranger, order, shop):
    shop.voids.ask(order.id, user_id=BUYER)
    shop.work()
    shop.clock.turn(minutes=1)
    refund = {"object": "Refund", "shipment_id": order.label_id, "status": "refunded"}
    body = event(order, description="refund.successful", result=refund)

    assert post(stranger, body, as_sent(body)).status_code == 200
    shop.work()

    assert shop.balance() == (1_750, 0)
    assert shop.voids.of(order.id).status == "sent"


def test_news_that_cannot_be_checked_now_are_to_be_told_again(stranger, order, shop, monkeypatch):
    def keys_are_away(body, headers):
        raise CarrierDown(provider="easypost")

    monkeypatch.setattr(shop.tracking.carriers, "get", lambda *_: shop.carrier)
    shop.carrier.read_news = keys_are_away
    body = event(order)

    answer = post(stranger, body, as_sent(body))

    assert (answer.status_code, answer.text) == (503, "carrier_down\n")
    assert Notice.objects.count() == 0
