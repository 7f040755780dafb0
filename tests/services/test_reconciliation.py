"""The nightly comparison: whatever two books can disagree about is found, once more settled."""

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import Job
from core.money import Money
from models.payment import Payment, PaymentState
from models.report import FindingKind, Report, ReportState
from providers.payments import oxapay
from providers.payments.base import InvoiceReport, InvoiceState, PaymentProviderDown
from services.reconciliation import Reconciliation
from services.reviews import Reviews
from tests.shop import BUYER, TestShop

AMOUNT = Money(2_500)
CENTS_25 = "25.00"


def books_of(shop):
    return Reconciliation(providers=shop.topups.providers, jobs=shop.jobs, clock=shop.clock)


@pytest.fixture
def compare(shop):
    """What tonight's comparison finds."""

    def compare():
        report = books_of(shop).compare("oxapay")
        return report, [(one.kind, one.payment_id) for one in report.findings]

    return compare


@pytest.fixture
def payment(shop):
    return shop.topups.open(BUYER, AMOUNT)


@pytest.fixture
def paid(shop, payment):
    shop.pay(payment)
    shop.topups.settle(payment.id)
    shop.work()
    return payment


def forget(shop):
    """Every notice is lost for ever, and our sweep is off."""
    Payment.objects.update(unset__next_at=True)
    shop.jobs.asked.clear()


def test_books_that_agree_make_a_clean_report(shop, paid, compare):
    shop.topups.open(8, Money(900))

    report, findings = compare()

    assert (report.status, findings) == (ReportState.CLEAN, [])
    assert (report.listed, report.compared, report.found) == (2, 2, 0)
    assert report.since == shop.clock.now() - timedelta(days=14)
    assert Report.objects.get().provider == "oxapay"


def test_paid_there_and_not_credited_here_is_found_and_settled(shop, payment, compare):
    shop.pay(payment)
    forget(shop)

    report, findings = compare()

    assert findings == [(FindingKind.NOT_CREDITED_HERE, payment.id)]
    assert report.status is ReportState.FINDINGS
    assert report.findings[0].received == AMOUNT
    assert report.findings[0].credited == Money(0)
    assert shop.jobs.asked == [(Job.SETTLE_PAYMENT, payment.id)]
    shop.work()
    assert shop.balance() == (2_500, 0)
    assert compare()[1] == []


def test_more_that_came_on_a_paid_one_is_found_and_credited(shop, paid, compare):
    shop.provider.say(paid.provider_id, InvoiceState.PAID, received=Money(3_000))

    assert compare()[1] == [(FindingKind.NOT_CREDITED_HERE, paid.id)]

    shop.jobs.asked.clear()
    shop.sweep()
    assert shop.balance() == (3_000, 0)


def test_a_decision_that_nobody_booked_is_found(shop, paid, compare):
    Payment.objects(pk=paid.id).update_one(set__booked=0)

    assert compare()[1] == [(FindingKind.NOT_CREDITED_HERE, paid.id)]

    shop.work()
    assert Payment.objects.fetch(paid.id).booked == 1
    assert shop.balance() == (2_500, 0)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ((InvoiceState.WAITING, 0), FindingKind.NOT_PAID_THERE),
        ((InvoiceState.EXPIRED, 0), FindingKind.NOT_PAID_THERE),
        ((InvoiceState.UNDERPAID, 1_000), FindingKind.NOT_PAID_THERE),
        ((InvoiceState.UNCLEAR, 0), FindingKind.NOT_PAID_THERE),
        ((InvoiceState.REFUNDED, 2_500), FindingKind.REFUNDED_THERE),
    ],
)
def test_credited_here_and_not_paid_there_is_an_operators(shop, paid, compare, told, kind):
    state, received = told
    shop.provider.say(paid.provider_id, state, received=Money(received))

    assert compare()[1] == [(kind, paid.id)]
    assert shop.jobs.asked == []
    assert shop.balance() == (2_500, 0)


@pytest.mark.parametrize("lie", [{"amount": Money(9_900)}, {"payment_id": "T-other"}])
def test_an_invoice_that_is_not_the_one_we_made_is_found(shop, paid, compare, lie):
    shop.provider.say(paid.provider_id, InvoiceState.PAID, received=AMOUNT, **lie)

    assert compare()[1] == [(FindingKind.DIFFERENT, paid.id)]
    assert shop.jobs.asked == []


