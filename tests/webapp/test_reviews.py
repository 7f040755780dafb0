"""Operators end reviews and read what the nightly comparison found."""

import pytest

from core.money import Money
from models.audit import AuditEntry
from models.balance import CarrierBalance
from models.payment import Payment, PaymentState
from models.report import Finding, FindingKind, Report, ReportState
from providers.payments.base import InvoiceState, PaymentProviderDown
from services.reconciliation import Reconciliation
from tests.shop import BUYER
from webapp.admin.reports import MEANINGS
from webapp.operators import RoleName


@pytest.fixture
def payment(shop):
    """In review: something worth $12 arrived that the provider could not name."""
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(1_200))
    shop.topups.settle(payment.id)
    return payment


def page_of(payment):
    return f"/admin/payments/{payment.id}"


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.OWNER])
def test_who_may_move_money_credits_what_arrived_with_a_reason(log_in, shop, payment, role):
    desk = log_in(role)
    page = page_of(payment)

    desk.press(f"{page}/credit", on=page, reason="seen on the chain")

    told = desk.read(page)
    assert "The payment is paid, with $12.00 credited." in told
    assert f"by {role}@shop.example: seen on the chain" in told
    assert "Credited by operator" in told
    assert "Resolve this review" not in told
    assert shop.balance() == (1_200, 0)
    assert AuditEntry.objects.get().by == f"{role}@shop.example"


def test_who_may_move_money_rejects_with_a_reason(log_in, shop, payment):
    desk = log_in(RoleName.FINANCE)
    page = page_of(payment)

    desk.press(f"{page}/reject", on=page, reason="<b>a scam</b>")

    told = desk.read(page)
    assert "The payment is rejected, with $0.00 credited." in told
    assert "&lt;b&gt;a scam&lt;/b&gt;" in told
    assert Payment.objects.fetch(payment.id).status is PaymentState.REJECTED
    assert shop.balance() == (0, 0)


@pytest.mark.parametrize("verb", ["credit", "reject"])
def test_support_sees_a_review_and_resolves_none(log_in, shop, payment, verb):
    desk = log_in(RoleName.SUPPORT)
    page = page_of(payment)

    assert "Resolve this review" not in desk.read(page)
    assert desk.press(f"{page}/{verb}", on=page, reason="please").status_code == 403

    assert Payment.objects.fetch(payment.id).status is PaymentState.REVIEW
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("verb", ["credit", "reject"])
def test_without_a_reason_the_page_asks_for_one(owner, payment, verb):
    page = page_of(payment)

    owner.press(f"{page}/{verb}", on=page, reason=" ")

    assert "Say why: the reason stays with the payment." in owner.read(page)
    assert Payment.objects.fetch(payment.id).status is PaymentState.REVIEW


def test_what_can_not_be_credited_is_said(owner, shop, payment):
    page = page_of(payment)
    shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(0))
    owner.press(f"{page}/credit", on=page, reason="hope")
    assert "The provider has nothing that is not credited yet." in owner.read(page)

    shop.provider.troubles.append(PaymentProviderDown())
    owner.press(f"{page}/credit", on=page, reason="hope")
    assert "The provider does not answer now." in owner.read(page)

    owner.press(f"{page}/reject", on=page, reason="nothing came")
    owner.press(f"{page}/reject", on=page, reason="nothing came")
    assert "Somebody has resolved this already." in owner.read(page)
    assert AuditEntry.objects.count() == 1


def test_a_payment_in_parts_shows_every_entry_and_rule(owner, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    for state, cents in ((InvoiceState.UNDERPAID, 1_000), (InvoiceState.PAID, 2_500)):
        shop.provider.say(payment.provider_id, state, received=Money(cents))
        shop.topups.settle(payment.id)

    page = owner.read(page_of(payment))

    assert page.count("Ledger: top-up") == 2
    assert "Underpaid" in page
    assert "Paid in parts" in page
    assert owner.read(f"/admin/ledger/?q={payment.id}").count("<tr>") == 3


def test_the_nights_report_is_listed_opened_and_on_the_dashboard(owner, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)
    books = Reconciliation(providers=shop.topups.providers, jobs=shop.jobs, clock=shop.clock)

    report = books.compare("oxapay")

    assert f'href="/admin/reports/{report.id}"' in owner.read("/admin/reports/?status=findings")
    page = owner.read(f"/admin/reports/{report.id}")
    assert "Paid there, not credited here. We have asked again." in page
    assert f'href="/admin/payments/{payment.id}"' in page
    assert "$25.00" in page
    assert "A provider&#39;s books disagree with ours" in owner.read("/admin/")


def test_a_report_on_a_carriers_labels_names_order_and_costs(owner, shop):
    finding = Finding(
        kind=FindingKind.COST_DIFFERS,
        provider_id="shp_1",
        order_id="L-1",
        told="none",
        received=Money(1_000),
        credited=Money(990),
    )
    report = Report(
        provider="easypost:test",
        status=ReportState.FINDINGS,
        since=shop.clock.now(),
        created_at=shop.clock.now(),
        found=1,
        findings=(finding,),
    ).save()

    page = owner.read(f"/admin/reports/{report.id}")

    assert "The label cost us something else than we have written down." in page
    assert 'href="/admin/orders/L-1"' in page
    assert "$10.00" in page
    assert "$9.90" in page


def test_every_finding_has_words():
    assert {kind.value for kind in FindingKind} == set(MEANINGS)


def test_the_dashboard_shows_what_is_left_at_each_carrier(owner, shop):
    CarrierBalance(
        id="easypost:test", amount=Money(4_200), low=True, told_at=shop.clock.now()
    ).save()

    page = owner.read("/admin/")

    assert "At EasyPost, test" in page
    assert "$42.00" in page
    assert "nearly empty" in page


def test_a_report_without_findings_says_so(owner, shop):
    report = Report(
        provider="oxapay",
        status=ReportState.CLEAN,
        since=shop.clock.now(),
        created_at=shop.clock.now(),
    ).save()

    assert "Both books agree" in owner.read(f"/admin/reports/{report.id}")
    assert "No night has passed yet." not in owner.read("/admin/reports/?q=oxapay")
    assert owner.get("/admin/reports/none").status_code == 404
