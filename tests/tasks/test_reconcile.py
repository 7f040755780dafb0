"""The nightly comparison as workers do it: a job asks for one job a provider."""

import pytest

from core.jobs import Job
from core.money import Money
from models.report import FindingKind, Report, ReportState
from tests.fakes import HeldJobs


@pytest.fixture
def run(celery_app, platform, monkeypatch):
    """Run a job here and now; what it asks for is only noted."""
    jobs = HeldJobs()
    monkeypatch.setattr(type(platform.topups.jobs), "ask", lambda _, *asked: jobs.ask(*asked))

    def run(job, *args):
        celery_app.tasks[job.value].apply(args=args, throw=True)
        return jobs.asked

    return run


def test_the_clock_asks_for_each_provider(run):
    assert run(Job.RECONCILE) == [(Job.RECONCILE, "oxapay")]
    assert Report.objects.count() == 0


def test_a_provider_is_compared_over_http_and_the_report_kept(run, platform, sandbox):
    platform.users.meet(7, first_name="Maria", username="", language="en")
    payment = platform.topups.open(7, Money(2_500))
    sandbox.misbehave("oxapay", "notice", "notice_lost")
    sandbox.pay(payment.url, "25")

    asked = run(Job.RECONCILE, "oxapay")

    report = Report.objects.get()
    assert (report.status, report.listed) == (ReportState.FINDINGS, 1)
    assert [one.kind for one in report.findings] == [FindingKind.NOT_CREDITED_HERE]
    assert asked == [(Job.SETTLE_PAYMENT, payment.id)]
    assert platform.ledger.balance(7).available == Money(0)


def test_a_provider_that_is_away_is_not_compared_and_that_is_kept(run, sandbox):
    sandbox.misbehave("oxapay", "GET /payment", "error_500")

    run(Job.RECONCILE, "oxapay")

    assert Report.objects.get().status is ReportState.FAILED
