"""Parcels and webhooks of ShipEngine and ShipStation: scanned, told, signed."""

import hashlib
import json
from base64 import b64decode, urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox.settings import SandboxSettings
from tests.contracts.openapi_judge import judge
from tests.sandbox.shipengine_world import KNOWN_ODDITIES, V1, V2, Account
from tests.sandbox.world import bought, easypost, served

SHA256_OID = "3031300d060960864801650304020105000420"


@pytest.fixture(params=[V1, V2])
def account(sandbox, request):
    return Account(sandbox, request.param)


@pytest.fixture
def hook(account, shop):
    wishes = {"event": "track", "url": shop.url, "headers": [{"key": "x-shop", "value": "7"}]}
    return account.ask("POST", "/environment/webhooks", wishes).json()


def is_genuine(sandbox, heard):
    """Judged as whoever receives it does, with the key that is published."""
    headers = {name.lower(): value for name, value in heard.headers.items()}
    published = sandbox.get("/shipengine/jwks").json()["keys"]
    kid = headers["x-shipengine-rsa-sha256-key-id"]
    [key] = [one for one in published if one["kid"] == kid]
    n, e = (int.from_bytes(urlsafe_b64decode(key[name] + "==")) for name in ("n", "e"))
    size = (n.bit_length() + 7) // 8
    signature = b64decode(headers["x-shipengine-rsa-sha256-signature"])
    opened = pow(int.from_bytes(signature), e, n).to_bytes(size)
    said = headers["x-shipengine-timestamp"].encode() + b"." + heard.body
    end = bytes.fromhex(SHA256_OID) + hashlib.sha256(said).digest()
    return opened == b"\x00\x01" + b"\xff" * (size - len(end) - 3) + b"\x00" + end


def test_a_new_label_is_known_and_not_yet_scanned(account):
    label = account.bought()

    tracked = account.ask("GET", f"/labels/{label['label_id']}/track").json()

    assert (tracked["status_code"], tracked["status_description"]) == ("NY", "Not Yet In System")
    assert tracked["tracking_number"] == label["tracking_number"]
    assert [event["city_locality"] for event in tracked["events"]] == ["San Francisco"]
    assert account.ask("GET", "/labels/se-1/track").status_code == 404


@pytest.mark.parametrize(
    ("status", "code", "label_status"),
    [
        ("unknown", "UN", "unknown"),
        ("pre_transit", "NY", "in_transit"),
        ("accepted", "AC", "in_transit"),
        ("in_transit", "IT", "in_transit"),
        ("out_for_delivery", "IT", "in_transit"),
        ("delivered", "DE", "delivered"),
        ("available_for_pickup", "SP", "in_transit"),
        ("return_to_sender", "EX", "error"),
        ("failure", "EX", "error"),
        ("cancelled", "EX", "error"),
        ("error", "EX", "error"),
    ],
)
def test_a_parcel_moves_as_a_test_wants_it(account, sandbox, status, code, label_status):
    label = account.bought()

    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": status})

    tracked = account.ask("GET", f"/labels/{label['label_id']}/track").json()
    assert tracked["status_code"] == tracked["events"][0]["status_code"] == code
    assert len(tracked["events"]) == 2
    assert (tracked["actual_delivery_date"] is None) == (status != "delivered")
    assert (tracked["exception_description"] is None) == (code != "EX")
    assert account.label(label["label_id"])["tracking_status"] == label_status


def test_events_come_newest_first_with_numbers_for_postal_codes(account, sandbox):
    label = account.bought()
    for status in ("in_transit", "delivered"):
        sandbox.post(f"/tracking/{label['tracking_number']}", {"status": status})

    events = account.ask("GET", f"/labels/{label['label_id']}/track").json()["events"]

    assert [event["status_code"] for event in events] == ["DE", "IT", "NY"]
    assert [event["postal_code"] for event in events] == [90277, 90277, 94107]
    assert not events[0]["carrier_occurred_at"].endswith("Z")


def test_each_seller_moves_its_own_parcels_and_nobody_a_strange_one(account, sandbox):
    ours, theirs = account.bought(), bought(sandbox)

    sandbox.post(f"/tracking/{theirs['tracking_code']}", {"status": "delivered"})

    assert account.ask("GET", f"/labels/{ours['label_id']}/track").json()["status_code"] == "NY"
    assert easypost(sandbox, "GET", f"/shipments/{theirs['id']}").json()["status"] == "delivered"
    strange = requests.post(f"{sandbox.url}/tracking/1Z", json={"status": "delivered"}, timeout=5)
    lost = requests.post(f"{sandbox.url}/tracking/1Z", json={"status": "lost"}, timeout=5)
    assert (strange.status_code, lost.status_code) == (404, 400)


def test_only_the_older_one_tracks_any_number(sandbox):
    older, newer = Account(sandbox, V1), Account(sandbox, V2)
    label = older.bought()
    ours = f"/tracking?carrier_code=usps&tracking_number={label['tracking_number']}"

    found = older.ask("GET", ours).json()
    strange = older.send("GET", "/tracking?carrier_code=ups&tracking_number=1Z").json()

    assert found == older.ask("GET", f"/labels/{label['label_id']}/track").json()
    assert (strange["status_code"], strange["events"]) == ("UN", [])
    assert older.ask("GET", "/tracking?tracking_number=1Z").status_code == 400
    assert older.ask("GET", "/tracking?carrier_code=ups").status_code == 400
    assert newer.send("GET", ours).status_code == 404


