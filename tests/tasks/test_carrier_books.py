"""Carriers' books and balances as workers read them: over HTTP, each service by its own job."""

import pytest

from core.jobs import Job
from core.money import Money
from models.balance import CarrierBalance
from models.report import Report, ReportState
from tests.fakes import HeldJobs


@pytest.fixture
def run(celery_app, platform, monkeypatch):
    """Run a job here and now; what it asks for is only noted."""
    jobs = HeldJobs()
    monkeypatch.setattr(type(platform.voids.jobs), "ask", lambda _, *asked: jobs.ask(*asked))

    def run(job, *args):
        celery_app.tasks[job.value].apply(args=args, throw=True)
        return jobs.asked

    return run


@pytest.mark.parametrize("job", [Job.RECONCILE_CARRIERS, Job.READ_CARRIER_BALANCES])
def test_the_clock_asks_for_each_service_that_has_a_key(run, job):
    asked = run(job)

    assert (job, "easypost:test") in asked
    assert {name for _, name in asked} <= {
        f"{name}:test" for name in ("easypost", "shipengine", "shipstation")
    }


def test_a_service_is_compared_over_http_and_the_report_kept(run):
    run(Job.RECONCILE_CARRIERS, "easypost:test")

    assert Report.objects.get().status is ReportState.CLEAN


def test_a_service_without_a_key_leaves_a_failed_report(run):
    run(Job.RECONCILE_CARRIERS, "easypost:production")

    assert Report.objects.get().status is ReportState.FAILED


def test_a_balance_is_read_over_http_and_kept(run):
    run(Job.READ_CARRIER_BALANCES, "easypost:test")

    balance = CarrierBalance.objects.get()
    assert (balance.id, balance.amount > Money(0)) == ("easypost:test", True)
