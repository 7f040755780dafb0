"""Crypto Pay's updates at the shop's door: believed in one thing only, that it is time to ask."""

import pytest

from core.jobs import Job
from core.money import Money
from models.ledger import LedgerEntry
from models.notice import Notice
from models.payment import Payment
from tests.providers.recorded_cryptopay import connected, invoice, signed, update
from tests.shop import BUYER

PATH = "/webhooks/cryptopay"


@pytest.fixture
def payment(shop, app) -> Payment:
    """Waiting for its money, at a provider that signs."""
    shop.second_provider()
    payment = shop.topups.open(BUYER, Money(2_500), "cryptopay")
    Payment.objects(pk=payment.id).update(set__provider_id="528890")
    shop.providers["cryptopay"] = connected()
    return Payment.objects.fetch(payment.id)


def post(desk, body: bytes, headers: dict[str, str]):
    return desk.client.post(PATH, data=body, headers=headers, content_type="application/json")


def test_a_signed_update_is_kept_and_a_worker_is_asked_but_nothing_is_credited(
    stranger, payment, shop
):
    body = update(payload=invoice(status="paid", amount="1000000", payload="somebody-else"))

    answer = post(stranger, body, signed(body))

    assert (answer.status_code, answer.text) == (200, "ok")
    assert [(kept.provider, kept.provider_id, kept.body) for kept in Notice.objects] == [
        ("cryptopay", "528890", body)
    ]
    assert shop.jobs.asked == [(Job.READ_NOTICES, "")]
    assert LedgerEntry.objects.count() == 0


def test_two_payments_under_one_update_number_are_both_looked_at(stranger, payment, shop):
    bodies = [update(payload=invoice(number, "paid")) for number in (528890, 528891)]
    other = shop.topups.open(BUYER, Money(3_000), "oxapay")
    Payment.objects(pk=other.id).update(set__provider="cryptopay", set__provider_id="528891")

    for body in bodies:
        post(stranger, body, signed(body))

    assert [kept.provider_id for kept in Notice.objects.order_by("provider_id")] == [
        "528890",
        "528891",
    ]
    shop.jobs.asked.clear()
    shop.topups.read_notices()
    assert shop.jobs.asked == [
        (Job.SETTLE_PAYMENT, payment.id),
        (Job.SETTLE_PAYMENT, other.id),
    ]


@pytest.mark.parametrize("headers", [{}, {"crypto-pay-api-signature": "0" * 64}])
def test_a_forged_update_credits_nobody(stranger, payment, shop, headers):
    answer = post(stranger, update(), headers)

    assert (answer.status_code, answer.text) == (403, "forged_notice\n")
    assert (Notice.objects.count(), shop.jobs.asked) == (0, [])


def test_an_update_signed_as_the_other_provider_signs_is_forged(stranger, payment, shop):
    body = update()

    answer = post(stranger, body, {"HMAC": signed(body)["crypto-pay-api-signature"]})

    assert answer.status_code == 403
    assert Notice.objects.count() == 0


def test_an_update_of_another_kind_is_refused(stranger, payment):
    body = update(update_type="check_activated")

    answer = post(stranger, body, signed(body))

    assert (answer.status_code, answer.text) == (400, "unreadable_notice\n")
    assert Notice.objects.count() == 0
