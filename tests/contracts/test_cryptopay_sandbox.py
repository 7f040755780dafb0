"""The sandbox's Crypto Pay against its documented objects: names, types, errors, signature."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.app import create_app
from sandbox.checkout import cryptopay_payments
from sandbox.settings import SandboxSettings
from tests.sandbox.world import CRYPTOPAY_TOKEN

VECTORS = Path(__file__).parents[2].parent / "shared/contracts/vectors.json"
TOKEN = {"Crypto-Pay-API-Token": CRYPTOPAY_TOKEN}
BILL = {"currency_type": "fiat", "fiat": "USD", "amount": "12.50", "payload": "T-1"}
ALWAYS = {
    "invoice_id": int,
    "hash": str,
    "currency_type": str,
    "fiat": str,
    "amount": str,
    "accepted_assets": list,
    "bot_invoice_url": str,
    "mini_app_invoice_url": str,
    "web_app_invoice_url": str,
    "status": str,
    "created_at": str,
    "allow_comments": bool,
    "allow_anonymous": bool,
    "payload": str,
}
WHEN_PAID = {
    "paid_at": str,
    "paid_asset": str,
    "paid_amount": str,
    "paid_fiat_rate": str,
    "paid_usd_rate": str,
    "paid_anonymously": bool,
    "fee_asset": str,
    "fee_amount": float,
    "fee_in_usd": str,
}


@pytest.fixture
def client():
    return create_app(SandboxSettings()).test_client()


def asked(client, method: str, **wishes: Any):
    return client.post(f"/cryptopay/api/{method}", json=wishes, headers=TOKEN)


def kinds(invoice: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in invoice.items()}


def test_an_invoice_has_the_documented_fields_from_the_first_to_the_last(client):
    made = asked(client, "createInvoice", **BILL, expires_in=900, allow_comments=False)
    number = made.json["result"]["invoice_id"]
    client.post(f"/checkout/cryptopay/{number}/pay", json={"amount": "12.50", "coin": "TON"})

    [paid] = asked(client, "getInvoices", invoice_ids=str(number)).json["result"]["items"]

    assert (made.status_code, made.json["ok"]) == (200, True)
    assert kinds(made.json["result"]) == ALWAYS | {"expiration_date": str}
    assert kinds(paid) == ALWAYS | {"expiration_date": str} | WHEN_PAID
    assert (paid["status"], paid["paid_asset"], paid["paid_amount"]) == (
        "paid",
        "TON",
        "2.39923225",
    )
    assert (paid["amount"], paid["payload"], paid["allow_comments"]) == ("12.50", "T-1", False)


def test_without_a_lifetime_an_invoice_does_not_expire(client):
    made = asked(client, "createInvoice", **BILL).json["result"]

    assert kinds(made) == ALWAYS


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"expires_in": 0}, "EXPIRES_IN_INVALID"),
        ({"expires_in": 2_678_401}, "EXPIRES_IN_INVALID"),
        ({"expires_in": True}, "EXPIRES_IN_INVALID"),
        ({"expires_in": "soon"}, "EXPIRES_IN_INVALID"),
        ({"amount": None}, "PARAM_AMOUNT_REQUIRED"),
        ({"amount": "-1"}, "AMOUNT_INVALID"),
        ({"amount": "NaN"}, "AMOUNT_INVALID"),
        ({"currency_type": "crypto"}, "CURRENCY_TYPE_INVALID"),
        ({"fiat": "XXX"}, "FIAT_INVALID"),
        ({"payload": "x" * 4097}, "PAYLOAD_INVALID"),
        ({"description": "x" * 1025}, "DESCRIPTION_INVALID"),
    ],
)
def test_a_bill_that_makes_no_sense_is_refused_by_name(client, change, name):
    answer = asked(client, "createInvoice", **BILL | change)

    assert answer.status_code == 400
    assert answer.json == {"ok": False, "error": {"code": 400, "name": name}}
    assert client.get("/world/books").json["invoices"] == []


@pytest.mark.parametrize(
    ("method", "token", "status", "name"),
    [
        ("getMe", {}, 401, "UNAUTHORIZED"),
        ("createInvoice", {"Crypto-Pay-API-Token": "12345:wrong"}, 401, "UNAUTHORIZED"),
        ("getFortune", TOKEN, 405, "METHOD_NOT_FOUND"),
    ],
)
def test_a_wrong_token_and_a_wrong_method_are_told_apart(client, method, token, status, name):
    answer = client.get(f"/cryptopay/api/{method}", headers=token)

    assert answer.status_code == status
    assert answer.json == {"ok": False, "error": {"code": status, "name": name}}


def test_parameters_come_in_the_address_in_a_form_or_as_json(client):
    path = "/cryptopay/api/createInvoice"
    answers = [
        client.get(path, query_string=BILL | {"expires_in": "900"}, headers=TOKEN),
        client.post(path, data=BILL | {"expires_in": "900"}, headers=TOKEN),
        client.post(path, json=BILL | {"expires_in": 900}, headers=TOKEN),
    ]

    assert [answer.json["result"]["amount"] for answer in answers] == ["12.50"] * 3


def numbers(client, **wishes: Any) -> list[int]:
    answer = asked(client, "getInvoices", **wishes)
    return [one["invoice_id"] for one in answer.json["result"]["items"]]


def test_invoices_are_listed_newest_first_by_state_and_in_pages(client):
    made = [asked(client, "createInvoice", **BILL).json["result"]["invoice_id"] for _ in range(4)]
    client.post(f"/checkout/cryptopay/{made[1]}/pay", json={"amount": "12.50"})
    client.post(f"/checkout/cryptopay/{made[2]}/expire", json={})

    assert numbers(client) == made[::-1]
    assert numbers(client, status="paid") == [made[1]]
    assert numbers(client, status="active") == [made[3], made[0]]
    assert numbers(client, offset=1, count=2) == [made[2], made[1]]
    assert numbers(client, invoice_ids=f"{made[0]},{made[2]},1") == [made[2], made[0]]


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ({"status": "expired"}, "STATUS_INVALID"),
        ({"count": 1001}, "COUNT_INVALID"),
        ({"offset": "x"}, "OFFSET_INVALID"),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_refused(client, wish, name):
    answer = asked(client, "getInvoices", **wish)

    assert (answer.status_code, answer.json["error"]["name"]) == (400, name)


def test_an_unpaid_invoice_can_be_deleted_and_a_paid_one_stays(client):
    gone, paid = [asked(client, "createInvoice", **BILL).json["result"]["invoice_id"] for _ in "ab"]
    client.post(f"/checkout/cryptopay/{paid}/pay", json={})

    assert asked(client, "deleteInvoice", invoice_id=gone).json == {"ok": True, "result": True}
    for refused in (gone, paid):
        assert asked(client, "deleteInvoice", invoice_id=refused).status_code == 400
    assert numbers(client) == [paid]
    assert asked(client, "createInvoice", **BILL).json["result"]["invoice_id"] not in (gone, paid)


def test_what_was_paid_is_on_the_apps_balance(client):
    made = asked(client, "createInvoice", **BILL).json["result"]["invoice_id"]
    client.post(f"/checkout/cryptopay/{made}/pay", json={"amount": "12.50"})

    held = {one["currency_code"]: one for one in asked(client, "getBalance").json["result"]}
    rates = {one["source"]: one for one in asked(client, "getExchangeRates").json["result"]}

    assert set(held) == set(rates) == {"USDT", "BTC", "TRX", "TON"}
    assert held["USDT"] == {"currency_code": "USDT", "available": "12.50000000", "onhold": "0"}
    assert held["BTC"]["available"] == "0"
    assert (rates["TON"]["target"], rates["TON"]["rate"]) == ("USD", "5.21")


def test_who_the_app_is_can_be_asked(client):
    me = asked(client, "getMe").json["result"]

    assert kinds(me) == {"app_id": int, "name": str, "payment_processing_bot_username": str}


def test_updates_are_signed_as_the_known_answer_says():
    if not VECTORS.exists():
        pytest.skip("the vectors of ../shared/contracts are not here")
    vector = json.loads(VECTORS.read_text())["cryptopay_webhook_hmac"]

    made = cryptopay_payments.signature(vector["secret"], vector["body"].encode())

    assert made == vector["expected"]
