"""Crypto Pay's own list against ours, over real HTTP: what no update and no sweep told is found."""

import pytest

from core.clock import SystemClock
from core.jobs import Job
from core.money import Money
from models.report import FindingKind, ReportState
from services.reconciliation import Reconciliation
from tests.providers.recorded_cryptopay import connected
from tests.sandbox.world import CRYPTOPAY_TOKEN, billed
from tests.shop import BUYER, shop

__all__ = ["shop"]
AMOUNT = Money(2_500)


@pytest.fixture
def payment(shop, sandbox_url):
    shop.providers["cryptopay"] = connected(sandbox_url, CRYPTOPAY_TOKEN)
    return shop.topups.open(BUYER, AMOUNT, "cryptopay")


@pytest.fixture
def reconciliation(shop):
    return Reconciliation(providers=shop.providers, jobs=shop.jobs, clock=SystemClock())


def found(report):
    return [(finding.kind, finding.payment_id) for finding in report.findings]


def test_a_payment_that_nobody_told_us_of_is_found_settled_and_then_agrees(
    shop, sandbox, payment, reconciliation
):
    sandbox.pay(payment.url, "25.00")

    first = reconciliation.compare("cryptopay")
    before = shop.balance()
    asked = [subject for job, subject in shop.jobs.asked if job is Job.SETTLE_PAYMENT]
    for payment_id in asked:
        shop.topups.settle(payment_id)
    second = reconciliation.compare("cryptopay")

    assert found(first) == [(FindingKind.NOT_CREDITED_HERE, payment.id)]
    assert (before, asked) == ((0, 0), [payment.id])
    assert shop.balance() == (2_500, 0)
    assert (second.status, found(second)) == (ReportState.CLEAN, [])


def test_an_unpaid_invoice_is_no_finding(payment, reconciliation):
    report = reconciliation.compare("cryptopay")

    assert (report.status, report.listed, found(report)) == (ReportState.CLEAN, 1, [])


def test_a_paid_invoice_that_is_not_ours_is_an_operators(sandbox, payment, reconciliation, shop):
    stranger = billed(sandbox, payload="somebody-else")
    sandbox.pay(stranger["bot_invoice_url"], "12.50")

    report = reconciliation.compare("cryptopay")

    assert [(each.kind, each.provider_id) for each in report.findings] == [
        (FindingKind.UNKNOWN_HERE, str(stranger["invoice_id"]))
    ]
    assert shop.balance() == (0, 0)


def test_an_invoice_that_expired_there_expires_here_and_credits_nothing(shop, sandbox, payment):
    sandbox.post(f"/checkout/cryptopay/{payment.provider_id}/expire", {})

    settled = shop.topups.settle(payment.id)

    assert settled.status.value == "expired"
    assert shop.balance() == (0, 0)
