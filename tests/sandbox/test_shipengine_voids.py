"""Voids at ShipEngine and ShipStation: approved or not, and what comes back."""

import pytest

from sandbox.faults import VOID_REASONS
from tests.sandbox.shipengine_world import STAMPS_COM, UPS, V1, V2, Account


@pytest.fixture(params=[V1, V2])
def account(sandbox, request):
    return Account(sandbox, request.param)


def test_a_void_is_approved_once_and_pays_back_when_the_refund_is_granted(account, sandbox):
    label = account.bought(carrier_ids=[STAMPS_COM])

    first, second = (account.void(label["label_id"]) for _ in range(2))

    assert first["approved"] is True
    assert (second["approved"], second["reason_code"]) == (False, "label_already_voided")
    assert account.label(label["label_id"])["status"] == "voided"
    assert (account.balance(), status_in(sandbox)) == (9993.84, "submitted")
    sandbox.post(f"/tracking/{label['tracking_number']}/refund", {"status": "refunded"})
    assert (account.balance(), status_in(sandbox)) == (10000.0, "refunded")


def test_a_rejected_refund_pays_nothing_back_though_the_label_is_void(account, sandbox):
    label = account.bought(carrier_ids=[STAMPS_COM])
    account.void(label["label_id"])

    sandbox.post(f"/tracking/{label['tracking_number']}/refund", {"status": "rejected"})

    assert account.label(label["label_id"])["voided"] is True
    assert (account.balance(), status_in(sandbox)) == (9993.84, "rejected")


def test_a_carrier_that_bills_later_never_bills_a_voided_label(account, sandbox):
    label = account.bought(carrier_ids=[UPS])

    account.void(label["label_id"])

    assert status_in(sandbox) == "refunded"
    assert account.balance() == 10000.0
    assert "refund_details" not in account.label(label["label_id"])


@pytest.mark.parametrize(("outcome", "told"), [("refunded", "approved"), ("rejected", "rejected")])
def test_only_the_older_one_tells_what_becomes_of_a_refund(sandbox, outcome, told):
    older, newer = Account(sandbox, V1), Account(sandbox, V2)
    labels = [account.bought(carrier_ids=[STAMPS_COM]) for account in (older, newer)]
    for account, label in zip((older, newer), labels, strict=True):
        account.void(label["label_id"])

    before = older.label(labels[0]["label_id"])["refund_details"]["refund_status"]
    for label in labels:
        sandbox.post(f"/tracking/{label['tracking_number']}/refund", {"status": outcome})

    after = older.label(labels[0]["label_id"])["refund_details"]["refund_status"]
    assert (before, after) == ("pending", told)
    assert "refund_details" not in newer.label(labels[1]["label_id"])


def test_a_void_is_turned_down_on_order_for_every_official_reason(account, sandbox):
    label = account.bought()
    for reason in VOID_REASONS:
        sandbox.misbehave(account.service, "PUT /labels/*/void", reason)

    refusals = [account.void(label["label_id"]) for _ in VOID_REASONS]

    assert [refusal["reason_code"] for refusal in refusals] == [*VOID_REASONS]
    assert not any(refusal["approved"] for refusal in refusals)
    assert account.label(label["label_id"])["status"] == "completed"
    assert account.void(label["label_id"])["approved"] is True


def status_in(sandbox):
    [label] = sandbox.books()["labels"]
    return label["status"]


def test_a_scanned_parcel_and_one_that_the_carrier_keeps_are_not_voided(account, sandbox):
    scanned, kept = account.bought(), account.bought()
    sandbox.post(f"/tracking/{scanned['tracking_number']}", {"status": "in_transit"})
    sandbox.post(f"/tracking/{kept['tracking_number']}/refund", {"status": "rejected"})

    refusals = [account.void(label["label_id"]) for label in (scanned, kept)]

    assert [refusal["approved"] for refusal in refusals] == [False, False]
    assert [refusal["reason_code"] for refusal in refusals] == [
        "label_already_used",
        "contact_carrier",
    ]
    assert {label["status"] for label in sandbox.books()["labels"]} == {"purchased"}
