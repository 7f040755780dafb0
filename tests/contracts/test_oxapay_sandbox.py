"""The sandbox's OxaPay against the documented callbacks and envelopes: same keys, same types."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.app import create_app
from sandbox.checkout import payments, shapes
from sandbox.checkout.ledger import Invoice, Transaction
from sandbox.settings import SandboxSettings

CONTRACTS = Path(__file__).parents[2].parent / "shared/contracts"
if not CONTRACTS.is_dir():
    pytest.skip("the samples of ../shared/contracts are not here", allow_module_level=True)

SAMPLES: dict[str, Any] = json.loads((CONTRACTS / "oxapay/webhook-samples.json").read_text())
VECTORS: dict[str, Any] = json.loads((CONTRACTS / "vectors.json").read_text())
KEY = {"merchant_api_key": "demo-oxapay-key"}


def asked(body: Any, key: dict[str, str] = KEY) -> TestResponse:
    client = create_app(SandboxSettings()).test_client()
    return client.post("/oxapay/v1/payment/invoice", json=body, headers=key)


def invoice(*, confirmed: bool) -> Invoice:
    wishes = {"order_id": "ORD-12345", "email": "customer@example.com", "description": "Test"}
    sent = Transaction("1", payments.Decimal("10.5"), "BTC", 1_738_494_035, confirmed=confirmed)
    made = Invoice("151811887", payments.Decimal("10.5"), wishes, 1, 2, "http://127.0.0.1/1")
    made.transactions["1"] = sent
    return made


def kinds(body: dict[str, Any]) -> dict[str, str]:
    """Every number is one kind: OxaPay sends whole ones without a point."""
    return {
        name: "number" if isinstance(value, int | float) else type(value).__name__
        for name, value in body.items()
    }


@pytest.mark.parametrize(("name", "confirmed"), [("paying", False), ("paid", True)])
def test_a_notice_has_the_documented_keys_and_types(name, confirmed):
    sample, ours = SAMPLES[name], shapes.notice(invoice(confirmed=confirmed))

    assert kinds(ours) == kinds(sample)
    assert kinds(ours["txs"][0]) | {"sender_address": "str"} == kinds(sample["txs"][0])
    assert ours["status"] == sample["status"]
    assert ours["txs"][0]["status"] == sample["txs"][0]["status"]


def test_a_transaction_has_the_recorded_shape_of_oxapays_own_sandbox():
    ours = shapes.notice(invoice(confirmed=True))

    assert kinds(ours["txs"][0]) == kinds(SAMPLES["sandbox_paid"]["txs"][0] | {"sent_value": 1})


def test_a_new_invoice_is_answered_in_the_documented_envelope():
    sample, answer = SAMPLES["create_invoice_response"], asked({"amount": 10})

    assert answer.status_code == sample["status"] == answer.json["status"]
    assert kinds(answer.json) == kinds(sample)
    assert kinds(answer.json["data"]) == kinds(sample["data"])


def test_a_refusal_has_the_documented_envelope():
    sample, answer = SAMPLES["error_response_shape"], asked({"amount": 10, "lifetime": "30"})

    assert answer.status_code == sample["status"] == answer.json["status"]
    assert kinds(answer.json) == kinds(sample)
    assert answer.json["error"]["key"] == sample["error"]["key"]
    assert answer.json["error"]["message"] == sample["error"]["message"]


def test_a_wrong_key_is_answered_as_documented():
    sample, answer = SAMPLES["error_401_example"], asked({"amount": 10}, {})

    assert answer.status_code == sample["status"]
    assert answer.json | {"error": None} == sample | {"error": None}
    assert answer.json["error"]["type"] == sample["error"]["type"]
    assert answer.json["error"]["key"] == sample["error"]["key"]


def test_notices_are_signed_as_the_known_answer_says():
    vector = VECTORS["oxapay_callback_hmac"]

    assert payments.signature(vector["secret"], vector["body"].encode()) == vector["expected"]
