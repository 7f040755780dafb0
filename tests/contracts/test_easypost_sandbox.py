"""The sandbox's EasyPost against recorded exchanges: same status, same keys, same types."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.carrier.events import Event, notice, signature
from sandbox.settings import SandboxSettings

CONTRACTS = Path(__file__).parents[2].parent / "shared/contracts"
RECORDED = CONTRACTS / "easypost/recorded"
if not RECORDED.is_dir():
    pytest.skip("the recordings of ../shared/contracts are not here", allow_module_level=True)

KEY = {"Authorization": "Bearer EZTK-of-a-test"}
BASE = "https://api.easypost.com/v2"
NAMES = sorted(path.stem for path in RECORDED.glob("*.yaml"))

# Blanked in the recordings; and the sandbox knows no batches, through which some were bought.
NOT_COMPARED = ("phone", "email", "batch_id", "batch_status")

Json = Any


@pytest.fixture
def client() -> FlaskClient:
    return create_app(SandboxSettings()).test_client()


def test_the_recordings_are_all_replayed():
    assert len(NAMES) >= 16


@pytest.mark.parametrize("name", NAMES)
def test_the_sandbox_answers_a_recorded_request_with_the_recorded_status_and_shape(name, client):
    known: dict[str, str] = {}
    if name == "shipment_all":
        buy_six_labels(client)

    for exchange in interactions(name):
        recorded = json.loads(exchange["response"]["body"]["string"])
        answer = replay(client, exchange["request"], known)

        assert answer.status_code == exchange["response"]["status"]["code"], answer.text
        assert list(differences(recorded, answer.get_json())) == []
        assert len(answer.headers["x-ep-request-uuid"]) == 32
        known |= ids(recorded, answer.get_json())


def test_webhooks_are_signed_as_the_official_example():
    vector = json.loads((CONTRACTS / "vectors.json").read_text())["easypost_webhook_hmac"]
    body = (CONTRACTS / vector["body_file"]).read_text().rstrip("\n")

    assert f"hmac-sha256-hex={signature(vector['secret'], body)}" == vector["expected"]


def test_an_event_has_the_keys_of_the_official_example():
    hook = {"url": "http://127.0.0.1:1", "custom_headers": []}
    moved = Event(description="tracker.updated", about="EZ1", mode="test", result={})
    sample = json.loads((CONTRACTS / "easypost/event-body.json").read_text())

    assert json.loads(notice(hook, "", moved).body).keys() == sample.keys()


def interactions(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((RECORDED / f"{name}.yaml").read_text())["interactions"]


def replay(client: FlaskClient, asked: dict[str, Any], known: dict[str, str]):
    """Send it as recorded, but with our ids where an earlier answer gave others."""
    path, body = asked["uri"].removeprefix(BASE), asked["body"] or ""
    for theirs, ours in known.items():
        path, body = path.replace(theirs, ours), body.replace(theirs, ours)
    headers = KEY | ({"Content-Type": "application/json"} if body else {})
    url = f"/easypost/v2{path}"
    return client.open(url, method=asked["method"], data=body or None, headers=headers)


def buy_six_labels(client: FlaskClient) -> None:
    asked = interactions("refund_create")[0]["request"]
    for _ in range(6):
        assert replay(client, asked, {}).status_code == 201


def differences(recorded: Json, ours: Json, where: str = "") -> Iterator[str]:
    """Each place where keys or types differ; of lists of unlike length the first is the model."""
    if where.endswith(NOT_COMPARED):
        return
    if type(recorded) is not type(ours):
        yield f"{where}: {recorded!r} recorded, {ours!r} here"
    elif isinstance(recorded, dict):
        for name in sorted(recorded.keys() ^ ours.keys()):
            yield f"{where}.{name} only {'recorded' if name in recorded else 'here'}"
        for name in recorded.keys() & ours.keys():
            yield from differences(recorded[name], ours[name], f"{where}.{name}")
    elif isinstance(recorded, list) and recorded and not ours:
        yield f"{where}: empty here"
    elif isinstance(recorded, list) and recorded:
        models = recorded if len(recorded) == len(ours) else [recorded[0]] * len(ours)
        for number, (model, element) in enumerate(zip(models, ours, strict=True)):
            yield from differences(model, element, f"{where}[{number}]")


def ids(recorded: Json, ours: Json) -> dict[str, str]:
    """Their ids and tracking codes, and ours at the same places; rates go by their service."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        found = {}
        for name, value in recorded.items():
            if name in ("id", "tracking_code") and isinstance(value, str):
                found[value] = ours[name]
            elif name == "rates":
                found |= rate_ids(value, ours[name])
            else:
                found |= ids(value, ours.get(name))
        return found
    return {}


def rate_ids(recorded: list[Json], ours: list[Json]) -> dict[str, str]:
    by_service = {(rate["carrier"], rate["service"]): rate["id"] for rate in ours}
    return {rate["id"]: by_service[rate["carrier"], rate["service"]] for rate in recorded}
