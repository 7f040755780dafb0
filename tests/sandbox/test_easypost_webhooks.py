"""Webhooks of the sandbox's EasyPost."""

import hashlib
import hmac
from unicodedata import normalize

import pytest
import requests

from sandbox.settings import SandboxSettings
from tests.sandbox.world import bought, easypost, served

SECRET = "of the demo"


def described(shop, number):
    return [heard.json["description"] for heard in shop.hears(number)]


def test_a_registered_webhook_hears_of_each_move_with_a_signature(sandbox, shop):
    wishes = {
        "url": f"{shop.url}/easypost",
        "webhook_secret": "sécret",
        "custom_headers": [{"name": "X-Shop", "value": "ours"}],
    }
    hook = easypost(sandbox, "POST", "/webhooks", {"webhook": wishes}).json()
    label = bought(sandbox)

    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "in_transit"})

    [heard] = shop.hears(1)
    key = normalize("NFKD", "sécret").encode()
    signed = hmac.new(key, heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["X-Hmac-Signature"] == f"hmac-sha256-hex={signed}"
    assert heard.headers["X-Shop"] == "ours"
    assert heard.json["description"] == "tracker.updated"
    assert heard.json["previous_attributes"] == {"status": "pre_transit"}
    assert heard.json["result"]["tracking_code"] == label["tracking_code"]
    assert easypost(sandbox, "GET", "/webhooks").json() == {"webhooks": [hook]}
    assert easypost(sandbox, "GET", f"/webhooks/{hook['id']}").json() == hook
    assert easypost(sandbox, "PATCH", f"/webhooks/{hook['id']}").json() == hook


def test_without_a_webhook_or_after_its_end_nobody_hears(sandbox, shop):
    hook = {"webhook": {"url": f"{shop.url}/easypost"}}
    hook_id = easypost(sandbox, "POST", "/webhooks", hook).json()["id"]
    label = bought(sandbox)
    easypost(sandbox, "DELETE", f"/webhooks/{hook_id}")

    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "in_transit"})

    assert shop.hears(1, seconds=0.3) == []
    assert easypost(sandbox, "GET", f"/webhooks/{hook_id}").status_code == 404
    assert easypost(sandbox, "POST", "/webhooks", {"webhook": {}}).status_code == 422


def test_a_granted_void_is_told_and_a_rejected_one_is_not(sandbox, shop):
    easypost(sandbox, "POST", "/webhooks", {"webhook": {"url": shop.url}})
    labels = [bought(sandbox), bought(sandbox)]
    for label, outcome in zip(labels, ("rejected", "refunded"), strict=True):
        easypost(sandbox, "POST", f"/shipments/{label['id']}/refund", {})
        sandbox.post(f"/tracking/{label['tracking_code']}/refund", {"status": outcome})

    [heard] = shop.hears(1)
    assert heard.json["description"] == "refund.successful"
    assert heard.json["previous_attributes"] == {}
    told = heard.json["result"]
    assert (told["object"], told["status"]) == ("Refund", "refunded")
    assert (told["shipment_id"], told["tracking_code"]) == (
        labels[1]["id"],
        labels[1]["tracking_code"],
    )


def test_the_standing_webhook_hears_of_both_modes_without_being_registered(shop):
    settings = SandboxSettings(easypost_webhook=shop.url, easypost_webhook_secret=SECRET)
    with served(settings) as sandbox:
        label = bought(sandbox)

        sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "delivered"})

        [heard] = shop.hears(1)
        assert easypost(sandbox, "GET", "/webhooks").json() == {"webhooks": []}
    signed = hmac.new(SECRET.encode(), heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["X-Hmac-Signature"] == f"hmac-sha256-hex={signed}"
    assert heard.json["mode"] == "test"


def test_a_webhook_hears_of_its_own_mode_alone(sandbox, shop):
    hook = {"webhook": {"url": f"{shop.url}/production"}}
    production = {"Authorization": "Bearer EZAK-of-a-test"}
    requests.post(f"{sandbox.url}/easypost/v2/webhooks", json=hook, headers=production, timeout=5)
    easypost(sandbox, "POST", "/webhooks", {"webhook": {"url": f"{shop.url}/test"}})
    label = bought(sandbox)

    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "in_transit"})
    sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "delivered"})

    assert [heard.path for heard in shop.hears(2)] == ["/webhooks/test", "/webhooks/test"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("notice_lost", ["delivered"]),
        ("notice_twice", ["in_transit", "in_transit", "delivered"]),
        ("notice_reordered", ["delivered", "in_transit"]),
        ("notice_forged", ["delivered", "in_transit", "delivered"]),
    ],
)
def test_webhooks_get_lost_doubled_overtaken_and_forged_on_order(sandbox, shop, fault, told):
    easypost(sandbox, "POST", "/webhooks", {"webhook": {"url": shop.url}})
    label = bought(sandbox)
    sandbox.misbehave("easypost", "notice", fault, seconds=0.3)

    for status in ("in_transit", "delivered"):
        sandbox.post(f"/tracking/{label['tracking_code']}", {"status": status})

    heard = shop.hears(len(told))
    assert [notice.json["result"]["status"] for notice in heard] == told


def test_a_shop_that_is_away_is_told_later(shop):
    shop.answers = [(500, b"not now"), (200, b"ok")]
    with served(SandboxSettings(easypost_webhook=shop.url, retry_divisor=600)) as sandbox:
        label = bought(sandbox)

        sandbox.post(f"/tracking/{label['tracking_code']}", {"status": "delivered"})

        first, second = shop.hears(2)
        assert first.json["id"] == second.json["id"]