def test_a_moved_parcel_is_told_to_the_webhook_under_a_true_signature(account, sandbox, shop, hook):
    label = account.bought()

    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})

    [heard] = shop.hears(1)
    assert is_genuine(sandbox, heard)
    assert heard.headers["x-shop"] == "7"
    sent = datetime.fromisoformat(heard.headers["x-shipengine-timestamp"])
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)
    said = heard.json
    assert said["resource_type"] == {V1: "API_TRACK", V2: "TRACK_EVENT_V2"}[account.service]
    assert said["resource_url"].startswith(f"{sandbox.url}/{account.service}{account.prefix}/")
    looked = requests.get(said["resource_url"], headers={"API-Key": "x"}, timeout=5).json()
    day = said["data"].pop("estimated_delivery_date")
    assert f"{day}Z" == looked.pop("estimated_delivery_date")
    assert said["data"] == looked


def test_the_news_is_what_the_specification_says_of_tracking(sandbox, shop):
    account = Account(sandbox, V1)
    account.ask("POST", "/environment/webhooks", {"event": "track", "url": shop.url})
    label = account.bought()

    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "delivered"})

    data = shop.hears(1)[0].json["data"]
    faults = judge("shipengine").response("GET", "/v1/labels/se-1/track", 200, data)
    odd = {fault.partition(":")[0] for fault in faults if not KNOWN_ODDITIES.fullmatch(fault)}
    assert odd == {"body.estimated_delivery_date"}


def test_a_changed_body_or_another_key_is_not_genuine(account, sandbox, shop, hook):
    label = account.bought()
    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})
    [heard] = shop.hears(1)

    heard.body += b" "

    assert not is_genuine(sandbox, heard)


def test_a_forged_notice_comes_before_the_true_one(account, sandbox, shop, hook):
    sandbox.misbehave(account.service, "notice", "notice_forged")
    label = account.bought()

    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})

    forged, true = shop.hears(2)
    assert [is_genuine(sandbox, one) for one in (forged, true)] == [False, True]
    assert [one.json["data"]["status_code"] for one in (forged, true)] == ["DE", "IT"]


def test_after_a_change_of_keys_old_and_new_signatures_hold(account, sandbox, shop, hook):
    label = account.bought()
    door = f"/tracking/{label['tracking_number']}"
    sandbox.post(door, {"status": "in_transit"})
    shop.hears(1)

    sandbox.post("/shipengine/jwks/change", {})
    sandbox.post(door, {"status": "delivered"})

    old, new = shop.hears(2)
    assert is_genuine(sandbox, old)
    assert is_genuine(sandbox, new)
    kids = [one.headers["x-shipengine-rsa-sha256-key-id"] for one in (old, new)]
    assert kids[0] != kids[1]
    assert len(sandbox.get("/shipengine/jwks").json()["keys"]) == 2


@pytest.mark.parametrize("service", [V1, V2])
def test_news_that_the_shop_did_not_take_comes_again(shop, service):
    shop.answers = [(503, b"later"), (200, b"")]
    with served(SandboxSettings(retry_divisor=18_000)) as sandbox:
        account = Account(sandbox, service)
        account.ask("POST", "/environment/webhooks", {"event": "track", "url": shop.url})
        label = account.bought()

        sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})

        first, second = shop.hears(2)
    assert first.body == second.body


def test_webhooks_are_registered_once_listed_changed_and_removed(account, shop, hook):
    path = f"/environment/webhooks/{hook['webhook_id']}"

    again = account.ask("POST", "/environment/webhooks", {"event": "track", "url": shop.url})
    changed = account.ask("PUT", path, {"url": f"{shop.url}/new"})

    assert again.status_code == 409
    assert (changed.status_code, changed.content) == (204, b"")
    listed = account.ask("GET", "/environment/webhooks").json()
    assert listed == [{**hook, "url": f"{shop.url}/new"}] == [account.ask("GET", path).json()]
    assert account.ask("DELETE", path).status_code == 204
    assert account.ask("GET", "/environment/webhooks").json() == []
    assert account.ask("GET", path).status_code == 404
    assert account.send("POST", "/environment/webhooks", {"event": "track"}).status_code == 400
    assert (
        account.send("POST", "/environment/webhooks", {"event": "x", "url": "u"}).status_code == 400
    )


def test_only_webhooks_for_tracking_hear_of_parcels(account, sandbox, shop):
    account.ask("POST", "/environment/webhooks", {"event": "batch", "url": f"{shop.url}/batch"})
    account.ask("POST", "/environment/webhooks", {"event": "track", "url": f"{shop.url}/track"})
    label = account.bought()

    sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})

    assert [heard.path for heard in shop.hears(1)] == ["/webhooks/track"]


def test_a_standing_webhook_hears_without_being_registered(shop):
    settings = SandboxSettings(shipengine_webhook=f"{shop.url}/standing")
    with served(settings) as sandbox:
        for service in (V2, V1):
            label = Account(sandbox, service).bought()
            sandbox.post(f"/tracking/{label['tracking_number']}", {"status": "in_transit"})

        [heard] = shop.hears(1)
        assert is_genuine(sandbox, heard)
    assert heard.path == "/webhooks/standing"
    assert heard.json["resource_type"] == "API_TRACK"


def test_the_published_key_is_what_the_standard_says(sandbox):
    [key] = sandbox.get("/shipengine/jwks").json()["keys"]

    assert {name: key[name] for name in ("kty", "use", "alg", "e")} == {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "e": "AQAB",
    }
    assert int.from_bytes(urlsafe_b64decode(key["n"] + "==")).bit_length() == 2048
    assert "primes" not in json.dumps(key)