def test_money_on_an_invoice_that_we_do_not_know_is_found(shop, compare):
    shop.provider.made["stray"] = InvoiceReport(
        "stray", InvoiceState.PAID, "paid", AMOUNT, "T-nobody", AMOUNT
    )
    shop.provider.made["idle"] = InvoiceReport(
        "idle", InvoiceState.EXPIRED, "expired", AMOUNT, "T-nobody", Money(0)
    )

    report, findings = compare()

    assert findings == [(FindingKind.UNKNOWN_HERE, "T-nobody")]
    assert report.findings[0].provider_id == "stray"
    assert report.findings[0].credited is None
    assert shop.jobs.asked == []


def test_what_their_list_lacks_is_asked_for_by_itself(shop, paid, compare, monkeypatch):
    monkeypatch.setattr(type(shop.provider), "recent", lambda *_: [])
    assert compare()[1] == []

    shop.provider.say(paid.provider_id, InvoiceState.REFUNDED, received=AMOUNT)
    assert compare()[1] == [(FindingKind.REFUNDED_THERE, paid.id)]

    shop.provider.troubles.append(PaymentProviderDown())
    assert compare()[1] == [(FindingKind.UNKNOWN_THERE, paid.id)]


def test_what_an_operator_credited_agrees_and_what_he_rejected_stays_rejected(shop, compare):
    credited, rejected = (shop.topups.open(BUYER, Money(cents)) for cents in (2_500, 3_000))
    for payment in (credited, rejected):
        shop.provider.say(payment.provider_id, InvoiceState.UNCLEAR, received=Money(1_200))
        shop.topups.settle(payment.id)
    reviews = Reviews(settling=shop.topups.settling, audits=shop.audits)
    reviews.credit_what_arrived(credited.id, by="ann", reason="seen")
    reviews.reject(rejected.id, by="ann", reason="a scam")
    shop.work()
    assert compare()[1] == []

    shop.pay(rejected)

    assert compare()[1] == [(FindingKind.NOT_CREDITED_HERE, rejected.id)]
    assert shop.jobs.asked == []
    assert Payment.objects.fetch(rejected.id).status is PaymentState.REJECTED


def test_a_provider_that_does_not_answer_leaves_a_report_that_says_so(shop, paid, compare):
    def away(*_):
        raise PaymentProviderDown(provider="oxapay")

    shop.provider.recent = away

    report, findings = compare()

    assert (report.status, findings) == (ReportState.FAILED, [])


def test_each_provider_is_compared_by_a_job_of_its_own(shop):
    books_of(shop).ask()

    assert shop.jobs.asked == [(Job.RECONCILE, "oxapay")]


def test_a_payment_that_the_sandbox_took_and_nobody_told_us_of_is_found(
    mongo_url, settings, sandbox, shop
):
    """Over real HTTP: the notice is lost for ever and our sweep is switched off."""
    shop = TestShop(provider=oxapay.connect(settings))
    shop.clock.moment = datetime.now(UTC)
    whole, part, late, unpaid = (shop.topups.open(user_id, AMOUNT) for user_id in (BUYER, 8, 9, 10))
    sandbox.misbehave("oxapay", "notice", "notice_lost", times=9)
    sandbox.pay(whole.url, CENTS_25)
    sandbox.pay(part.url, "10")
    sandbox.post(f"/checkout/oxapay/{late.provider_id}/expire", {})
    sandbox.pay(late.url, CENTS_25)
    forget(shop)

    report = books_of(shop).compare("oxapay")

    assert {one.payment_id for one in report.findings} == {whole.id, part.id, late.id}
    assert {one.kind for one in report.findings} == {FindingKind.NOT_CREDITED_HERE}
    shop.work()
    assert [shop.balance(user_id)[0] for user_id in (BUYER, 8, 9, 10)] == [2_500, 1_000, 2_500, 0]
    assert Payment.objects.fetch(unpaid.id).status is PaymentState.PENDING
    assert sorted(shop.told()) == ["topup_credited", "topup_late", "topup_underpaid"]
    assert books_of(shop).compare("oxapay").status is ReportState.CLEAN
    assert shop.verification.verify().findings == []
